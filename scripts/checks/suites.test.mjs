import { describe, expect, test } from "vitest";
import { countPlaywright, countVitest } from "./suites.mjs";

const vitestReport = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1, testResults: [] };

describe("the sum of a run", () => {
  test("holds every test of a vitest report once", () => {
    expect(countVitest(vitestReport)).toEqual({ passed: 3, failed: 1, skipped: 2, flaky: [] });
  });

  test("counts a vitest file that could not be loaded as a failure", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
      { status: "passed", assertionResults: [{ status: "passed", failureMessages: [] }] },
    ];
    expect(countVitest({ ...vitestReport, testResults }).failed).toBe(2);
  });

  test("counts a browser test that passed at the second try as passed, and errors outside tests as failures", () => {
    const stats = { expected: 4, flaky: 1, unexpected: 2, skipped: 1 };
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3, skipped: 1, flaky: [] });
  });

  test("names what passed only when tried again", () => {
    const assertionResults = [
      { status: "passed", fullName: "sure", failureMessages: [] },
      { status: "passed", fullName: "shaky", failureMessages: ["once"] },
      { status: "failed", fullName: "broken", failureMessages: ["twice"] },
    ];
    expect(countVitest({ ...vitestReport, testResults: [{ status: "failed", assertionResults }] }).flaky).toEqual([
      "shaky",
    ]);

    const stats = { expected: 1, flaky: 1, unexpected: 0, skipped: 0 };
    const spec = (title, status) => ({ title, tests: [{ status }] });
    const suites = [{ specs: [spec("sure", "expected")], suites: [{ specs: [spec("shaky", "flaky")] }] }];
    expect(countPlaywright({ stats, errors: [], suites }).flaky).toEqual(["shaky"]);
  });
});
