import { randomUUID } from "node:crypto";
import type { Clock } from "../shared/clock.ts";
import type { ActiveJobIndex } from "./active-job-index.ts";
import type { AnyJobImplementation, GiveUpReason, JobLook, JobMove } from "./define-job.ts";
import { formatJobRef, isTerminal, type JobRecord, type JobRef } from "./job.ts";
import type { JobConsumer, JobQueue } from "./job-queue.ts";
import { JobOvertakenError, whileOwned, type JobStore, type StoredJob } from "./job-store.ts";

const SWEEP_EVERY_MS = 30_000;
/** How long after its time a waiting job counts as forgotten by the queue. */
const SWEEP_GRACE_MS = 5_000;
/** An index row whose job was never written (a crash while starting it) goes after this time. */
const ORPHAN_AFTER_MS = 10 * 60_000;
/** A look must end before its lease does. */
const LOOK_LIMIT_MS = 45_000;
const LEASE_MS = 60_000;
const MAX_CRASHES = 5;
const MAX_FAILURES = 8;
const UNKNOWN_JOB_AGAIN_MS = 60_000;
const DUPLICATE_AGAIN_MS = 1_000;

export interface JobRunner {
  /** Starts looking at jobs: all unfinished ones at once, later ones as the queue says. */
  start(): Promise<void>;
  /** Takes no new look, lets running ones end (they are aborted after `graceMs`), and resolves. Jobs stay where they are. */
  stop(graceMs: number): Promise<void>;
}

export interface JobRunnerDeps {
  readonly store: JobStore;
  readonly active: ActiveJobIndex;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly implementations: readonly AnyJobImplementation[];
  /** This process is the only one on this store, so leases of other instances are those of the dead. */
  readonly exclusive: boolean;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly log: JobRunnerLog;
  /** Looks at once. @default 32 */
  readonly concurrency?: number;
}

export interface JobRunnerLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Drives jobs in hops: claim, one look, one transaction, and then nothing is held until the next look. State story of one
 * message: read the record → not due, ended or leased to a living worker: leave it → claim it (fence + 1, crash + 1) → run
 * the step → store its move (crash count back to 0, lease given back) → ask the queue for the next look. A process that
 * dies anywhere in between leaves a record that says WAITING; the sweep of the next one goes on from its checkpoint.
 */
