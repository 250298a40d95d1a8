import { describe, expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createRetryWait, retryDelayMs } from "./retry-wait.ts";

describe("retryDelayMs", () => {
  test.each([
    [0, 0.5, 400],
    [1, 0.5, 800],
    [3, 0, 1600],
    [20, 0.5, 5000],
    [1_000_000, 1, 7500],
  ])("attempt %d with chance %d waits %d ms", (attempt, chance, delayMs) => {
    expect(retryDelayMs(attempt, () => chance)).toBe(delayMs);
  });
});

test("waking ends a wait at once", async () => {
  const retryWait = createRetryWait(createManualClock(0), () => 0.5);
  const waiting = retryWait.wait(20);
  retryWait.wake();
  await expect(waiting).resolves.toBeUndefined();
});

test("a wait that nobody wakes ends when its time has come", async () => {
  const clock = createManualClock(0);
  const waiting = createRetryWait(clock, () => 0.5).wait(0);
  clock.advance(400);
  await expect(waiting).resolves.toBeUndefined();
});
