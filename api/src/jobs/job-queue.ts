import type { JobRef } from "./job.ts";

/**
 * PORT: "look at job J", at least once, with a delay. It only wakes: a message may be doubled, late, or lost with the
 * process, because the job's record is the truth and a sweep asks again for every unfinished job.
 */
export interface JobQueue {
  /**
   * A message for the same job that is due later is replaced; one that is due earlier stands. Never rejects: its caller has
   * stored the job already. What can't be sent is reported by the adapter and made good by the sweep.
   */
  enqueue(ref: JobRef, delayMs: number): Promise<void>;
  /**
   * Calls `handle` for each due message, never two at once for one job, at most `concurrency` at once.
   * A handler that answers a delay wants the message again then. One that throws gets it again after a while.
   */
  consume(handle: JobHandler, options: { readonly concurrency: number }): JobConsumer;
}

export type JobHandler = (ref: JobRef) => Promise<{ readonly againAfterMs: number } | undefined>;

export interface JobConsumer {
  /** Takes no new message and resolves when the running handlers have ended. */
  stop(): Promise<void>;
}