export function createJobRunner(deps: JobRunnerDeps): JobRunner {
  const { store, active, queue, clock, log } = deps;
  const instance = randomUUID();
  const kinds = new Map(deps.implementations.map((kind) => [kind.definition.name, kind]));
  const looking = new Set<string>();
  const stopping = new AbortController();
  let consumer: JobConsumer | undefined;
  let cancelSweep: (() => void) | undefined;
  let sweeping: Promise<void> = Promise.resolve();

  async function handle(ref: JobRef): Promise<{ againAfterMs: number } | undefined> {
    const key = formatJobRef(ref);
    if (looking.has(key)) return { againAfterMs: DUPLICATE_AGAIN_MS };
    looking.add(key);
    try {
      return await consider(ref);
    } finally {
      looking.delete(key);
    }
  }

  async function consider(ref: JobRef): Promise<{ againAfterMs: number } | undefined> {
    const job = await store.read(ref);
    if (!job || isTerminal(job.record.state)) {
      if (job) await active.remove(ref);
      return undefined;
    }
    const { record } = job;
    if (record.state === "PARKED") return undefined;
    const nowMs = clock.now();
    if (record.wakeAtMs > nowMs) return { againAfterMs: record.wakeAtMs - nowMs };
    if (record.lease && record.lease.untilMs > nowMs && !isDeadLease(record.lease.owner)) {
      return { againAfterMs: record.lease.untilMs - nowMs };
    }
    const kind = kinds.get(record.name);
    if (!kind) {
      log.warn({ "job.id": formatJobRef(ref), "job.name": record.name }, "this version does not know the job; it waits");
      return { againAfterMs: UNKNOWN_JOB_AGAIN_MS };
    }
    try {
      return await look(await claim(job), kind);
    } catch (error) {
      if (error instanceof JobOvertakenError) return undefined;
      throw error;
    }
  }

  function isDeadLease(owner: string): boolean {
    return deps.exclusive || owner.startsWith(`${instance}:`);
  }

  function claim(job: StoredJob): Promise<StoredJob> {
    const fence = job.record.fence;
    const lease = { owner: `${instance}:${randomUUID()}`, untilMs: clock.now() + LEASE_MS };
    return store.write(job, (record) => {
      if (record.fence !== fence || isTerminal(record.state)) throw new JobOvertakenError(record.ref);
      // A lease of this very process was left by a write that failed, not by a death.
      const crashes = record.lease?.owner.startsWith(`${instance}:`) ? record.crashes : record.crashes + 1;
      return { ...record, lease, fence: fence + 1, crashes };
    });
  }

  async function look(job: StoredJob, kind: AnyJobImplementation): Promise<{ againAfterMs: number } | undefined> {
    const { record } = job;
    const abort = new AbortController();
    const cancelLimit = clock.schedule(LOOK_LIMIT_MS, () => abort.abort(new Error("The look took too long.")));
    const onStop = (): void => abort.abort(new Error("The process stops."));
    stopping.signal.addEventListener("abort", onStop, { once: true });
    const given: JobLook<unknown, unknown> = {
      ref: record.ref,
      input: kind.definition.input.parse(JSON.parse(record.input)),
      checkpoint: kind.definition.checkpoint.parse(JSON.parse(record.checkpoint)),
      cancelRequested: record.cancelRequestedAtMs !== undefined,
      signal: abort.signal,
    };
    try {
      const move = await runStep(record, kind, given);
      return await storeMove(job, move, 0);
    } catch (error) {
      if (error instanceof JobOvertakenError) throw error;
      return await afterThrow(job, kind, given, error);
    } finally {
      cancelLimit();
      stopping.signal.removeEventListener("abort", onStop);
    }
  }

  async function runStep(record: JobRecord, kind: AnyJobImplementation, given: JobLook<unknown, unknown>): Promise<JobMove<unknown>> {
    if (record.crashes > MAX_CRASHES) {
      log.error({ "job.id": formatJobRef(record.ref) }, "the job ended its process too often; it is given up");
      return kind.giveUp(given, { kind: "poisoned" });
    }
    const step = kind.steps.find((candidate) => candidate.name === record.step);
    if (!step) throw new Error(`The job '${record.name}' has no step '${record.step}'.`);
    return step.run(given);
  }

  async function storeMove(job: StoredJob, move: JobMove<unknown>, failures: number): Promise<{ againAfterMs: number } | undefined> {
    const nowMs = clock.now();
    const checkpoint = JSON.stringify(move.checkpoint);
    const stored = await store.write(
      job,
      whileOwned(job.record, (record) => {
        const released = { ...record, checkpoint, lease: undefined, crashes: 0, failures };
        const wokenMeanwhile = record.wakes !== job.record.wakes;
        switch (move.kind) {
          case "again":
            return { ...released, wakeAtMs: wokenMeanwhile ? nowMs : nowMs + move.delayMs };
          case "next":
            return { ...released, step: move.step, wakeAtMs: nowMs };
          case "park":
            return wokenMeanwhile ? { ...released, wakeAtMs: nowMs } : { ...released, state: "PARKED" };
          case "finish":
            return { ...released, state: move.state, finishedAtMs: nowMs };
        }
      }),
      move.changes,
    );
    if (isTerminal(stored.record.state)) {
      await active.remove(stored.record.ref);
      return undefined;
    }
    return stored.record.state === "PARKED" ? undefined : { againAfterMs: Math.max(0, stored.record.wakeAtMs - clock.now()) };
  }

  async function afterThrow(
    job: StoredJob,
    kind: AnyJobImplementation,
    given: JobLook<unknown, unknown>,
    error: unknown,
  ): Promise<{ againAfterMs: number } | undefined> {
    if (stopping.signal.aborted) return storeMove(job, { kind: "again", delayMs: 0, checkpoint: given.checkpoint }, job.record.failures);
    const failures = job.record.failures + 1;
    log.error({ "job.id": formatJobRef(job.record.ref), "job.step": job.record.step, failures, err: error }, "a look at the job failed");
    if (failures >= MAX_FAILURES) {
      const reason: GiveUpReason = { kind: "failing", error };
      return storeMove(job, await kind.giveUp(given, reason), failures);
    }
    const delayMs = Math.min(1000 * 2 ** (failures - 1), 60_000) * (0.5 + deps.random());
    return storeMove(job, { kind: "again", delayMs, checkpoint: given.checkpoint }, failures);
  }

  async function sweep(all: boolean): Promise<void> {
    for await (const { ref, addedAtMs } of active.list()) {
      const job = await store.read(ref);
      const nowMs = clock.now();
      if (!job) {
        if (nowMs - addedAtMs > ORPHAN_AFTER_MS) await active.remove(ref);
      } else if (isTerminal(job.record.state)) {
        await active.remove(ref);
      } else if (job.record.state === "WAITING" && (all || job.record.wakeAtMs + SWEEP_GRACE_MS < nowMs)) {
        await queue.enqueue(ref, Math.max(0, job.record.wakeAtMs - nowMs));
      }
    }
  }

  function scheduleSweep(): void {
    cancelSweep = clock.schedule(SWEEP_EVERY_MS, () => {
      sweeping = sweep(false).catch((error: unknown) => log.error({ err: error }, "the sweep for forgotten jobs failed; it runs again"));
      void sweeping.then(() => stopping.signal.aborted || scheduleSweep());
    });
  }

  return {
    async start() {
      await sweep(true);
      scheduleSweep();
      consumer = queue.consume(handle, { concurrency: deps.concurrency ?? 32 });
    },
    async stop(graceMs) {
      cancelSweep?.();
      const cancelGrace = clock.schedule(graceMs, () => stopping.abort());
      await consumer?.stop();
      cancelGrace();
      stopping.abort();
      cancelSweep?.();
      await sweeping;
    },
  };
}
