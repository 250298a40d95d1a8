import { describe, expect, test } from "vitest";
import { lastSequence, mergeProgress, mergeSummaries, mergeTimeline } from "./provision-state.ts";
import { entryFixture, poolFixture, progressFixture, provisionFixture } from "./provision.fixture.ts";

describe("mergeProgress", () => {
  test("takes the first state whatever it is", () => {
    const first = progressFixture({ sequence: 7 });
    expect(mergeProgress(undefined, first)).toBe(first);
  });

  test.each([
    ["a duplicate", 40],
    ["one that was overtaken", 12],
  ])("drops %s", (_, sequence) => {
    const current = progressFixture({ sequence: 40 });
    expect(mergeProgress(current, progressFixture({ sequence, percent: 99 }))).toBe(current);
  });

  test("the bar never falls within one attempt", () => {
    const merged = mergeProgress(
      progressFixture({ sequence: 40, percent: 60 }),
      progressFixture({ sequence: 41, percent: 55 }),
    );
    expect(merged).toMatchObject({ sequence: 41, percent: 60 });
  });

  test("a new attempt starts its bar again", () => {
    const merged = mergeProgress(
      progressFixture({ sequence: 40, percent: 60 }),
      progressFixture({ sequence: 41, percent: 2, startedAt: "2026-11-22T11:00:00Z" }),
    );
    expect(merged.percent).toBe(2);
  });

  test("pools and portal link stay once seen", () => {
    const current = progressFixture({ sequence: 40, nodePools: [poolFixture()] });
    const merged = mergeProgress(current, progressFixture({ sequence: 41, nodePools: [], portalUrl: null }));
    expect(merged.nodePools).toEqual(current.nodePools);
    expect(merged.portalUrl).toBe(current.portalUrl);
  });
});

describe("mergeTimeline", () => {
  const entries = [entryFixture(1), entryFixture(2)];

  test("keeps each entry once and in order, in whatever order it comes", () => {
    const merged = [entryFixture(5), entryFixture(3), entryFixture(2), entryFixture(4), entryFixture(3)].reduce(
      (list, entry) => mergeTimeline(list, [entry]),
      mergeTimeline([], entries),
    );
    expect(merged.map((entry) => entry.sequence)).toEqual([1, 2, 3, 4, 5]);
  });

  test("a replay after a reconnect changes nothing at all", () => {
    expect(mergeTimeline(entries, [entryFixture(2), entryFixture(1)])).toBe(entries);
  });

  test("knows where to go on", () => {
    expect(lastSequence(entries)).toBe(2);
    expect(lastSequence([])).toBe(0);
  });
});

describe("mergeSummaries", () => {
  const older = provisionFixture({ id: "a", createdAt: "2026-11-22T10:00:00Z" });
  const newer = provisionFixture({ id: "b", createdAt: "2026-11-22T11:00:00Z" });

  test("puts a new provision on top", () => {
    expect(mergeSummaries([older], [newer]).map((summary) => summary.id)).toEqual(["b", "a"]);
  });

  test("an old list that arrives late does not turn a finished provision back", () => {
    const done = {
      ...older,
      status: "SUCCEEDED" as const,
      progress: progressFixture({ sequence: 50, status: "SUCCEEDED" }),
    };
    const late = { ...older, progress: progressFixture({ sequence: 30 }) };
    expect(mergeSummaries([done], [late])[0]?.status).toBe("SUCCEEDED");
  });
});
