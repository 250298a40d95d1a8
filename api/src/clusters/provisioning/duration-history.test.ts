import { describe, expect, test } from "vitest";
import { createSqliteEntityStore } from "../../storage/sqlite-entity-store.ts";
import { createDurationHistory, KEPT_SAMPLES, rangeOf, type DurationSample } from "./duration-history.ts";

const MINUTE_MS = 60_000;

function sample(id: string, atMs: number, changes: Partial<DurationSample> = {}): DurationSample {
  return { id, atMs, durationMs: 5 * MINUTE_MS, outcome: "SUCCEEDED", label: id, parts: {}, ...changes };
}

const lasting = (...minutes: readonly number[]): DurationSample[] =>
  minutes.map((one, index) => sample(String(index), index, { durationMs: one * MINUTE_MS }));

describe("the range of durations", () => {
  const twenty = Array.from({ length: 20 }, (_one, index) => index + 1);

  test.each([
    ["of none", [], undefined],
    ["of four: too few", [5, 6, 7, 8], undefined],
    ["of five: slow is a quarter more than the slowest", [8, 5, 7, 6, 9], [5, 7, 9, 11.25]],
    ["of five alike", [6, 6, 6, 6, 6], [6, 6, 6, 7.5]],
    ["of nineteen: still too few for a percentile", twenty.slice(0, 19), [3, 10, 17, 23.75]],
    ["of twenty: slow is the 95th percentile", twenty, [3, 11, 18, 19]],
    ["of an outlier among many: it moves neither end", [...twenty.slice(0, 19), 600], [3, 11, 18, 19]],
  ])("%s", (_title, minutes, range) => {
    const found = rangeOf(lasting(...minutes));
    expect(found && [found.lowMs, found.medianMs, found.highMs, found.slowMs].map((ms) => ms / MINUTE_MS)).toEqual(
      range,
    );
    expect(found?.samples).toBe(range && minutes.length);
  });
});

describe("the history", () => {
  const create = () => createDurationHistory(createSqliteEntityStore({}));

  test("counts a repeated sample once", async () => {
    const history = create();
    for (let times = 0; times < 6; times++) await history.add("start", "one", 1, MINUTE_MS);
    expect(await history.range("start")).toBeUndefined();
    for (const id of ["two", "three", "four", "five"]) await history.add("start", id, 1, MINUTE_MS);
    expect(await history.range("start")).toMatchObject({ samples: 5, lowMs: MINUTE_MS });
  });

  test("keeps kinds apart, also one whose name begins with another's", async () => {
    const history = create();
    await history.record("provision", sample("one", 1), true);
    await history.record("provision:westeurope", sample("two", 1), true);
    expect((await history.counted("provision")).map(({ id }) => id)).toEqual(["one"]);
  });

  test("is newest first and bounded, whatever the order of arrival", async () => {
    const history = create();
    for (let index = 0; index < KEPT_SAMPLES + 10; index++) {
      const atMs = index % 2 === 0 ? index : 1_000 - index;
      await history.record("provision", sample(`p${atMs}`, atMs), true);
    }
    const kept = await history.counted("provision");
    const times = kept.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times).toHaveLength(KEPT_SAMPLES);
    expect(times[0]).toBe(999);
  });

  test("what does not count is shown, and never crowds out what does", async () => {
    const history = create();
    for (const index of [1, 2, 3, 4, 5]) await history.record("provision", sample(`good${index}`, index), true);
    for (let index = 10; index < 10 + 3 * KEPT_SAMPLES; index++)
      await history.record("provision", sample(`bad${index}`, index, { outcome: "FAILED", durationMs: 1 }), false);
    expect(await history.range("provision")).toMatchObject({ samples: 5, lowMs: 5 * MINUTE_MS });
    const newest = await history.newest("provision", 3);
    expect(newest.map(({ outcome }) => outcome)).toEqual(["FAILED", "FAILED", "FAILED"]);
  });

  test("a verdict that was amended replaces the first one", async () => {
    const history = create();
    await history.record("provision", sample("one", 1), true);
    await history.record("provision", sample("one", 1, { outcome: "FAILED" }), false);
    expect(await history.counted("provision")).toEqual([]);
    expect(await history.newest("provision", 10)).toEqual([sample("one", 1, { outcome: "FAILED" })]);
  });
});
