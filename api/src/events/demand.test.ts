import { expect, test } from "vitest";
import { createManualClock } from "../shared/clock.ts";
import { createDemand } from "./demand.ts";

test("nobody wants to know until somebody asks, and a question counts for a minute", async () => {
  const clock = createManualClock();
  const demand = createDemand(clock);
  expect(demand.isWantedHere("clusters")).toBe(false);
  void demand.asked("clusters");
  await clock.advance(59_999);
  expect(demand.isWantedHere("clusters")).toBe(true);
  await clock.advance(1);
  expect(demand.isWantedHere("clusters")).toBe(false);
});

test("a reader counts for as long as they stay and a minute more, however often they leave", async () => {
  const clock = createManualClock();
  const demand = createDemand(clock);
  const [first, second] = [demand.watching("clusters"), demand.watching("clusters")];
  await clock.advance(3_600_000);
  first();
  first();
  await clock.advance(3_600_000);
  expect(demand.isWantedHere("clusters")).toBe(true);
  second();
  await clock.advance(59_999);
  expect(demand.isWantedHere("clusters")).toBe(true);
  await clock.advance(1);
  expect(demand.isWantedHere("clusters")).toBe(false);
});

test("who wants to know about one thing wants nothing of another", () => {
  const demand = createDemand(createManualClock());
  demand.watching("registry:one");
  void demand.asked("registry:two");
  expect(["registry:one", "registry:two", "registry:three"].map((topic) => demand.isWantedHere(topic))).toEqual([
    true,
    true,
    false,
  ]);
});
