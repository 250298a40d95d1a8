import { describe, expect, test } from "vitest";
import { percentAt, shareOfStep } from "./provision-percent.ts";
import { PROVISION_STEPS, stepOf, TOTAL_STEPS } from "./provision-steps.ts";

const SHARES = Array.from({ length: 201 }, (_one, index) => index / 200);

describe("percentAt", () => {
  test("never falls along the steps and within them", () => {
    const all = PROVISION_STEPS.flatMap(({ phase }) => SHARES.map((share) => percentAt(phase, share)));
    expect(all).toEqual(all.toSorted((a, b) => a - b));
  });

  test("stays before the next step's beginning, however long the step takes", () => {
    PROVISION_STEPS.slice(0, -1).forEach(({ phase }, index) => {
      const next = PROVISION_STEPS[index + 1];
      for (const share of [1, 2, 1000]) {
        expect(percentAt(phase, share)).toBeLessThanOrEqual(percentAt(next?.phase ?? "COMPLETED", 0));
        expect(percentAt(phase, share)).toBe(percentAt(phase, 1));
      }
    });
  });

  test("has one decimal, begins at 0 and is 100 in the last step alone", () => {
    const all = PROVISION_STEPS.flatMap(({ phase }) =>
      SHARES.map((share) => ({ phase, percent: percentAt(phase, share) })),
    );
    for (const { phase, percent } of all) {
      expect(percent).toBeCloseTo(Math.round(percent * 10) / 10, 10);
      expect(percent === 100).toBe(phase === "COMPLETED");
    }
    expect(percentAt("CREATING_CLUSTER", 0)).toBe(0);
    expect(percentAt("CREATING_CLUSTER", -1)).toBe(0);
  });

  test("gives the step at Azure most of the bar", () => {
    expect(percentAt("ENSURING_RBAC", 0) - percentAt("ARM_CREATE_OR_UPDATE", 0)).toBeGreaterThan(80);
  });
});

describe("shareOfStep", () => {
  test("rises with the time, straight up to the usual time, and never reaches the end", () => {
    const shares = SHARES.map((part) => shareOfStep(part * 10 * 420_000, 420_000));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shareOfStep(210_000, 420_000)).toBeCloseTo(0.45);
    expect(shareOfStep(420_000, 420_000)).toBeCloseTo(0.9);
    expect(shareOfStep(4_200_000, 420_000)).toBeLessThan(1);
    expect(shareOfStep(-5, 420_000)).toBe(0);
  });
});

test("steps are numbered in order, with the labels people see", () => {
  expect(PROVISION_STEPS.map(({ phase }) => stepOf(phase).number)).toEqual([1, 2, 3, 4, 5]);
  expect(TOTAL_STEPS).toBe(5);
  expect(stepOf("ARM_CREATE_OR_UPDATE").label).toBe("Creating AKS cluster (5–10 min)");
});
