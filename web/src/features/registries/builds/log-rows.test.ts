import { expect, test } from "vitest";
import { linesOfStep, logRows, stepsOfLine } from "./log-rows.ts";
import type { LogStep } from "./log-steps.ts";

const step = (name: string, first: number, isInner = false): LogStep => ({
  name,
  first,
  isInner,
  state: "succeeded",
  seconds: undefined,
  id: undefined,
  startedMs: Number.NaN,
});
const STEPS = [
  step("Preparation", 0),
  step("build", 2),
  step("Step 1/2", 3, true),
  step("Step 2/2", 5, true),
  step("push", 6),
];
const LINES = 8;
/** Heads by name, lines by number. */
const shown = (folded: readonly number[]) =>
  [...logRows(LINES, STEPS, new Set(folded))].map((row) => (row < 0 ? STEPS[-1 - row]?.name : row + 1));

test.each([
  ["nothing", [], ["Preparation", 1, 2, "build", 3, "Step 1/2", 4, 5, "Step 2/2", 6, "push", 7, 8]],
  ["a step of docker's", [2], ["Preparation", 1, 2, "build", 3, "Step 1/2", "Step 2/2", 6, "push", 7, 8]],
  ["a step of ACR Tasks with docker's in it", [1], ["Preparation", 1, 2, "build", "push", 7, 8]],
  ["everything", [0, 1, 2, 3, 4], ["Preparation", "build", "push"]],
])("with %s folded", (_, folded, rows) => expect(shown(folded)).toEqual(rows));

test("a log of one part has no heads", () => {
  expect([...logRows(3, STEPS.slice(0, 1), new Set([0]))]).toEqual([0, 1, 2]);
});

test("a step counts the lines of the steps within it", () => {
  expect(STEPS.map((_, at) => linesOfStep(STEPS, at, LINES))).toEqual([2, 4, 2, 1, 2]);
});

test.each([
  [1, [0]],
  [3, [1]],
  [5, [2, 1]],
  [6, [3, 1]],
  [8, [4]],
])("line %i is in the steps %j", (number, steps) => expect(stepsOfLine(STEPS, number - 1)).toEqual(steps));
