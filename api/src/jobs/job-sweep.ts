import type { Clock } from "../shared/clock.ts";
import type { ActiveJobIndex } from "./active-job-index.ts";
import type { JobQueue } from "./job-queue.ts";
import type { JobStore, StoredJob } from "./job-store.ts";
import { isTerminal } from "./job.ts";

const SWEEP_EVERY_MS = 30_000;
/** How long after its time a waiting job counts as forgotten by the queue. */
const SWEEP_GRACE_MS = 5_000;
/** An index row whose job was never written (a crash while starting it) goes after this time. */
const ORPHAN_AFTER_MS = 10 * 60_000;

/**
 * Makes the loss of a message harmless: asks the queue again for every unfinished job that nobody drives, all of them at
 * the start (unless messages outlive processes) and the forgotten ones every 30 s, and clears the index of jobs that have ended.
 */
export interface JobSweep {
  /** Resolves after the first pass. @throws what the store throws in it. */
  start(): Promise<void>;
  /** Resolves when no pass runs any more. */
  stop(): Promise<void>;
}

export function createJobSweep(deps: {
  readonly store: JobStore;
  readonly active: ActiveJobIndex;
  readonly queue: JobQueue;
  readonly clock: Clock;
  /** Its messages outlive their processes: the first pass asks for forgotten jobs only, as the later ones do. */
  readonly isQueueDurable: boolean;
  /** A living worker looks at the job now. */
  readonly isDriven: (job: StoredJob) => boolean;
  readonly onError: (error: unknown) => void;
}): JobSweep {
  const { store, active, queue, clock } = deps;
  let stopped = false;
  let cancelTimer: (() => void) | undefined;
  let passing: Promise<void> = Promise.resolve();

  async function pass(all: boolean): Promise<void> {
    for await (const { ref, addedAtMs } of active.list()) {
      const job = await store.read(ref);
      if (stopped) return;
      const nowMs = clock.now();
      if (!job) {
        if (nowMs - addedAtMs > ORPHAN_AFTER_MS) await active.remove(ref);
      } else if (isTerminal(job.record.state)) {
        await active.remove(ref);
      } else if (job.record.state === "WAITING" && (all || isForgotten(job, nowMs))) {
        await queue.enqueue(ref, Math.max(0, job.record.wakeAtMs - nowMs));
      }
    }
  }

  function isForgotten(job: StoredJob, nowMs: number): boolean {
    return job.record.wakeAtMs + SWEEP_GRACE_MS < nowMs && !deps.isDriven(job);
  }

  function scheduleNext(): void {
    if (stopped) return;
    cancelTimer = clock.schedule(SWEEP_EVERY_MS, () => {
      passing = pass(false).catch(deps.onError).then(scheduleNext);
    });
  }

  return {
    async start() {
      const first = pass(!deps.isQueueDurable);
      passing = first.then(scheduleNext, () => {});
      await first;
    },
    async stop() {
      stopped = true;
      cancelTimer?.();
      await passing;
    },
  };
}
