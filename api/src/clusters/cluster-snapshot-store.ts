import { createHash } from "node:crypto";
import { listAll, type EntityChange, type EntityStore } from "../storage/entity-store.ts";
import { clusterKey, type Cluster, type ClusterRef } from "./cluster.ts";

/** A cluster as it was when somebody last looked. */
export interface ClusterSnapshot {
  readonly cluster: Cluster;
  /** Rises with every change of the cluster. */
  readonly version: number;
  /** ISO time of the look that found it so first. */
  readonly changedAt: string;
}

/** When the clusters of a subscription were last listed, and what stood in the way since. */
export interface ClusterLook {
  /** ISO time; undefined while none has come off. */
  readonly at?: string;
  readonly problem?: string;
  /** Rises when a problem comes, becomes another one, or goes. */
  readonly version?: number;
}

/** Rows of one subscription share a partition with the job that watches them: `snapshot:<cluster>` and `looked`. */
export interface ClusterSnapshotStore {
  list(subscriptionId: string): Promise<readonly ClusterSnapshot[]>;
  /** Deleted ones included. */
  find(cluster: ClusterRef): Promise<ClusterSnapshot | undefined>;
  lastLook(subscriptionId: string): Promise<ClusterLook | undefined>;
  upsertion(snapshot: ClusterSnapshot): EntityChange;
  lookUpsertion(subscriptionId: string, look: ClusterLook): EntityChange;
}

export function watchPartition(subscriptionId: string): string {
  return `clusters:${subscriptionId.toLowerCase()}`;
}

export function createClusterSnapshotStore(store: EntityStore, workTable: string): ClusterSnapshotStore {
  const table = store.table(workTable);
  return {
    async list(subscriptionId) {
      const range = { partitionKey: watchPartition(subscriptionId), fromRowKey: "snapshot:", toRowKey: "snapshot;" };
      return (await listAll(table, range)).map(
        (entity) => JSON.parse(String(entity.properties["record"])) as ClusterSnapshot,
      );
    },
    async find(cluster) {
      const entity = await table.get({
        partitionKey: watchPartition(cluster.subscriptionId),
        rowKey: snapshotRow(cluster),
      });
      return entity && (JSON.parse(String(entity.properties["record"])) as ClusterSnapshot);
    },
    async lastLook(subscriptionId) {
      const entity = await table.get({ partitionKey: watchPartition(subscriptionId), rowKey: "looked" });
      return entity && (JSON.parse(String(entity.properties["record"])) as ClusterLook);
    },
    upsertion(snapshot) {
      const partitionKey = watchPartition(snapshot.cluster.subscriptionId);
      return {
        kind: "upsert",
        entity: {
          partitionKey,
          rowKey: snapshotRow(snapshot.cluster),
          properties: { record: JSON.stringify(snapshot) },
        },
      };
    },
    lookUpsertion: (subscriptionId, look) => ({
      kind: "upsert",
      entity: {
        partitionKey: watchPartition(subscriptionId),
        rowKey: "looked",
        properties: { record: JSON.stringify(look) },
      },
    }),
  };
}

function snapshotRow(cluster: ClusterRef): string {
  return `snapshot:${createHash("sha256").update(clusterKey(cluster)).digest("hex").slice(0, 32)}`;
}
