import {
  EntityNotFoundError,
  listAll,
  type EntityChange,
  type EntityKey,
  type EntityStore,
  type StoredEntity,
} from "../../storage/entity-store.ts";
import type { ClusterRef } from "../cluster.ts";
import { guardDeletion, guardInsertion } from "../live-guard.ts";
import {
  clusterPartition,
  isTerminalProvision,
  needsAttention,
  tryParseProvisionId,
  type Provision,
  type TimelineEntry,
} from "./provision.ts";

/** A provision as read, with what a conditional write of it needs. */
export interface StoredProvision {
  readonly provision: Provision;
  readonly etag: string;
}

export interface ProvisionPage {
  readonly provisions: readonly { readonly cursor: string; readonly provision: Provision }[];
  readonly hasNextPage: boolean;
}

/**
 * Provisions and their timelines. All rows about one cluster share a partition of the jobs' table:
 * `provision:<attempt>`, `timeline:<attempt>:<sequence>`, `live` (the one provision or operation of the cluster that is under way) and,
 * written by the job kernel, `job:<attempt>`. So a provision, its guard, its timeline and its job change together or not
 * at all. Three indexes beside them (all, newest first; the live ones; those that may need attention) are written before and
 * cleared after, and may hold a row too many after a crash: readers skip those.
 */
export interface ProvisionStore {
  read(id: string): Promise<StoredProvision | undefined>;
  /** Puts the id into the indexes; before the provision itself is stored. */
  announce(provision: Provision): Promise<void>;
  insertion(provision: Provision, entries: readonly TimelineEntry[]): readonly EntityChange[];
  /** Replaces the record, appends to the timeline and, when the provision has ended, takes the guard away. */
  replacement(before: StoredProvision, after: Provision, entries: readonly TimelineEntry[]): readonly EntityChange[];
  /** Makes changes of one provision, all or none. */
  apply(id: string, changes: readonly EntityChange[]): Promise<void>;
  /** Takes an ended provision out of the index of live ones. */
  retire(id: string): Promise<void>;
  /** Takes one that needs no attention out of the index of those that may. */
  settle(provision: Provision): Promise<void>;
  listLive(): Promise<readonly Provision[]>;
  /** Newest first. `after` is a cursor of an earlier page. */
  listNewest(limit: number, after: string | undefined): Promise<ProvisionPage>;
  /** The newest attempts to create one cluster, newest first. */
  listOfCluster(cluster: ClusterRef, limit: number): Promise<readonly Provision[]>;
  /** The same of those alone that did not succeed and that nobody has taken care of. */
  listNeedingAttention(limit: number, after: string | undefined): Promise<ProvisionPage>;
  /** Entries after `sequence` in order, at most `limit`. */
  readTimeline(id: string, afterSequence: number, limit: number): Promise<readonly TimelineEntry[]>;
}

const LAST_TIME_MS = 8_640_000_000_000_000;
const SEQUENCE_DIGITS = 8;

