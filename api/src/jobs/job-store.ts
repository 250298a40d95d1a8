import { randomUUID } from "node:crypto";
import {
  EntityChangedError,
  EntityExistsError,
  type Entity,
  type EntityChange,
  type EntityKey,
  type EntityTable,
  type StoredEntity,
} from "../storage/entity-store.ts";
import type { JobChanges } from "./define-job.ts";
import { formatJobRef, isTerminal, type JobRecord, type JobRef, type JobState } from "./job.ts";

/** A job record as read, with what a conditional write of it needs. */
export interface StoredJob {
  readonly record: JobRecord;
  readonly etag: string;
}

/** The record changed hands while a worker held it: another claim has a higher fence. The worker stops; nothing is wrong. */
export class JobOvertakenError extends Error {
  constructor(ref: JobRef) {
    super(`Another worker has taken over the job '${formatJobRef(ref)}'.`);
    this.name = "JobOvertakenError";
  }
}

const ROW_PREFIX = "job:";
const MAX_MERGES = 10;

/**
 * The only reader and writer of job records. A job record is a row `job:<id>` in its owner's partition of one table, so
 * that it changes in one transaction with the records of the feature that it drives.
 *
 * Every write replaces by ETag and carries a new write id. A 412 is therefore one of three things, told apart by reading
 * again: our own write whose acknowledgement got lost (same write id: adopted); somebody changed the record without
 * claiming it, such as a request to cancel (same fence: merged and written again); or another worker's claim (`JobOvertakenError`).
 */
export interface JobStore {
  read(ref: JobRef): Promise<StoredJob | undefined>;
  /**
   * Creates the record and makes the feature's changes in one transaction.
   * @throws EntityExistsError when the record or an inserted one of the changes is there already: nothing was written.
   */
  insert(record: JobRecord, changes: readonly EntityChange[]): Promise<void>;
  /**
   * Writes `update(record)` and the feature's changes in one transaction.
   * `update` is called again on a newer record when somebody else changed it; it throws to give up.
   */
  write(
    job: StoredJob,
    update: (record: JobRecord) => JobRecord,
    changes?: () => Promise<JobChanges>,
  ): Promise<StoredJob>;
}

export function createJobStore(table: EntityTable): JobStore {
  const store: JobStore = {
    async read(ref) {
      const entity = await table.get(jobKey(ref));
      return entity && { record: fromEntity(entity), etag: entity.etag };
    },
    async insert(record, changes) {
      const writeId = randomUUID();
      const key = jobKey(record.ref);
      try {
        await table.transact(key.partitionKey, [{ kind: "insert", entity: toEntity(record, writeId) }, ...changes]);
      } catch (error) {
        if (!(error instanceof EntityExistsError)) throw error;
        const entity = await table.get(key);
        if (entity?.properties["writeId"] !== writeId) throw error;
      }
    },
    async write(job, update, changes) {
      let current = job;
      for (let merge = 0; ; merge++) {
        const record = update(current.record);
        const writeId = randomUUID();
        const extra = await changes?.();
        const key = jobKey(record.ref);
        let etag: string;
        try {
          const etags = await table.transact(key.partitionKey, [
            { kind: "replace", entity: toEntity(record, writeId), etag: current.etag },
            ...(extra?.changes ?? []),
          ]);
          etag = etags[0] ?? "";
        } catch (error) {
          if (!(error instanceof EntityChangedError) || merge >= MAX_MERGES) throw error;
          const entity = await table.get(key);
          if (!entity) throw error;
          if (entity.properties["writeId"] !== writeId) {
            current = { record: fromEntity(entity), etag: entity.etag };
            continue;
          }
          etag = entity.etag;
        }
        extra?.stored?.();
        return { record, etag };
      }
    },
  };
  return store;
}

function jobKey(ref: JobRef): EntityKey {
  return { partitionKey: ref.partitionKey, rowKey: ROW_PREFIX + ref.jobId };
}

function toEntity(record: JobRecord, writeId: string): Entity {
  return {
    ...jobKey(record.ref),
    properties: {
      writeId,
      name: record.name,
      state: record.state,
      step: record.step,
      input: record.input,
      checkpoint: record.checkpoint,
      wakeAt: new Date(record.wakeAtMs),
      leaseOwner: record.lease?.owner,
      leaseUntil: record.lease && new Date(record.lease.untilMs),
      fence: record.fence,
      crashes: record.crashes,
      failures: record.failures,
      wakes: record.wakes,
      origin: record.origin,
      cancelRequestedAt: toDate(record.cancelRequestedAtMs),
      createdAt: new Date(record.createdAtMs),
      finishedAt: toDate(record.finishedAtMs),
    },
  };
}

function fromEntity({ partitionKey, rowKey, properties }: StoredEntity): JobRecord {
  const text = (name: string): string => String(properties[name] ?? "");
  const time = (name: string): number | undefined => {
    const value = properties[name];
    return value instanceof Date ? value.getTime() : undefined;
  };
  const leaseUntilMs = time("leaseUntil");
  return {
    ref: { partitionKey, jobId: rowKey.slice(ROW_PREFIX.length) },
    name: text("name"),
    state: text("state") as JobState,
    step: text("step"),
    input: text("input"),
    checkpoint: text("checkpoint"),
    wakeAtMs: time("wakeAt") ?? 0,
    lease: leaseUntilMs === undefined ? undefined : { owner: text("leaseOwner"), untilMs: leaseUntilMs },
    fence: Number(properties["fence"] ?? 0),
    crashes: Number(properties["crashes"] ?? 0),
    failures: Number(properties["failures"] ?? 0),
    wakes: Number(properties["wakes"] ?? 0),
    cancelRequestedAtMs: time("cancelRequestedAt"),
    origin: text("origin") || undefined,
    createdAtMs: time("createdAt") ?? 0,
    finishedAtMs: time("finishedAt"),
  };
}

function toDate(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

/**
 * For `JobStore.write`: lets only the worker through that still has the claim. The fence alone would not do: a move that
 * was stored, its acknowledgement lost and a wake written over it, has given the lease back and must not be made twice.
 */
export function whileOwned(
  claim: JobRecord,
  update: (record: JobRecord) => JobRecord,
): (record: JobRecord) => JobRecord {
  return (record) => {
    if (record.fence !== claim.fence || record.lease?.owner !== claim.lease?.owner || isTerminal(record.state))
      throw new JobOvertakenError(record.ref);
    return update(record);
  };
}
