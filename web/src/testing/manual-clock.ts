import type { Clock } from "../lib/clock.ts";

interface Timer {
  dueMs: number;
  run(): void;
  periodMs?: number;
}

export interface ManualClock extends Clock {
  /** Moves time on and runs what falls due on the way, in order. */
  advance(ms: number): void;
}

/** A clock that moves only when a test says so. */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const add = (timer: Timer) => {
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    now: () => nowMs,
    every: (periodMs, run) => add({ dueMs: nowMs + periodMs, run, periodMs }),
    after: (delayMs, run) => add({ dueMs: nowMs + delayMs, run }),
    advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = [...timers]
          .filter((timer) => timer.dueMs <= endMs)
          .sort((one, other) => one.dueMs - other.dueMs)[0];
        if (!next) break;
        nowMs = next.dueMs;
        if (next.periodMs === undefined) timers.delete(next);
        else next.dueMs += next.periodMs;
        next.run();
      }
      nowMs = endMs;
    },
  };
}
