import { describe, expect, test } from "vitest";
import { type Clock, createManualClock, createSystemClock } from "./clock.ts";

describe("manual clock", () => {
  test("stands still until it is told to move", async () => {
    const clock = createManualClock(1_000);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_000, 0]);
    await clock.advance(250);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_250, 250]);
  });

  test("runs what falls due by time, then by the order of scheduling, each at its own time", async () => {
    const clock = createManualClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.now()}`);
    clock.schedule(30, note("late"));
    clock.schedule(10, note("first"));
    clock.schedule(10, note("second"));
    clock.schedule(-5, note("overdue"));
    clock.schedule(31, note("not yet"));
    await clock.advance(30);
    expect(ran).toEqual(["overdue@0", "first@10", "second@10", "late@30"]);
    expect(clock.pending()).toBe(1);
  });

  test("runs in the same move what a task schedules within it", async () => {
    const clock = createManualClock(0);
    const ran: number[] = [];
    const tick = (): void => {
      ran.push(clock.now());
      if (ran.length < 3) clock.schedule(10, tick);
    };
    clock.schedule(10, tick);
    await clock.advance(100);
    expect(ran).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(100);
  });

  test("lets promises settle between two tasks", async () => {
    const clock = createManualClock(0);
    const seen: string[] = [];
    void clock.sleep(10).then(() => seen.push("slept"));
    clock.schedule(20, () => seen.push("task"));
    await clock.advance(20);
    expect(seen).toEqual(["slept", "task"]);
  });

  test("forgets a task that was taken back", async () => {
    const clock = createManualClock();
    let ran = false;
    const cancel = clock.schedule(10, () => (ran = true));
    cancel();
    cancel();
    await clock.advance(10);
    expect([ran, clock.pending()]).toEqual([false, 0]);
  });
});

test.each([
  ["manual", createManualClock],
  ["system", createSystemClock],
])(
  "a sleep on the %s clock ends at once when its signal aborts, before or during it",
  async (_name, create: () => Clock) => {
    const clock = create();
    const abort = new AbortController();
    const sleeping = clock.sleep(3_600_000, abort.signal);
    abort.abort();
    await expect(sleeping).resolves.toBeUndefined();
    await expect(clock.sleep(3_600_000, abort.signal)).resolves.toBeUndefined();
  },
);

test("an aborted sleep leaves no task behind", async () => {
  const clock = createManualClock();
  const abort = new AbortController();
  const sleeping = clock.sleep(10, abort.signal);
  abort.abort();
  await sleeping;
  expect(clock.pending()).toBe(0);
});

describe("system clock", () => {
  test("is the machine's time, and its other time never goes back", () => {
    const clock = createSystemClock();
    const before = Date.now();
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
    const monotonicMs = clock.monotonicMs();
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(monotonicMs);
  });

  test("runs a task once its delay is over and none that was taken back", async () => {
    const clock = createSystemClock();
    const ran = Promise.withResolvers<string>();
    clock.schedule(1, () => ran.resolve("taken back"))();
    clock.schedule(2, () => ran.resolve("due"));
    expect(await ran.promise).toBe("due");
  });

  // Node fires a timer of more than 2^31 - 1 ms at once.
  test("doesn't run a task early whose delay is longer than a timer can hold", async () => {
    const clock = createSystemClock();
    const ran: string[] = [];
    const cancel = clock.schedule(2 ** 31 + 1_000, () => ran.push("far"));
    const short = Promise.withResolvers<void>();
    clock.schedule(5, short.resolve);
    await short.promise;
    cancel();
    expect(ran).toEqual([]);
  });
});