export function createProvisionStore(store: EntityStore, workTable: string): ProvisionStore {
  const work = store.table(workTable);
  const index = store.table("provisionindex");

  async function readMany(ids: readonly string[]): Promise<(Provision | undefined)[]> {
    return Promise.all(ids.map(async (id) => (await self.read(id))?.provision));
  }

  async function removeFromIndex(key: EntityKey): Promise<void> {
    try {
      await index.delete(key);
    } catch (error) {
      if (!(error instanceof EntityNotFoundError)) throw error;
    }
  }

  async function listPage(
    partitionKey: string,
    belongs: (provision: Provision) => boolean,
    limit: number,
    after: string | undefined,
  ): Promise<ProvisionPage> {
    const provisions: { cursor: string; provision: Provision }[] = [];
    // The cursor is the row key of the last one seen; the next key in order is itself plus the lowest character.
    let fromRowKey = after === undefined ? undefined : `${after} `;
    while (provisions.length <= limit) {
      const page = await index.list({
        partitionKey,
        limit: limit + 1,
        ...(fromRowKey === undefined ? {} : { fromRowKey }),
      });
      const found = await readMany(page.entities.map((entity) => String(entity.properties["provisionId"])));
      page.entities.forEach((entity, at) => {
        const provision = found[at];
        // The same id is announced under several times when one idempotency key is sent several times at once.
        if (provision && newestFirstKey(provision) === entity.rowKey && belongs(provision))
          provisions.push({ cursor: entity.rowKey, provision });
      });
      const last = page.entities.at(-1);
      if (!last || page.continuation === undefined) break;
      fromRowKey = `${last.rowKey} `;
    }
    return { provisions: provisions.slice(0, limit), hasNextPage: provisions.length > limit };
  }

  const self: ProvisionStore = {
    async read(id) {
      const key = tryParseProvisionId(id);
      if (!key) return undefined;
      const entity = await work.get({ partitionKey: key.partitionKey, rowKey: `provision:${key.attempt}` });
      return entity && { provision: parseRecord<Provision>(entity), etag: entity.etag };
    },
    async announce(provision) {
      const { id } = provision;
      await index.upsert({ partitionKey: "all", rowKey: newestFirstKey(provision), properties: { provisionId: id } });
      await index.upsert({ partitionKey: "live", rowKey: id, properties: { provisionId: id } });
      await index.upsert({
        partitionKey: "attention",
        rowKey: newestFirstKey(provision),
        properties: { provisionId: id },
      });
    },
    insertion(provision, entries) {
      const { partitionKey, attempt } = keyOf(provision.id);
      return [
        guardInsertion(partitionKey, { provisionId: provision.id }),
        { kind: "insert", entity: toEntity(provision) },
        ...entries.map((entry) => timelineInsertion(partitionKey, attempt, entry)),
      ];
    },
    replacement(before, after, entries) {
      const { partitionKey, attempt } = keyOf(after.id);
      const ended = isTerminalProvision(after.status) && !isTerminalProvision(before.provision.status);
      return [
        { kind: "replace", entity: toEntity(after), etag: before.etag },
        ...entries.map((entry) => timelineInsertion(partitionKey, attempt, entry)),
        ...(ended ? [guardDeletion(partitionKey)] : []),
      ];
    },
    async apply(id, changes) {
      await work.transact(keyOf(id).partitionKey, [...changes]);
    },
    retire: (id) => removeFromIndex({ partitionKey: "live", rowKey: id }),
    settle: (provision) => removeFromIndex({ partitionKey: "attention", rowKey: newestFirstKey(provision) }),
    async listLive() {
      const found = await readMany((await listAll(index, { partitionKey: "live" })).map((entity) => entity.rowKey));
      return found
        .filter((provision) => provision !== undefined)
        .filter((provision) => !isTerminalProvision(provision.status));
    },
    listNewest: (limit, after) => listPage("all", () => true, limit, after),
    listNeedingAttention: (limit, after) => listPage("attention", needsAttention, limit, after),
    async listOfCluster(cluster, limit) {
      const range = { partitionKey: clusterPartition(cluster), fromRowKey: "provision:", toRowKey: "provision;" };
      // An attempt's key begins with its time.
      const newest = (await listAll(work, range)).slice(-limit).toReversed();
      return newest.map((entity) => parseRecord<Provision>(entity));
    },
    async readTimeline(id, afterSequence, limit) {
      const key = tryParseProvisionId(id);
      if (!key) return [];
      const prefix = `timeline:${key.attempt}:`;
      const page = await work.list({
        partitionKey: key.partitionKey,
        fromRowKey: prefix + formatSequence(afterSequence + 1),
        toRowKey: `timeline:${key.attempt};`,
        limit,
      });
      return page.entities.map((entity) => parseRecord<TimelineEntry>(entity));
    },
  };
  return self;
}

function keyOf(id: string): { readonly partitionKey: string; readonly attempt: string } {
  const key = tryParseProvisionId(id);
  if (!key) throw new Error(`'${id}' is no provision id.`);
  return key;
}

function newestFirstKey({ id, createdAt }: Provision): string {
  return `${String(LAST_TIME_MS - Date.parse(createdAt)).padStart(16, "0")}:${id}`;
}

function toEntity(provision: Provision): {
  partitionKey: string;
  rowKey: string;
  properties: Record<string, string | number>;
} {
  const { partitionKey, attempt } = keyOf(provision.id);
  // The columns beside the record are for people who look at the table.
  const { status, phase, sequence, cluster } = provision;
  return {
    partitionKey,
    rowKey: `provision:${attempt}`,
    properties: { record: JSON.stringify(provision), clusterName: cluster.name, status, phase, sequence },
  };
}

function timelineInsertion(partitionKey: string, attempt: string, entry: TimelineEntry): EntityChange {
  const rowKey = `timeline:${attempt}:${formatSequence(entry.sequence)}`;
  return { kind: "insert", entity: { partitionKey, rowKey, properties: { record: JSON.stringify(entry) } } };
}

function formatSequence(sequence: number): string {
  return String(sequence).padStart(SEQUENCE_DIGITS, "0");
}

function parseRecord<T>(entity: StoredEntity): T {
  return JSON.parse(String(entity.properties["record"])) as T;
}
