import { describe, expect, test } from "vitest";
import { createAzureTime } from "../../shared/azure-time.ts";
import { expectedDuration, paceOf, usualArmMs } from "./expected-duration.ts";
import { CREATED_AT_MS, newProvision } from "./provision.fixture.ts";

const none = { add: async () => undefined, range: async () => undefined };
const some = {
  add: async () => undefined,
  range: async () => ({ lowMs: 240_000, medianMs: 300_000, highMs: 480_000, slowMs: 600_000, samples: 9 }),
};

describe("what a provision usually takes", () => {
  test.each([
    ["without history: Azure's own words", none, 1, { lowSeconds: 300, highSeconds: 600, samples: 0 }],
    ["without history, ten times as fast", none, 10, { lowSeconds: 30, highSeconds: 60, samples: 0 }],
    ["as it went here lately", some, 1, { lowSeconds: 240, highSeconds: 480, samples: 9 }],
    ["never less than a second", some, 100_000, { lowSeconds: 1, highSeconds: 1, samples: 9 }],
    ["by hand: nobody can tell", some, 0, undefined],
  ])("%s", async (_title, history, speed, expected) => {
    expect(await expectedDuration({ history, azureTime: createAzureTime(speed) })).toEqual(expected);
  });

  test("fills the bar by the history once there is one", () => {
    const azureTime = createAzureTime(1);
    expect(usualArmMs(newProvision({ expected: { lowSeconds: 300, highSeconds: 600, samples: 0 } }), azureTime)).toBe(
      420_000,
    );
    expect(usualArmMs(newProvision({ expected: { lowSeconds: 200, highSeconds: 400, samples: 9 } }), azureTime)).toBe(
      300_000,
    );
    expect(usualArmMs(newProvision(), createAzureTime(0))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("pace", () => {
  const expected = { lowSeconds: 300, highSeconds: 600, samples: 0 };
  const at = (seconds: number): string => new Date(CREATED_AT_MS + seconds * 1000).toISOString();

  test.each([
    [0, 0, "ON_TRACK"],
    [720, 700, "ON_TRACK"],
    [721, 700, "SLOW"],
    [1800, 1700, "SLOW"],
    // However long it takes: what changes is not stuck.
    [3600, 3590, "SLOW"],
    // No change for longer than a whole create usually takes.
    [901, 0, "STUCK"],
    [900, 0, "SLOW"],
  ])("after %d s, with the last change at %d s: %s", (seconds, changedSeconds, pace) => {
    const observedAt = at(seconds);
    const provision = newProvision({ status: "RUNNING", expected, observedAt, changedAt: at(changedSeconds) });
    expect(paceOf(provision)).toBe(pace);
  });

  test.each([
    [400, "ON_TRACK"],
    [5000, "SLOW"],
  ])("of one that has ended after %d s is %s for good, never stuck", (seconds, pace) => {
    const ended = newProvision({ status: "SUCCEEDED", expected, changedAt: at(seconds), finishedAt: at(seconds) });
    expect(paceOf({ ...ended, observedAt: at(86_400) })).toBe(pace);
  });

  test("is unknown while nobody can tell what is usual", () => {
    expect(paceOf(newProvision())).toBe("UNKNOWN");
  });
});
