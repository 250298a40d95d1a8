import { expect, test } from "vitest";
import { describeSteps } from "./provision-phases.ts";
import { bareProgressFixture, progressFixture, stepsFixture } from "./provision.fixture.ts";

test("what is done has its time, what runs has a start, what waits has neither", () => {
  const steps = describeSteps(progressFixture());
  expect(steps.map((step) => [step.state, step.seconds, step.startedMs !== undefined])).toEqual([
    ["done", 1, true],
    ["done", 6, true],
    ["current", undefined, true],
    ["waiting", undefined, false],
    ["waiting", undefined, false],
  ]);
});

test("a failed provision shows where it failed and how long that step had run", () => {
  const steps = stepsFixture().map((step) =>
    step.phase === "ARM_CREATE_OR_UPDATE" ? { ...step, finishedAt: "2026-11-22T10:35:18Z" } : step,
  );
  expect(describeSteps(progressFixture({ status: "FAILED", steps }))[2]).toMatchObject({
    state: "failed",
    seconds: 245,
  });
});

test("a canceled provision has failed nowhere", () =>
  expect(describeSteps(progressFixture({ status: "CANCELED" })).map(({ state }) => state)).toEqual([
    "done",
    "done",
    "canceled",
    "waiting",
    "waiting",
  ]));

test("a success leaves no step open", () => {
  const steps = describeSteps(progressFixture({ status: "SUCCEEDED", step: 5, phase: "COMPLETED" }));
  expect(steps.every((step) => step.state === "done")).toBe(true);
});

test("without any times the states are told all the same", () => {
  expect(describeSteps(bareProgressFixture()).map((step) => step.state)).toEqual([
    "done",
    "done",
    "current",
    "waiting",
    "waiting",
  ]);
});
