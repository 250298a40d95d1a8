import { expect, test } from "vitest";
import { describeSteps } from "./provision-phases.ts";
import { entryFixture, progressFixture } from "./provision.fixture.ts";

const timeline = [
  entryFixture(1, { at: "2026-11-22T10:31:06Z", phase: "CREATING_CLUSTER" }),
  entryFixture(2, { at: "2026-11-22T10:31:07Z", phase: "ENSURING_RESOURCE_GROUP" }),
  entryFixture(3, { at: "2026-11-22T10:31:13Z", phase: "ARM_CREATE_OR_UPDATE" }),
];

test("what is done has its time, what runs has a start, what waits has neither", () => {
  const steps = describeSteps(progressFixture(), timeline);
  expect(steps.map((step) => [step.state, step.seconds])).toEqual([
    ["done", 1],
    ["done", 6],
    ["current", undefined],
    ["waiting", undefined],
    ["waiting", undefined],
  ]);
});

test("a failed provision shows where it failed and how long that step had run", () => {
  const steps = describeSteps(progressFixture({ status: "FAILED" }), timeline);
  expect(steps[2]).toMatchObject({ state: "failed", seconds: 245 });
});

test("a success leaves no step open", () => {
  const steps = describeSteps(progressFixture({ status: "SUCCEEDED", step: 5, phase: "COMPLETED" }), timeline);
  expect(steps.every((step) => step.state === "done")).toBe(true);
});

test("without a timeline the states are told all the same", () => {
  expect(describeSteps(progressFixture(), []).map((step) => step.state)).toEqual([
    "done",
    "done",
    "current",
    "waiting",
    "waiting",
  ]);
});
