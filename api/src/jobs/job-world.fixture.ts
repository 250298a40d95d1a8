import { z } from "zod";
import { createManualClock, type ManualClock } from "../shared/clock.ts";
import type { EntityTable } from "../storage/entity-store.ts";
import type { MessageQueue } from "../storage/message-queue.ts";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import { createActiveJobIndex, type ActiveJobIndex } from "./active-job-index.ts";
import {
  defineJob,
  implementJob,
  type AnyJobImplementation,
  type GiveUpReason,
  type JobLook,
  type JobMove,
} from "./define-job.ts";
import { createInProcessJobQueue } from "./in-process-job-queue.ts";
import type { JobQueue } from "./job-queue.ts";
import { createJobRunner, type JobRunner } from "./job-runner.ts";
import { createJobService, type JobService } from "./job-service.ts";
import { createJobStore, type JobStore } from "./job-store.ts";
import type { JobRecord, JobRef } from "./job.ts";
import { createMessageJobQueue } from "./message-job-queue.ts";
import { createFate, createMortalTable, type Fate } from "./mortal-table.fixture.ts";

/** What outlives processes: the store, time, and how often the world was asked for what. */
export interface JobWorld {
  readonly clock: ManualClock;
  readonly table: EntityTable;
  readonly store: JobStore;
  readonly active: ActiveJobIndex;
  record(ref: JobRef): Promise<JobRecord>;
  activeRefs(): Promise<readonly JobRef[]>;
  /** A process on the store. It looks at jobs once its `runner.start()` is called. */
  boot(kinds: readonly AnyJobImplementation[] | KindsOf, options?: BootOptions): JobProcess;
}

/** Kinds that see the store, and die, with their process. */
type KindsOf = (table: EntityTable, fate: Fate) => readonly AnyJobImplementation[];

interface BootOptions {
  /** @default true */
  readonly exclusive?: boolean;
  /** @default 8 */
  readonly concurrency?: number;
  /** Shared with other processes; without it the queue goes with its process. */
  readonly messages?: MessageQueue;
  /** For the runner alone. @default the queue itself */
  readonly wrapQueue?: (queue: JobQueue) => JobQueue;
}

export interface JobProcess {
  readonly table: EntityTable;
  readonly store: JobStore;
  readonly service: JobService;
  readonly runner: JobRunner;
  readonly queue: JobQueue;
  readonly fate: Fate;
  readonly warnings: string[];
  readonly errors: string[];
  kill(): void;
}

export function createJobWorld(): JobWorld {
  const clock = createManualClock();
  const table = createSqliteEntityStore().table("records");
  const store = createJobStore(table);
  const active = createActiveJobIndex(table);
  return {
    clock,
    table,
    store,
    active,
    async record(ref) {
      const job = await store.read(ref);
      if (!job) throw new Error("There is no such job.");
      return job.record;
    },
    async activeRefs() {
      const refs: JobRef[] = [];
      for await (const { ref } of active.list()) refs.push(ref);
      return refs;
    },
    boot(kinds, { exclusive = true, concurrency = 8, messages, wrapQueue = (queue: JobQueue) => queue } = {}) {
      const fate = createFate();
      const warnings: string[] = [];
      const errors: string[] = [];
      const mortal = createMortalTable(table, fate);
      const onError = (error: unknown): void => void errors.push(`queue: ${String(error)}`);
      // A process that is gone runs no timers either.
      const ownClock = { ...clock, schedule: scheduleUnless(clock, () => fate.isDead) };
      const deps = {
        store: createJobStore(mortal),
        active: createActiveJobIndex(mortal),
        queue: messages
          ? createMessageJobQueue({ messages, clock: ownClock, onError, onQueueError: onError })
          : createInProcessJobQueue({ clock: ownClock, onError }),
        clock: ownClock,
      };
      const log = {
        warn: (_fields: object, message: string) => void warnings.push(message),
        error: (_fields: object, message: string) => void errors.push(message),
      };
      const implementations = typeof kinds === "function" ? kinds(mortal, fate) : kinds;
      const runner = createJobRunner({
        ...deps,
        queue: wrapQueue(deps.queue),
        implementations,
        exclusive,
        isQueueDurable: messages !== undefined,
        random: () => 0.5,
        log,
        concurrency,
      });
      const kill = (): void => void (fate.isDead = true);
      return { ...deps, table: mortal, service: createJobService(deps), runner, fate, warnings, errors, kill };
    },
  };
}

function scheduleUnless(clock: ManualClock, isOver: () => boolean): ManualClock["schedule"] {
  return (delayMs, task) => clock.schedule(delayMs, () => isOver() || task());
}

export const REF: JobRef = { partitionKey: "order-1", jobId: "job-1" };

/** The kind that tests script: its checkpoint counts. */
export const countingJob = defineJob({
  name: "counting",
  input: z.object({ name: z.string() }),
  checkpoint: z.object({ count: z.number() }),
  firstStep: "first",
});

export type CountingLook = JobLook<{ name: string }, { count: number }>;
export type CountingMove = JobMove<{ count: number }>;

export function countingKind(
  steps: Readonly<Record<string, (look: CountingLook) => Promise<CountingMove>>>,
  giveUp: (look: CountingLook, reason: GiveUpReason) => Promise<CountingMove> = async ({ checkpoint }) => ({
    kind: "finish",
    state: "FAILED",
    checkpoint,
  }),
): AnyJobImplementation {
  return implementJob({
    definition: countingJob,
    steps: Object.entries(steps).map(([name, run]) => ({ name, run })),
    giveUp,
  });
}

export function startRequest(ref: JobRef = REF) {
  return { definition: countingJob, ref, input: { name: "order" }, checkpoint: { count: 0 } };
}

/** Holds a look until the test lets it go on. */
export function createGate(): { readonly arrived: Promise<void>; pass(): Promise<void>; open(): void } {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    arrived: arrived.promise,
    pass() {
      arrived.resolve();
      return opened.promise;
    },
    open: opened.resolve,
  };
}
