import type { ClusterRef } from "../src/clusters/cluster.ts";
import type { JobStore } from "../src/jobs/job-store.ts";
import type { JobRecord } from "../src/jobs/job.ts";
import { AzureError } from "../src/shared/azure-error.ts";
import type { EntityChange, EntityStore, EntityTable, StoredEntity } from "../src/storage/entity-store.ts";
import { withCallFault } from "./fault-profile.ts";
import type { Mutation } from "./mutation.ts";

/**
 * Every protection that can be taken away from outside. `docs/reliability.md` has what each one's absence does. Not here, because
 * others stand behind it: the ETag of a provision, which changes in one transaction with its job.
 */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "job records are replaced whatever their ETag",
    store: (store) =>
      changingWrites(store, (change) => (rowKeyOf(change).startsWith("job:") ? withoutEtag(change) : change)),
  },
  {
    name: "whoever was overtaken does not notice",
    jobStore: (store) => ({
      ...store,
      write: (job, update, changes) => store.write(job, (record) => update(asClaimed(record, job.record)), changes),
    }),
  },
  {
    name: "nobody knows a write of theirs again",
    store: (store) => changingReads(store, (properties) => ({ ...properties, writeId: "unknown" })),
    profile: (profile) => withCallFault(profile, "table", "repeat", 0.05),
  },
  { name: "no sweep", active: (index) => ({ ...index, list: async function* () {} }) },
  {
    name: "a message is gone when it was received",
    messages: (queue) => ({
      ...queue,
      async receive(limit, hiddenMs) {
        const received = await queue.receive(limit, hiddenMs);
        for (const message of received) await queue.delete(message).catch(() => undefined);
        return received;
      },
    }),
  },
  {
    name: "messages expire",
    messages: (queue, { messages }) => ({
      ...queue,
      receive(limit, hiddenMs) {
        messages.expire(20_000);
        return queue.receive(limit, hiddenMs);
      },
    }),
  },
  {
    name: "a create overwrites (no If-None-Match)",
    azure: (ports, { azure }) => ({
      ...ports,
      aks: {
        ...ports.aks,
        submitCluster: (ref, spec, signal) =>
          ports.aks.submitCluster(ref, spec, signal).catch((error: unknown) => {
            if (azure.getCluster(ref) === undefined) throw error;
            return azure.createCluster(ref, spec, { mayOverwrite: true });
          }),
      },
    }),
  },
  {
    name: "a cluster does not say who made it (no tag)",
    azure: (ports) => ({
      ...ports,
      aks: {
        ...ports.aks,
        async getCluster(ref: ClusterRef, signal?: AbortSignal) {
          const cluster = await ports.aks.getCluster(ref, signal);
          return cluster && cluster.provisioningState === "Creating" ? { ...cluster, tags: {} } : cluster;
        },
      },
    }),
  },
  {
    name: "a lost reply is taken for a refusal",
    azure: (ports) => ({
      ...ports,
      aks: {
        ...ports.aks,
        submitCluster: (ref, spec, signal) =>
          ports.aks.submitCluster(ref, spec, signal).catch((error: unknown) => {
            throw error instanceof AzureError && error.kind === "lost-reply"
              ? new AzureError({ kind: "permanent", body: error.body })
              : error;
          }),
      },
    }),
    profile: (profile) => withCallFault(profile, "azure", "lose-reply", 0.15),
  },
  {
    name: "deaths are not counted",
    jobStore: (store) => changingRecords(store, (record) => ({ ...record, crashes: 0 })),
  },
  {
    name: "deaths are counted for ever",
    jobStore: (store) =>
      changingRecords(store, (record, before) => ({ ...record, crashes: Math.max(record.crashes, before.crashes) })),
  },
  {
    name: "time stands still for leases",
    clock: (clock) => ({ ...clock, monotonicMs: () => 0 }),
    profile: (profile) => withCallFault({ ...profile, skewMs: 0 }, "table", "pause-after", 0.05),
  },
  {
    name: "no lease is renewed and no message kept hidden",
    clock: (clock) => ({
      ...clock,
      schedule: (delayMs, task) => (delayMs === 5_000 ? () => undefined : clock.schedule(delayMs, task)),
    }),
  },
  {
    name: "idempotency keys are forgotten",
    idempotencyKeys: (keys) => ({
      ...keys,
      find: async () => undefined,
      claim: async (_viewerId, _key, _input, provisionId) => ({ provisionId, isNew: true }),
    }),
    profile: (profile) => ({ ...profile, people: { ...profile.people, doubleShare: 1 } }),
  },
  {
    name: "no guard against a second live provision",
    store: (store) => changingWrites(store, (change) => (rowKeyOf(change) === "live" ? unguarded(change) : change)),
    profile: (profile) => ({ ...profile, people: { ...profile.people, rivalShare: 1 } }),
  },
];

function rowKeyOf(change: EntityChange): string {
  return change.kind === "delete" ? change.key.rowKey : change.entity.rowKey;
}

function withoutEtag(change: EntityChange): EntityChange {
  if (change.kind === "replace") return { kind: "replace", entity: change.entity };
  return change.kind === "delete" ? { kind: "delete", key: change.key } : change;
}

function unguarded(change: EntityChange): EntityChange {
  if (change.kind === "insert") return { kind: "upsert", entity: change.entity };
  // Deleted twice is fine without a guard too.
  return change.kind === "delete"
    ? { kind: "upsert", entity: { ...change.key, properties: { provisionId: "nobody" } } }
    : change;
}

function asClaimed(record: JobRecord, claimed: JobRecord): JobRecord {
  return { ...record, fence: claimed.fence, lease: claimed.lease, state: claimed.state };
}

function changingRecords(store: JobStore, change: (record: JobRecord, before: JobRecord) => JobRecord): JobStore {
  return {
    ...store,
    write: (job, update, changes) => store.write(job, (record) => change(update(record), record), changes),
  };
}

function changingTables(store: EntityStore, change: (table: EntityTable) => EntityTable): EntityStore {
  return { ...store, table: (name) => change(store.table(name)) };
}

function changingWrites(store: EntityStore, change: (change: EntityChange) => EntityChange): EntityStore {
  return changingTables(store, (table) => ({
    ...table,
    transact: (partitionKey, changes) => table.transact(partitionKey, changes.map(change)),
  }));
}

function changingReads(
  store: EntityStore,
  change: (properties: StoredEntity["properties"]) => StoredEntity["properties"],
): EntityStore {
  return changingTables(store, (table) => ({
    ...table,
    async get(key) {
      const entity = await table.get(key);
      return entity && { ...entity, properties: change(entity.properties) };
    },
  }));
}
