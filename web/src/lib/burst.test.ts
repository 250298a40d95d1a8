import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createBurst } from "./burst.ts";

function gather() {
  const clock = createManualClock(0);
  const batches: (readonly number[])[] = [];
  const burst = createBurst<number>(
    clock,
    () => 50,
    (items) => batches.push(items),
  );
  return { clock, batches, burst };
}

test("a single change is handed over at once", () => {
  const { clock, batches, burst } = gather();
  burst.add(1);
  expect(batches).toEqual([[1]]);
  clock.advance(500);
  burst.add(2);
  expect(batches).toEqual([[1], [2]]);
});

test("what follows quickly comes together, in order, and none is lost", () => {
  const { clock, batches, burst } = gather();
  for (const item of [1, 2, 3]) burst.add(item);
  clock.advance(50);
  for (const item of [4, 5]) burst.add(item);
  clock.advance(50);
  expect(batches).toEqual([[1], [2, 3], [4, 5]]);
});

test("after stop nothing is handed over", () => {
  const { clock, batches, burst } = gather();
  burst.add(1);
  burst.add(2);
  burst.stop();
  clock.advance(500);
  expect(batches).toEqual([[1]]);
});

test("a flush hands over at once what waits, and the window begins anew", () => {
  const { clock, batches, burst } = gather();
  for (const item of [1, 2]) burst.add(item);
  expect(burst.isWaiting()).toBe(true);
  burst.flush();
  expect(batches).toEqual([[1], [2]]);
  expect(burst.isWaiting()).toBe(false);
  burst.add(3);
  clock.advance(49);
  expect(batches).toEqual([[1], [2]]);
  clock.advance(1);
  expect(batches).toEqual([[1], [2], [3]]);
});
