import { expect, test } from "vitest";
import { appendToLog, NO_LOG } from "./build-log.ts";
import { failedStep, type LogStep, noteStep } from "./log-steps.ts";

const OPENING = [
  "2026/11/22 10:31:00 Downloading source code...",
  "2026/11/22 10:31:03 Executing step ID: build. Timeout(sec): 3600, Working directory: '', Network: ''",
  "2026/11/22 10:31:03 Launching container with name: build",
  "Step 1/2 : FROM node:24-alpine",
  " ---> 0123456789ab",
  "Step 2/2 : RUN npm run build",
];

function stepsOf(lines: readonly string[]): readonly LogStep[] {
  const log = appendToLog(NO_LOG, [{ firstLine: 1, lines: [...lines], restarted: false, complete: false }]);
  return log.lines.reduce<readonly LogStep[]>((steps, line, index) => noteStep(steps, line, index), []);
}
const brief = (lines: readonly string[]) =>
  stepsOf(lines).map(({ name, first, state, seconds }) => [name, first, state, seconds]);

test("what runs is told from what has gone through", () => {
  expect(brief(OPENING)).toEqual([
    ["Preparation", 0, "succeeded", 3],
    ["build", 1, "running", undefined],
    ["Step 1/2 : FROM node:24-alpine", 3, "succeeded", undefined],
    ["Step 2/2 : RUN npm run build", 5, "running", undefined],
  ]);
});

test("a build that succeeds has only steps that did, with the time that ACR tells", () => {
  const steps = brief([
    ...OPENING,
    "2026/11/22 10:31:20 Successfully executed container: build",
    "2026/11/22 10:31:20 Executing step ID: push. Timeout(sec): 3600, Working directory: '', Network: ''",
    "2026/11/22 10:31:24 Step ID: build marked as successful (elapsed time in seconds: 17.250000)",
    "Run ID: cf1 was successful after 24s",
  ]);
  expect(steps.map(([name, , state, seconds]) => [name, state, seconds])).toEqual([
    ["Preparation", "succeeded", 3],
    ["build", "succeeded", 17.25],
    ["Step 1/2 : FROM node:24-alpine", "succeeded", undefined],
    ["Step 2/2 : RUN npm run build", "succeeded", undefined],
    ["push", "succeeded", undefined],
  ]);
});

test("the step that Slipway has named after its build is shown as the build", () => {
  const id = "slipway-019ab1c2-30d4-7e0b-8a3d-ab34190890e6";
  const steps = stepsOf([
    "Downloading source code...",
    `Executing step ID: ${id}. Timeout(sec): 3600, Working directory: '', Network: ''`,
    `Step ID: ${id} marked as successful (elapsed time in seconds: 17.250000)`,
  ]);
  expect(steps.map(({ name, state, seconds }) => [name, state, seconds]).at(-1)).toEqual(["build", "succeeded", 17.25]);
});

test("of a build that fails the step that failed is the innermost one", () => {
  const steps = stepsOf([
    ...OPENING,
    "ERROR The command '/bin/sh -c npm run build' returned a non-zero code: 1",
    "failed to run step ID: build: exit status 1",
    "Run ID: cf1 failed after 20s. Error: failed during run, err: exit status 1",
  ]);
  expect(steps[failedStep(steps) ?? -1]?.name).toBe("Step 2/2 : RUN npm run build");
  expect(steps.map(({ state }) => state)).toEqual(["succeeded", "failed", "succeeded", "failed"]);
});
