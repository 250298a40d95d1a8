import { scheduler } from "node:timers/promises";

/** So long may tasks run without letting others have the event loop. */
const BUSY_LIMIT_MS = 10;

/** Runs one task at a time, in the order in which they were given. A task that rejects stops none of the next. */
export type Turns = <T>(task: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let busySinceMs = performance.now();
  return (task) => {
    const turn = last.then(async () => {
      if (performance.now() - busySinceMs > BUSY_LIMIT_MS) {
        await scheduler.yield();
        busySinceMs = performance.now();
      }
      return task();
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}
