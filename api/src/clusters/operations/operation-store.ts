import {
  EntityNotFoundError,
  listAll,
  type EntityChange,
  type EntityStore,
  type StoredEntity,
} from "../../storage/entity-store.ts";
import type { ClusterRef } from "../cluster.ts";
import { guardDeletion, guardInsertion, readLiveHolder, type LiveHolder } from "../live-guard.ts";
import { clusterPartition } from "../provisioning/provision.ts";
import { isFinalOperation, tryParseOperationId, type ClusterOperation } from "./cluster-operation.ts";

/** An operation as read, with what a conditional write of it needs. */
export interface StoredOperation {
  readonly operation: ClusterOperation;
  readonly etag: string;
}

export interface OperationPage {
  readonly operations: readonly { readonly cursor: string; readonly operation: ClusterOperation }[];
  readonly hasNextPage: boolean;
}

/**
 * Operations on clusters. All rows about one cluster share a partition of the jobs' table: `operation:<row>` newest first,
 * `live` (the one provision or operation of the cluster that is under way) and, written by the job kernel, `job:<row>`. So an
 * operation, its guard and its job change together or not at all. Two indexes beside them (all, newest first; the live ones)
 * are written before and cleared after, and may hold a row too many after a crash: readers skip those.
 */
export interface OperationStore {
  read(id: string): Promise<StoredOperation | undefined>;
  /** What is under way on the cluster. */
  readHolder(cluster: ClusterRef): Promise<LiveHolder | undefined>;
  /** Puts the id into the indexes; before the operation itself is stored. */
  announce(id: string): Promise<void>;
  /** A new record, with its guard unless it is one that has nothing to do. */
  insertion(operation: ClusterOperation): readonly EntityChange[];
  /** Stores a new record that has nothing to do. */
  insertEnded(operation: ClusterOperation): Promise<void>;
  /** Replaces the record and, when the operation has ended, takes the guard away. */
  replacement(before: StoredOperation, after: ClusterOperation): readonly EntityChange[];
  /** Takes an ended operation out of the index of live ones. */
  retire(id: string): Promise<void>;
  listLive(): Promise<readonly ClusterOperation[]>;
  /** The newest of all clusters; fewer when some that were announced never began. */
  listNewest(limit: number): Promise<readonly ClusterOperation[]>;
  /** Newest first. `after` is a cursor of an earlier page. */
  listOfCluster(cluster: ClusterRef, limit: number, after: string | undefined): Promise<OperationPage>;
}

const ROW_PREFIX = "operation:";

export function createOperationStore(store: EntityStore, workTable: string): OperationStore {
  const work = store.table(workTable);
  const index = store.table("operationindex");

  async function readMany(rows: readonly StoredEntity[]): Promise<ClusterOperation[]> {
    const found = await Promise.all(rows.map(({ properties }) => self.read(String(properties["operationId"]))));
    return found.flatMap((stored) => (stored ? [stored.operation] : []));
  }

  const self: OperationStore = {
    async read(id) {
      const key = tryParseOperationId(id);
      if (!key) return undefined;
      const entity = await work.get({ partitionKey: key.partitionKey, rowKey: ROW_PREFIX + key.row });
      return entity && { operation: parseRecord(entity), etag: entity.etag };
    },
    readHolder: (cluster) => readLiveHolder(work, clusterPartition(cluster)),
    async announce(id) {
      const { partitionKey, row } = keyOf(id);
      // The row begins with the time, newest first.
      const rowKey = `${row}.${partitionKey.slice("cluster:".length)}`;
      await index.upsert({ partitionKey: "all", rowKey, properties: { operationId: id } });
      await index.upsert({ partitionKey: "live", rowKey: id, properties: { operationId: id } });
    },
    insertion(operation) {
      const guard = isFinalOperation(operation.status)
        ? []
        : [guardInsertion(keyOf(operation.id).partitionKey, { operationId: operation.id })];
      return [...guard, { kind: "insert", entity: toEntity(operation) }];
    },
    async insertEnded(operation) {
      await work.transact(keyOf(operation.id).partitionKey, self.insertion(operation));
    },
    replacement(before, after) {
      const hasEnded = isFinalOperation(after.status) && !isFinalOperation(before.operation.status);
      return [
        { kind: "replace", entity: toEntity(after), etag: before.etag },
        ...(hasEnded ? [guardDeletion(keyOf(after.id).partitionKey)] : []),
      ];
    },
    async retire(id) {
      try {
        await index.delete({ partitionKey: "live", rowKey: id });
      } catch (error) {
        if (!(error instanceof EntityNotFoundError)) throw error;
      }
    },
    async listLive() {
      return (await readMany(await listAll(index, { partitionKey: "live" }))).filter(
        ({ status }) => !isFinalOperation(status),
      );
    },
    listNewest: async (limit) => readMany((await index.list({ partitionKey: "all", limit })).entities),
    async listOfCluster(cluster, limit, after) {
      const page = await work.list({
        partitionKey: clusterPartition(cluster),
        // The next key in order is the last one itself plus the lowest character.
        fromRowKey: after === undefined ? ROW_PREFIX : `${ROW_PREFIX}${after} `,
        toRowKey: "operation;",
        limit: limit + 1,
      });
      const operations = page.entities.map((entity) => ({
        cursor: entity.rowKey.slice(ROW_PREFIX.length),
        operation: parseRecord(entity),
      }));
      return { operations: operations.slice(0, limit), hasNextPage: operations.length > limit };
    },
  };
  return self;
}

function keyOf(id: string): { readonly partitionKey: string; readonly row: string } {
  const key = tryParseOperationId(id);
  if (!key) throw new Error(`'${id}' is no operation id.`);
  return key;
}

function toEntity(operation: ClusterOperation) {
  const { partitionKey, row } = keyOf(operation.id);
  // The columns beside the record are for people who look at the table.
  const { status, sequence, cluster, target } = operation;
  return {
    partitionKey,
    rowKey: ROW_PREFIX + row,
    properties: {
      record: JSON.stringify(operation),
      clusterName: cluster.name,
      operationKind: target.kind,
      status,
      sequence,
    },
  };
}

function parseRecord(entity: StoredEntity): ClusterOperation {
  return JSON.parse(String(entity.properties["record"])) as ClusterOperation;
}
