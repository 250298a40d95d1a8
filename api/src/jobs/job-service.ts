import type { Clock } from "../shared/clock.ts";
import type { EntityChange } from "../storage/entity-store.ts";
import type { ActiveJobIndex } from "./active-job-index.ts";
import type { JobChanges, JobDefinition } from "./define-job.ts";
import type { JobQueue } from "./job-queue.ts";
import type { JobStore, StoredJob } from "./job-store.ts";
import { isTerminal, type JobRecord, type JobRef } from "./job.ts";

/** What features do with jobs: start them, ask them to end, wake them. */
export interface JobService {
  /**
   * Creates the job and the feature's records in one transaction, then wakes a worker. Whoever is told of the job can
   * rely on it: a crash right after is healed by the sweep.
   * @throws EntityExistsError when the job or one of the records is there already: nothing was written.
   */
  start<Input, Checkpoint>(request: StartJob<Input, Checkpoint>): Promise<void>;
  /**
   * Marks the job so that its next look, which comes at once, sees `cancelRequested`. Writes the feature's changes in the
   * same transaction. Resolves to false, writing nothing, when the job is missing or has ended.
   */
  requestCancel(ref: JobRef, changes?: () => Promise<JobChanges>): Promise<boolean>;
  /** Has a parked or waiting job looked at now; any number may ask at once. No effect on one that has ended. */
  wake(ref: JobRef): Promise<void>;
  /** Has a parked job looked at now and leaves a waiting one to its own time. Resolves to false when there is no such job. */
  wakeIfParked(ref: JobRef): Promise<boolean>;
}

export interface StartJob<Input, Checkpoint> {
  readonly definition: JobDefinition<Input, Checkpoint>;
  readonly ref: JobRef;
  readonly input: Input;
  readonly checkpoint: Checkpoint;
  readonly changes?: readonly EntityChange[];
}

export function createJobService(deps: {
  readonly store: JobStore;
  readonly active: ActiveJobIndex;
  readonly queue: JobQueue;
  readonly clock: Clock;
  /** What a job that is begun now is done for, as a W3C `traceparent`. @default nothing is known */
  readonly origin?: () => string | undefined;
}): JobService {
  const { store, active, queue, clock, origin = () => undefined } = deps;
  const woken = (record: JobRecord): JobRecord => ({
    ...record,
    state: "WAITING",
    wakeAtMs: Math.min(record.wakeAtMs, clock.now()),
    wakes: record.wakes + 1,
  });
  /** Wakes the job unless somebody else has since it was read: the look that comes of theirs is as late as ours would be. */
  async function wakeAsRead(job: StoredJob): Promise<void> {
    const { ref, wakes } = job.record;
    try {
      await store.write(job, (record) => {
        if (isTerminal(record.state)) throw new JobEndedError();
        if (record.wakes !== wakes) throw new JobWokenError();
        return woken(record);
      });
    } catch (error) {
      if (error instanceof JobEndedError) return;
      if (!(error instanceof JobWokenError)) throw error;
    }
    await queue.enqueue(ref, 0);
  }
  const service: JobService = {
    async start({ definition, ref, input, checkpoint, changes = [] }) {
      const nowMs = clock.now();
      const record: JobRecord = {
        ref,
        name: definition.name,
        state: "WAITING",
        step: definition.firstStep,
        input: JSON.stringify(definition.input.parse(input)),
        checkpoint: JSON.stringify(definition.checkpoint.parse(checkpoint)),
        wakeAtMs: nowMs,
        lease: undefined,
        fence: 0,
        crashes: 0,
        failures: 0,
        wakes: 0,
        cancelRequestedAtMs: undefined,
        origin: origin(),
        createdAtMs: nowMs,
        finishedAtMs: undefined,
      };
      await active.add(ref, nowMs);
      await store.insert(record, changes);
      await queue.enqueue(ref, 0);
    },
    async requestCancel(ref, changes) {
      const job = await store.read(ref);
      if (!job || isTerminal(job.record.state)) return false;
      try {
        await store.write(
          job,
          (record) => {
            if (isTerminal(record.state)) throw new JobEndedError();
            return { ...woken(record), cancelRequestedAtMs: record.cancelRequestedAtMs ?? clock.now() };
          },
          changes,
        );
      } catch (error) {
        if (error instanceof JobEndedError) return false;
        throw error;
      }
      await queue.enqueue(ref, 0);
      return true;
    },
    async wake(ref) {
      const job = await store.read(ref);
      if (job && !isTerminal(job.record.state)) await wakeAsRead(job);
    },
    async wakeIfParked(ref) {
      const job = await store.read(ref);
      if (job?.record.state === "PARKED") await wakeAsRead(job);
      return job !== undefined;
    },
  };
  return service;
}

class JobEndedError extends Error {}

class JobWokenError extends Error {}
