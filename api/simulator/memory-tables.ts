import {
  checkKey,
  checkRange,
  checkTableName,
  checkTransaction,
  MAX_PAGE_ENTITIES,
} from "../src/storage/entity-limits.ts";
import {
  EntityChangedError,
  EntityExistsError,
  EntityLimitError,
  EntityNotFoundError,
  type EntityChange,
  type EntityKey,
  type EntityPage,
  type EntityProperties,
  type EntityRange,
  type EntityStore,
  type EntityTable,
  type StoredEntity,
} from "../src/storage/entity-store.ts";

/** What one transaction has changed, with who wrote it. */
export interface Commit {
  readonly table: string;
  readonly writer: string;
  readonly changes: readonly { readonly before: StoredEntity | undefined; readonly after: StoredEntity | undefined }[];
}

/**
 * Tables in memory whose calls take effect at once, so that whoever puts time and faults around them decides when. State: rows
 * by table and partition; each write gives a row a new etag. `entity-store.contract.ts` holds them to the port.
 */
export interface MemoryTables {
  get(table: string, key: EntityKey): StoredEntity | undefined;
  list(table: string, range: EntityRange): EntityPage;
  /** @throws as `EntityTable.transact` does */
  write(table: string, partitionKey: string, changes: readonly EntityChange[], writer: string): (string | undefined)[];
}

export function createMemoryTables(onCommit: (commit: Commit) => void = () => undefined): MemoryTables {
  const partitions = new Map<string, Map<string, StoredEntity>>();
  let etags = 0;
  const rowsOf = (table: string, partitionKey: string): Map<string, StoredEntity> => {
    const name = `${table.toLowerCase()}/${partitionKey}`;
    const rows = partitions.get(name) ?? new Map<string, StoredEntity>();
    partitions.set(name, rows);
    return rows;
  };
  return {
    get(table, key) {
      return rowsOf(table, key.partitionKey).get(key.rowKey);
    },
    list(table, range) {
      const limit = range.limit ?? MAX_PAGE_ENTITIES;
      const after = parseContinuation(range.continuation);
      const found = [...rowsOf(table, range.partitionKey).values()]
        .filter(
          ({ rowKey }) => (range.fromRowKey === undefined || rowKey >= range.fromRowKey) && isBefore(rowKey, range),
        )
        .filter(({ rowKey }) => after === undefined || rowKey > after)
        .sort((one, other) => (one.rowKey < other.rowKey ? -1 : 1));
      const entities = found.slice(0, limit);
      return { entities, continuation: found.length > limit ? CONTINUES + entities.at(-1)?.rowKey : undefined };
    },
    write(table, partitionKey, changes, writer) {
      const rows = rowsOf(table, partitionKey);
      for (const change of changes) refuse(change, rows);
      const made = changes.map((change) => {
        const { rowKey } = change.kind === "delete" ? change.key : change.entity;
        const before = rows.get(rowKey);
        if (change.kind === "delete") {
          rows.delete(rowKey);
          return { before, after: undefined };
        }
        const after = { partitionKey, rowKey, properties: stored(change.entity.properties), etag: String(++etags) };
        rows.set(rowKey, after);
        return { before, after };
      });
      onCommit({ table, writer, changes: made });
      return made.map(({ after }) => after?.etag);
    },
  };
}

/** The tables as the port has them, answering at once. */
export function createMemoryEntityStore(tables: MemoryTables = createMemoryTables()): EntityStore {
  return {
    table(name) {
      checkTableName(name);
      return toEntityTable({
        async get(key) {
          checkKey(key);
          return tables.get(name, key);
        },
        async list(range) {
          checkRange(range);
          return tables.list(name, range);
        },
        async write(partitionKey, changes) {
          checkTransaction(partitionKey, changes);
          return tables.write(name, partitionKey, changes, "test");
        },
      });
    },
    ping: async () => undefined,
    close: async () => undefined,
  };
}

/** All writes are transactions. */
export function toEntityTable(ports: {
  get(key: EntityKey): Promise<StoredEntity | undefined>;
  list(range: EntityRange): Promise<EntityPage>;
  write(partitionKey: string, changes: readonly EntityChange[]): Promise<readonly (string | undefined)[]>;
}): EntityTable {
  const writeOne = async (partitionKey: string, change: EntityChange): Promise<string> =>
    (await ports.write(partitionKey, [change]))[0] ?? "";
  return {
    get: ports.get,
    list: ports.list,
    insert: (entity) => writeOne(entity.partitionKey, { kind: "insert", entity }),
    replace: (entity, etag) => writeOne(entity.partitionKey, { kind: "replace", entity, etag }),
    upsert: (entity) => writeOne(entity.partitionKey, { kind: "upsert", entity }),
    async delete(key, etag) {
      await ports.write(key.partitionKey, [{ kind: "delete", key, ...(etag === undefined ? {} : { etag }) }]);
    },
    transact: ports.write,
  };
}

function refuse(change: EntityChange, rows: ReadonlyMap<string, StoredEntity>): void {
  const { partitionKey, rowKey } = change.kind === "delete" ? change.key : change.entity;
  const key = { partitionKey, rowKey };
  const found = rows.get(rowKey);
  if (change.kind === "upsert") return;
  if (change.kind === "insert") {
    if (found) throw new EntityExistsError(key);
    return;
  }
  if (!found) throw new EntityNotFoundError(key);
  if (change.etag !== undefined && change.etag !== found.etag) throw new EntityChangedError(key);
}

function stored(properties: EntityProperties): StoredEntity["properties"] {
  const kept = Object.entries(properties).filter(([, value]) => value !== undefined);
  return structuredCloneIfNeeded(Object.fromEntries(kept) as StoredEntity["properties"]);
}

/** Texts and numbers can't be changed by whoever gave them. */
function structuredCloneIfNeeded(properties: StoredEntity["properties"]): StoredEntity["properties"] {
  return Object.values(properties).some((value) => value instanceof Uint8Array)
    ? structuredClone(properties)
    : properties;
}

const CONTINUES = "after:";

function parseContinuation(continuation: string | undefined): string | undefined {
  if (continuation === undefined) return undefined;
  if (!continuation.startsWith(CONTINUES))
    throw new EntityLimitError(`'${continuation}' is no continuation of a list.`);
  return continuation.slice(CONTINUES.length);
}

function isBefore(rowKey: string, { toRowKey }: EntityRange): boolean {
  return toRowKey === undefined || rowKey < toRowKey;
}
