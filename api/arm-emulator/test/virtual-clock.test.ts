import { expect, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";

test("runs as many times faster as its speed says, and keeps its stand when the speed changes", () => {
  let realMs = 0;
  const clock = createVirtualClock(1_000_000, 10, () => realMs);
  realMs = 500;
  expect(clock.now()).toBe(1_005_000);
  clock.setSpeed(1);
  realMs = 1500;
  expect(clock.now()).toBe(1_006_000);
});

test("stands still at speed 0 and moves by hand", () => {
  let realMs = 0;
  const clock = createVirtualClock(0, 0, () => realMs);
  realMs = 60_000;
  expect(clock.now()).toBe(0);
  clock.advance(2.5);
  expect(clock.now()).toBe(2500);
});

test("moves by hand at any speed", () => {
  const clock = createVirtualClock(0, 10, () => 0);
  clock.advance(60);
  expect(clock.now()).toBe(60_000);
});

test.each([
  { speed: 10, seconds: 6 },
  { speed: 1, seconds: 60 },
  { speed: 0, seconds: 60 },
])("at speed $speed a minute of its time is $seconds s of the client's", ({ speed, seconds }) => {
  expect(createVirtualClock(0, speed, () => 0).toRealSeconds(60_000)).toBe(seconds);
});
