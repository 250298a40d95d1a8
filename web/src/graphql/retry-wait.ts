import type { Clock } from "../lib/clock.ts";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;

/** Doubles from 0.4 s to at most 5 s, times 0.5 to 1.5, so that the tabs of a whole office don't come back in one moment. */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10)) * (0.5 + random());
}

export interface RetryWait {
  /** Resolves after the delay for this attempt, or at once when {@link RetryWait.wake} is called. */
  wait(attempt: number): Promise<void>;
  /** Ends every wait under way: the network or the tab is back, so trying now makes sense. */
  wake(): void;
}

export function createRetryWait(clock: Clock, random?: () => number): RetryWait {
  const waking = new Set<() => void>();
  return {
    wait: (attempt) =>
      new Promise((resolve) => {
        const done = () => {
          cancel();
          waking.delete(done);
          resolve();
        };
        const cancel = clock.after(retryDelayMs(attempt, random), done);
        waking.add(done);
      }),
    wake() {
      for (const done of [...waking]) done();
    },
  };
}
