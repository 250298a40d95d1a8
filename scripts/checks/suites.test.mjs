import { describe, expect, test } from "vitest";
import { countPlaywright, countVitest } from "./suites.mjs";

const vitestReport = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1, testResults: [] };

describe("the sum of a run", () => {
  test("holds every test of a vitest report once", () => {
    expect(countVitest(vitestReport)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  test("counts a vitest file that could not be loaded as a failure", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
      { status: "passed", assertionResults: [{ status: "passed" }] },
    ];
    expect(countVitest({ ...vitestReport, testResults }).failed).toBe(2);
  });

  test("counts a browser test that passed at the second try as passed, and errors outside tests as failures", () => {
    const stats = { expected: 4, flaky: 1, unexpected: 2, skipped: 1 };
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3, skipped: 1 });
  });
});
