import { expect, test } from "vitest";
import { createManualClock } from "../../shared/clock.ts";
import { createBriefMemory } from "./brief-memory.ts";

test("who asks at once shares the request; later ones are given the answer until it is old", async () => {
  const clock = createManualClock();
  const remember = createBriefMemory(clock);
  let asked = 0;
  const ask = async (): Promise<number> => ++asked;
  expect(await Promise.all([remember("k", 1_000, ask), remember("k", 1_000, ask)])).toEqual([1, 1]);
  await clock.advance(999);
  expect(await remember("k", 1_000, ask)).toBe(1);
  await clock.advance(1);
  expect(await remember("k", 1_000, ask)).toBe(2);
});

test("a failure is told to those who wait and forgotten", async () => {
  const remember = createBriefMemory(createManualClock());
  await expect(remember("k", 1_000, async () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await remember("k", 1_000, async () => "there")).toBe("there");
});

test("does not grow with what is typed", async () => {
  const clock = createManualClock();
  const remember = createBriefMemory(clock);
  let asked = 0;
  for (let n = 0; n < 2_000; n++) await remember(`k${n}`, 60_000, async () => ++asked);
  await remember("k0", 60_000, async () => ++asked);
  expect(asked).toBe(2_001);
});
