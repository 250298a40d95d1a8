/**
 * Time as a port, so that tests and simulations decide when it passes.
 * Only this file may use the runtime's timers.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. May jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds that never go back, for measuring how long something of ours takes. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`; the returned function takes it back. Pending tasks don't keep the process alive. */
  schedule(delayMs: number, task: () => void): () => void;
  /** Resolves after `delayMs`, or at once when `signal` aborts: callers look at the signal themselves. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

// Node fires a timer with a longer delay at once.
const MAX_TIMER_DELAY_MS = 2 ** 31 - 1;

export function createSystemClock(): Clock {
  const schedule = (delayMs: number, task: () => void): (() => void) => {
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), MAX_TIMER_DELAY_MS));
    timer.unref();
    return () => clearTimeout(timer);
  };
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    schedule,
    sleep: (delayMs, signal) => sleepBySchedule(schedule, delayMs, signal),
  };
}

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Moves time on, running what falls due in order, and lets promises settle between two tasks. */
  advance(deltaMs: number): Promise<void>;
  /** How many tasks wait for their time. */
  pending(): number;
}

export function createManualClock(startMs: number = Date.parse("2026-01-01T00:00:00Z")): ManualClock {
  let nowMs = startMs;
  const tasks = new Set<{ atMs: number; task: () => void }>();
  const schedule = (delayMs: number, task: () => void): (() => void) => {
    const entry = { atMs: nowMs + Math.max(delayMs, 0), task };
    tasks.add(entry);
    return () => void tasks.delete(entry);
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    schedule,
    sleep: (delayMs, signal) => sleepBySchedule(schedule, delayMs, signal),
    pending: () => tasks.size,
    async advance(deltaMs) {
      const targetMs = nowMs + deltaMs;
      await settle();
      for (;;) {
        const due = [...tasks].filter((entry) => entry.atMs <= targetMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!due) break;
        tasks.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.task();
        await settle();
      }
      nowMs = targetMs;
    },
  };
}

/** {@link Clock.sleep} of any clock that can schedule. */
export function sleepBySchedule(schedule: Clock["schedule"], delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const cancel = schedule(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      resolve();
    };
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
