import { expect, test } from "vitest";
import { createManualClock } from "../shared/clock.ts";
import { createClusterDemand } from "./cluster-demand.ts";

test("nobody wants to know until somebody asks, and a question counts for a minute", async () => {
  const clock = createManualClock();
  const demand = createClusterDemand(clock);
  expect(demand.isWanted()).toBe(false);
  demand.asked();
  await clock.advance(59_999);
  expect(demand.isWanted()).toBe(true);
  await clock.advance(1);
  expect(demand.isWanted()).toBe(false);
});

test("a reader counts for as long as they stay and a minute more, however often they leave", async () => {
  const clock = createManualClock();
  const demand = createClusterDemand(clock);
  const [first, second] = [demand.watching(), demand.watching()];
  await clock.advance(3_600_000);
  first();
  first();
  await clock.advance(3_600_000);
  expect(demand.isWanted()).toBe(true);
  second();
  await clock.advance(59_999);
  expect(demand.isWanted()).toBe(true);
  await clock.advance(1);
  expect(demand.isWanted()).toBe(false);
});
