import { describe, expect, test } from "vitest";
import { createAzureTime } from "../../shared/azure-time.ts";
import { armShare, estimatedFinish, expectedSeconds, paceHint, paceOf } from "./pace.ts";
import { CREATED_AT_MS, newProvision } from "./provision.fixture.ts";
import type { Provision, ProvisionTimes, UsualDuration } from "./provision.ts";

const MINUTE_MS = 60_000;
const AZURE: UsualDuration = {
  basis: "AZURE",
  samples: 0,
  lowMs: 5 * MINUTE_MS,
  highMs: 10 * MINUTE_MS,
  slowMs: 12 * MINUTE_MS,
  stepMs: { ARM_CREATE_OR_UPDATE: 7 * MINUTE_MS },
};
const OWN: UsualDuration = { ...AZURE, basis: "LOCATION", samples: 12, lowMs: 6 * MINUTE_MS, highMs: 8 * MINUTE_MS };

/** Under way for `minutes` of Azure's, unchanged since `changedMinutes`, at an Azure that is `scale` times as fast as ours. */
function running(
  minutes: number,
  changedMinutes: number,
  { usual = AZURE, scale = 1, ...changes }: Partial<Provision> & { readonly scale?: number } = {},
): Provision {
  const at = (one: number): string => new Date(CREATED_AT_MS + (one * MINUTE_MS) / (scale || 1)).toISOString();
  const times: ProvisionTimes = {
    elapsedMs: minutes * MINUTE_MS,
    changedMs: changedMinutes * MINUTE_MS,
    scale,
    steps: [{ phase: "ARM_CREATE_OR_UPDATE", startedAt: at(1), elapsedMs: MINUTE_MS }],
  };
  const observed = { observedAt: at(minutes), changedAt: at(changedMinutes) };
  return newProvision({ status: "RUNNING", usual, times, ...observed, ...changes });
}

describe("pace", () => {
  test.each([
    [0, 0, AZURE, "ON_TRACK"],
    [12, 12, AZURE, "ON_TRACK"],
    [12.1, 12, AZURE, "SLOW"],
    // Half an hour in which little changes is how a slow create looks.
    [30, 12, AZURE, "SLOW"],
    [60, 59, AZURE, "SLOW"],
    [20, 0, AZURE, "SLOW"],
    [20.1, 0, AZURE, "STUCK"],
    [90, 69, AZURE, "STUCK"],
    // Where creates take long anyway, stuck is twice as long.
    [29, 0, { ...OWN, highMs: 15 * MINUTE_MS, slowMs: 18 * MINUTE_MS }, "SLOW"],
    [30.1, 0, { ...OWN, highMs: 15 * MINUTE_MS, slowMs: 18 * MINUTE_MS }, "STUCK"],
    // No change for long, but no longer than others take.
    [40, 0, { ...OWN, highMs: 18 * MINUTE_MS, slowMs: 45 * MINUTE_MS }, "ON_TRACK"],
  ] as const)("after %d min, with the last change at %d min", (minutes, changed, usual, pace) => {
    expect(paceOf(running(minutes, changed, { usual }))).toBe(pace);
    expect(paceOf(running(minutes, changed, { usual, scale: 100 })), "at any speed").toBe(pace);
    expect(paceOf(running(minutes, changed, { usual, scale: 0 })), "also by hand").toBe(pace);
  });

  test("of what has ended is never stuck", () => {
    const finishedAt = new Date(CREATED_AT_MS).toISOString();
    expect(paceOf(running(60, 0, { status: "FAILED", finishedAt }))).toBe("SLOW");
    expect(paceOf(running(6, 0, { status: "SUCCEEDED", finishedAt }))).toBe("ON_TRACK");
  });

  test("is unknown before the first look", () => {
    expect(paceOf(newProvision())).toBe("UNKNOWN");
  });
});

describe("the hint", () => {
  const slow = { slowMs: 10 * MINUTE_MS };
  test.each([
    [running(6, 5), undefined],
    [
      running(14, 3),
      "Slower than Azure's own estimate for a create. Nothing is known to be wrong: wait on, or look at it in the Azure portal.",
    ],
    [
      running(14, 13, { usual: { ...OWN, ...slow } }),
      "Slower than all of the last 12 creates in westeurope. Nothing is known to be wrong: wait on, or look at it in the Azure portal.",
    ],
    [
      running(24, 2, { usual: { ...OWN, ...slow, basis: "SIZE", samples: 24 } }),
      "No change for 22 min, and slower than 95 % of creates like it in westeurope: open the cluster in the Azure portal to see why, or cancel.",
    ],
    [
      running(24, 2, { usual: { ...OWN, ...slow, basis: "EVERYWHERE", samples: 24 }, scale: 60 }),
      "No change for 22 s, and slower than 95 % of creates here: open the cluster in the Azure portal to see why, or cancel.",
    ],
    [running(14, 3, { status: "FAILED" }), undefined],
  ])("%#", (provision, hint) => {
    expect(paceHint(provision)).toBe(hint);
  });
});

describe("what to expect", () => {
  test.each([
    [1, { lowSeconds: 360, highSeconds: 480 }],
    [10, { lowSeconds: 36, highSeconds: 48 }],
    [100_000, { lowSeconds: 1, highSeconds: 1 }],
    [0, undefined],
  ])("at speed %d", (scale, seconds) => {
    expect(expectedSeconds(running(1, 1, { usual: OWN, scale }))).toEqual(seconds);
  });

  test("the estimated finish stands still while time passes, also when it has passed", () => {
    const estimates = [1, 3, 6, 20].map((minutes) => estimatedFinish(running(minutes, 1, { usual: OWN, scale: 10 })));
    expect(new Set(estimates.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(estimates[0]).toEqual({ earliest: "2026-01-01T00:00:36.000Z", latest: "2026-01-01T00:00:48.000Z" });
  });

  test.each([
    ["by hand", { scale: 0 }],
    ["canceling", { status: "CANCELING" }],
    ["ended", { status: "SUCCEEDED" }],
  ] as const)("there is none for one that is %s", (_title, changes) => {
    expect(estimatedFinish(running(3, 1, changes))).toBeUndefined();
  });
});

describe("share of the step at Azure", () => {
  test("grows with Azure's time since the step began, against what the step usually takes here", () => {
    const azureTime = createAzureTime(10);
    const shareAfter = (minutes: number): number =>
      armShare(running(2, 2, { scale: 10 }), CREATED_AT_MS + minutes * 6_000, azureTime);
    expect(shareAfter(2)).toBeCloseTo(0.9 / 7);
    expect(shareAfter(8)).toBeCloseTo(0.9);
    expect(shareAfter(80)).toBeLessThan(1);
  });

  test("is nothing before the step", () => {
    expect(armShare(newProvision(), CREATED_AT_MS, createAzureTime(1))).toBe(0);
  });
});
