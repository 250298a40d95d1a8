import { randomUUID } from "node:crypto";
import type { Clock } from "../shared/clock.ts";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import type { ActiveJobIndex } from "./active-job-index.ts";
import type { AnyJobImplementation, GiveUpReason, JobLook, JobMove, JobStep } from "./define-job.ts";
import { holdClaim, LEASE_MS } from "./held-claim.ts";
import type { JobConsumer, JobQueue } from "./job-queue.ts";
import { JobOvertakenError, whileOwned, type JobStore, type StoredJob } from "./job-store.ts";
import { createJobSweep } from "./job-sweep.ts";
import { formatJobRef, isTerminal, type JobRecord, type JobRef } from "./job.ts";
import { runLimited } from "./run-limited.ts";

const LOOK_LIMIT_MS = 45_000;
const ABANDON_AFTER_MS = 2_000;
const MAX_CRASHES = 5;
const MAX_FAILURES = 8;
/** From so many deaths on a job is looked at beside no other such: the innocent who died with it then get through. */
const SUSPECT_CRASHES = 2;
const BUSY_AGAIN_MS = 1_000;

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
  /** Messages outlive their processes, so a start has to ask only for jobs that the queue has forgotten. @default false */
  readonly isQueueDurable?: boolean;
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
 * An outage of the store is nobody's fault: the message comes again and nothing is counted.
 */
