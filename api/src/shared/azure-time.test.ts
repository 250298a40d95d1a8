import { describe, expect, test } from "vitest";
import { createAzureTime } from "./azure-time.ts";

describe("waits", () => {
  test.each([
    [1, 5_000, 5_000],
    [10, 5_000, 500],
    [200, 5_000, 250],
    [0, 5_000, 250],
  ])("at speed %d, %d ms of Azure's are %d real ones, and never so few that we hammer", (speed, ms, realMs) => {
    expect(createAzureTime(speed).toRealMs(ms)).toBe(realMs);
  });
});

describe("limits", () => {
  test.each([
    [1, 3_600_000, 3_600_000],
    [60, 3_600_000, 60_000],
    [100_000, 3_600_000, 250],
  ])("at speed %d, a limit of %d ms is %d real ones", (speed, ms, realMs) => {
    expect(createAzureTime(speed).toRealLimitMs(ms)).toBe(realMs);
  });

  test("never pass while the clock is moved by hand: nobody can tell how long it stands", () => {
    const time = createAzureTime(10);
    time.setScale(0);
    expect(time.toRealLimitMs(1)).toBe(Number.POSITIVE_INFINITY);
    expect(time.isByHand()).toBe(true);
    time.setScale(10);
    expect(time.toRealLimitMs(10_000)).toBe(1_000);
    expect(time.isByHand()).toBe(false);
  });
});