export function createJobRunner(deps: JobRunnerDeps): JobRunner {
  const { store, active, queue, clock, log } = deps;
  const instance = randomUUID();
  const kinds = new Map(deps.implementations.map((kind) => [kind.definition.name, kind]));
  const looking = new Set<string>();
  /** Of jobs whose message this process keeps: the fence of its own last look. */
  const lookedFences = new Map<string, number>();
  const aborting = new AbortController();
  let suspect: string | undefined;
  let stopped = false;
  let consumer: JobConsumer | undefined;
  const sweep = createJobSweep({
    store,
    active,
    queue,
    clock,
    isQueueDurable: deps.isQueueDurable ?? false,
    isDriven: ({ record }) => looking.has(formatJobRef(record.ref)) || isLeased(record),
    onError: (error) => log.error({ err: error }, "the sweep for forgotten jobs failed; it runs again"),
  });

  async function handle(ref: JobRef): Promise<Again> {
    const key = formatJobRef(ref);
    if (looking.has(key)) return { againAfterMs: BUSY_AGAIN_MS };
    looking.add(key);
    let again: Again;
    try {
      again = await consider(ref);
      return again;
    } catch (error) {
      if (error instanceof JobOvertakenError) return undefined;
      // The queue brings it again, and nobody else has looked as far as is known.
      again = { againAfterMs: 0 };
      throw error;
    } finally {
      if (!again) lookedFences.delete(key);
      looking.delete(key);
      if (suspect === key) suspect = undefined;
    }
  }

  async function consider(ref: JobRef): Promise<Again> {
    const job = await store.read(ref);
    if (!job || isTerminal(job.record.state)) {
      if (job) await active.remove(ref);
      return undefined;
    }
    const { record } = job;
    if (record.state === "PARKED") return undefined;
    const nowMs = clock.now();
    if (record.wakeAtMs > nowMs)
      return isDrivenElsewhere(record) ? undefined : { againAfterMs: record.wakeAtMs - nowMs };
    if (record.lease && isLeased(record)) {
      return isDrivenElsewhere(record) ? undefined : { againAfterMs: record.lease.untilMs - nowMs };
    }
    const known = recognise(record);
    // The sweep asks again. Keeping this message too would add one with every sweep.
    if (!known) return undefined;
    if (record.crashes >= SUSPECT_CRASHES) {
      if (suspect !== undefined) return { againAfterMs: BUSY_AGAIN_MS };
      suspect = formatJobRef(ref);
    }
    const claimedAtMs = clock.monotonicMs();
    const claimed = await claim(job);
    lookedFences.set(formatJobRef(ref), claimed.record.fence);
    return look(claimed, known, claimedAtMs);
  }

  /** Another process has looked since this one did, and has a message of its own: two would double every look. */
  function isDrivenElsewhere(record: JobRecord): boolean {
    const fence = lookedFences.get(formatJobRef(record.ref));
    return !deps.exclusive && fence !== undefined && record.fence !== fence;
  }

  /** By another worker that may live. A lease of this very process was left by a write that failed. */
  function isLeased({ lease }: JobRecord): boolean {
    return lease !== undefined && lease.untilMs > clock.now() && !deps.exclusive && !isOwn(lease.owner);
  }

  function isOwn(owner: string): boolean {
    return owner.startsWith(`${instance}:`);
  }

  /** Undefined for what only another version of the program understands; it must not be failed for that. */
  function recognise(record: JobRecord): KnownJob | undefined {
    const fields = { "job.id": formatJobRef(record.ref), "job.name": record.name, "job.step": record.step };
    const kind = kinds.get(record.name);
    const step = kind?.steps.find((candidate) => candidate.name === record.step);
    if (!kind || !step) {
      log.warn(fields, "this version does not know the job or its step; the job waits");
      return undefined;
    }
    try {
      const input = kind.definition.input.parse(JSON.parse(record.input));
      return { kind, step, input, checkpoint: kind.definition.checkpoint.parse(JSON.parse(record.checkpoint)) };
    } catch (error) {
      log.error({ ...fields, err: error }, "this version can not read what the job has stored; the job waits");
      return undefined;
    }
  }

  function claim(job: StoredJob): Promise<StoredJob> {
    const { fence, lease: found } = job.record;
    const lease = { owner: `${instance}:${randomUUID()}`, untilMs: clock.now() + LEASE_MS };
    return store.write(job, (record) => {
      // A lease given back means that its holder lives after all and has made its move: what was read is old.
      const isMoved = record.fence !== fence || record.lease?.owner !== found?.owner || isTerminal(record.state);
      if (isMoved) throw new JobOvertakenError(record.ref);
      const crashes = record.lease && isOwn(record.lease.owner) ? record.crashes : record.crashes + 1;
      return { ...record, lease, fence: fence + 1, crashes };
    });
  }

  async function look(claimed: StoredJob, known: KnownJob, claimedAtMs: number): Promise<Again> {
    // Where there is no other process, nobody looks at leases.
    if (deps.exclusive) return lookOnce(() => claimed, known, aborting.signal);
    const claim = holdClaim({ store, clock, claimed, claimedAtMs });
    try {
      return await lookOnce(claim.job, known, AbortSignal.any([aborting.signal, claim.lost]));
    } finally {
      claim.end();
    }
  }

  async function lookOnce(held: () => StoredJob, known: KnownJob, stop: AbortSignal): Promise<Again> {
    const job = held();
    const isPoison = job.record.crashes > MAX_CRASHES;
    try {
      if (isPoison) {
        log.error({ "job.id": formatJobRef(job.record.ref) }, "the job ended its process too often; it is given up");
        const end = await giveUp(job, known, stop, { kind: "poisoned" });
        return await storeMove(held(), known, end, { failures: 0, crashes: 0 });
      }
      const move = await limited(stop, (signal) => known.step.run(toLook(job, known, signal)));
      return await storeMove(held(), known, move, { failures: 0, crashes: 0 });
    } catch (error) {
      if (error instanceof JobOvertakenError || error instanceof StoreUnavailableError) throw error;
      return afterThrow(held, known, stop, error, isPoison);
    }
  }

  async function afterThrow(
    held: () => StoredJob,
    known: KnownJob,
    stop: AbortSignal,
    error: unknown,
    isPoison: boolean,
  ): Promise<Again> {
    const job = held();
    const { record } = job;
    const again = { kind: "again", delayMs: 0, checkpoint: known.checkpoint } as const;
    // What is poison stays poison until its giving up has worked.
    const crashes = isPoison ? record.crashes : 0;
    if (stop.aborted) return storeMove(job, known, again, { failures: record.failures, crashes });
    const failures = record.failures + 1;
    const fields = { "job.id": formatJobRef(record.ref), "job.step": record.step, failures };
    log.error({ ...fields, err: error }, "a look at the job failed");
    if (failures >= MAX_FAILURES && !isPoison) {
      try {
        const end = await giveUp(job, known, stop, { kind: "failing", error });
        return await storeMove(held(), known, end, { failures, crashes });
      } catch (giveUpError) {
        if (giveUpError instanceof JobOvertakenError || giveUpError instanceof StoreUnavailableError) throw giveUpError;
        log.error({ ...fields, err: giveUpError }, "giving the job up failed; its look is tried again");
      }
    }
    const delayMs = Math.min(1000 * 2 ** (failures - 1), 60_000) * (0.5 + deps.random());
    return storeMove(held(), known, { ...again, delayMs }, { failures, crashes });
  }

  function giveUp(job: StoredJob, known: KnownJob, stop: AbortSignal, reason: GiveUpReason): Promise<JobMove<unknown>> {
    return limited(stop, (signal) => known.kind.giveUp(toLook(job, known, signal), reason));
  }

  function limited<T>(stop: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return runLimited({ clock, stop, limitMs: LOOK_LIMIT_MS, abandonAfterMs: ABANDON_AFTER_MS }, work);
  }

  async function storeMove(
    job: StoredJob,
    { kind }: KnownJob,
    move: JobMove<unknown>,
    counts: Pick<JobRecord, "failures" | "crashes">,
  ): Promise<Again> {
    const nowMs = clock.now();
    // Refused here, it is the failure of the look that made it and not of all later ones.
    const checkpoint = JSON.stringify(kind.definition.checkpoint.parse(move.checkpoint));
    if (move.kind === "next" && !kind.steps.some((step) => step.name === move.step)) {
      throw new Error(`The job '${kind.definition.name}' has no step '${move.step}'.`);
    }
    const stored = await store.write(
      job,
      whileOwned(job.record, (record) => {
        const released = { ...record, ...counts, checkpoint, lease: undefined };
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
    return stored.record.state === "PARKED"
      ? undefined
      : { againAfterMs: Math.max(0, stored.record.wakeAtMs - clock.now()) };
  }

  return {
    async start() {
      await sweep.start();
      if (!stopped) consumer = queue.consume(handle, { concurrency: deps.concurrency ?? 32 });
    },
    async stop(graceMs) {
      stopped = true;
      const cancelGrace = clock.schedule(graceMs, () => aborting.abort());
      await Promise.all([sweep.stop(), consumer?.stop()]);
      cancelGrace();
      aborting.abort();
    },
  };
}

type Again = { readonly againAfterMs: number } | undefined;

interface KnownJob {
  readonly kind: AnyJobImplementation;
  readonly step: JobStep<unknown, unknown>;
  readonly input: unknown;
  readonly checkpoint: unknown;
}

function toLook(
  { record }: StoredJob,
  { input, checkpoint }: KnownJob,
  signal: AbortSignal,
): JobLook<unknown, unknown> {
  const { ref, origin, cancelRequestedAtMs } = record;
  return { ref, origin, input, checkpoint, cancelRequested: cancelRequestedAtMs !== undefined, signal };
}
