import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { decodeProperties, encodeProperties } from "./entity-codec.ts";
import {
  checkEntity,
  checkKey,
  checkRange,
  checkTableName,
  checkTransaction,
  MAX_PAGE_ENTITIES,
} from "./entity-limits.ts";
import {
  EntityChangedError,
  EntityExistsError,
  EntityLimitError,
  EntityNotFoundError,
  StoreUnavailableError,
} from "./entity-store.ts";
import type {
  Entity,
  EntityChange,
  EntityKey,
  EntityPage,
  EntityRange,
  EntityStore,
  EntityTable,
  StoredEntity,
} from "./entity-store.ts";
import { inTransaction, openSqliteDatabase, placeOf, withStoreErrors } from "./sqlite-database.ts";
import type { SqliteDatabaseOptions } from "./sqlite-database.ts";

/**
 * State: one SQLite database, opened and locked by the factory, closed by `close()`. A write is one SQLite transaction and
 * on disk (WAL, synchronous=FULL) before its promise resolves; the calls run on the caller's thread, so no two overlap.
 * While it is open no other process can open the file: two writers that don't know of each other would each believe to be alone.
 */

// As the Table service does, so that a page of large entities doesn't fill the memory.
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** @throws StoreUnavailableError when the file can't be opened, belongs to a running process, or is not one of ours. */
export function createSqliteEntityStore(options: SqliteDatabaseOptions = {}): EntityStore {
  const place = placeOf(options);
  const database = openSqliteDatabase(options);
  const sql = prepareStatements(database);
  const run = async <T>(work: () => T): Promise<T> => {
    if (!database.isOpen) throw new StoreUnavailableError(`The store in ${place} is closed.`);
    return withStoreErrors(place, work);
  };

  return {
    table(name) {
      checkTableName(name);
      // The Table service doesn't tell `Jobs` from `jobs`.
      return createTable(database, sql, name.toLowerCase(), run);
    },
    ping: () => run(() => void sql.ping.run(new Date().toISOString())),
    async close() {
      if (database.isOpen) withStoreErrors(place, () => database.close());
    },
  };
}

type Statements = ReturnType<typeof prepareStatements>;
type Run = <T>(work: () => T) => Promise<T>;

function createTable(database: DatabaseSync, sql: Statements, tableName: string, run: Run): EntityTable {
  const read = ({ partitionKey, rowKey }: EntityKey): StoredEntity | undefined => {
    const row = sql.get.get(tableName, partitionKey, rowKey);
    return row && toStoredEntity(partitionKey, row);
  };

  const insert = (entity: Entity): string => {
    const etag = randomUUID();
    const { changes } = sql.insert.run(tableName, entity.partitionKey, entity.rowKey, etag, toValue(entity));
    if (changes === 0) throw new EntityExistsError(keyOf(entity));
    return etag;
  };

  const upsert = (entity: Entity): string => {
    const etag = randomUUID();
    sql.upsert.run(tableName, entity.partitionKey, entity.rowKey, etag, toValue(entity));
    return etag;
  };

  const replace = (entity: Entity, expectedEtag: string | undefined): string => {
    const etag = randomUUID();
    const { changes } = sql.replace.run(
      etag,
      toValue(entity),
      tableName,
      entity.partitionKey,
      entity.rowKey,
      expectedEtag ?? null,
    );
    if (changes === 0) throw refusal(entity);
    return etag;
  };

  const remove = (key: EntityKey, expectedEtag: string | undefined): void => {
    const { changes } = sql.remove.run(tableName, key.partitionKey, key.rowKey, expectedEtag ?? null);
    if (changes === 0) throw refusal(key);
  };

  const refusal = (key: EntityKey): Error =>
    read(key) ? new EntityChangedError(keyOf(key)) : new EntityNotFoundError(keyOf(key));

  const apply = (change: EntityChange): string | undefined => {
    switch (change.kind) {
      case "insert":
        return insert(change.entity);
      case "upsert":
        return upsert(change.entity);
      case "replace":
        return replace(change.entity, change.etag);
      case "delete":
        return void remove(change.key, change.etag);
    }
  };

  return {
    get: (key) =>
      run(() => {
        checkKey(key);
        return read(key);
      }),
    insert: (entity) =>
      run(() => {
        checkEntity(entity);
        return insert(entity);
      }),
    replace: (entity, etag) =>
      run(() => {
        checkEntity(entity);
        return replace(entity, etag);
      }),
    upsert: (entity) =>
      run(() => {
        checkEntity(entity);
        return upsert(entity);
      }),
    delete: (key, etag) =>
      run(() => {
        checkKey(key);
        remove(key, etag);
      }),
    list: (range) =>
      run(() => {
        checkRange(range);
        return listPage(sql, tableName, range);
      }),
    transact: (partitionKey, changes) =>
      run(() => {
        checkTransaction(partitionKey, changes);
        return inTransaction(database, () => changes.map(apply));
      }),
  };
}

function listPage(sql: Statements, tableName: string, range: EntityRange): EntityPage {
  const limit = range.limit ?? MAX_PAGE_ENTITIES;
  const after = range.continuation === undefined ? undefined : decodeContinuation(range.continuation);
  const rows = sql.list.iterate(
    tableName,
    range.partitionKey,
    range.fromRowKey ?? "",
    range.toRowKey ?? null,
    after ?? null,
    limit + 1,
  );
  const entities: StoredEntity[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += (row["value"] as Uint8Array).byteLength;
    if (entities.length === limit || (bytes > MAX_PAGE_BYTES && entities.length > 0)) {
      return { entities, continuation: encodeContinuation(entities.at(-1)?.rowKey ?? "") };
    }
    entities.push(toStoredEntity(range.partitionKey, row));
  }
  return { entities, continuation: undefined };
}

/**
 * One range of the primary key: a bound that is only a filter would read on to the end of the partition. Without an upper
 * bound it is a blob, which comes after every text.
 */
export const LIST = `
  SELECT rowKey, etag, value FROM entity
  WHERE tableName = ?1 AND partitionKey = ?2 AND rowKey >= max(?3, ifnull(?5, ?3))
    AND rowKey < ifnull(?4, x'') AND (?5 IS NULL OR rowKey > ?5)
  ORDER BY rowKey LIMIT ?6`;

function prepareStatements(database: DatabaseSync) {
  const key = "tableName = ? AND partitionKey = ? AND rowKey = ?";
  return {
    get: database.prepare(`SELECT rowKey, etag, value FROM entity WHERE ${key}`),
    insert: database.prepare("INSERT INTO entity VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
    upsert: database.prepare("INSERT OR REPLACE INTO entity VALUES (?, ?, ?, ?, ?)"),
    replace: database.prepare(`UPDATE entity SET etag = ?, value = ? WHERE ${key} AND etag = ifnull(?, etag)`),
    remove: database.prepare(`DELETE FROM entity WHERE ${key} AND etag = ifnull(?, etag)`),
    list: database.prepare(LIST),
    ping: database.prepare("INSERT INTO ping VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at"),
  };
}

function toStoredEntity(partitionKey: string, row: Record<string, unknown>): StoredEntity {
  const value = row["value"] as Uint8Array;
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  return {
    partitionKey,
    rowKey: row["rowKey"] as string,
    etag: row["etag"] as string,
    properties: decodeProperties(text),
  };
}

function toValue(entity: Entity): Uint8Array {
  return Buffer.from(encodeProperties(entity.properties), "utf8");
}

function keyOf({ partitionKey, rowKey }: EntityKey): EntityKey {
  return { partitionKey, rowKey };
}

function encodeContinuation(lastRowKey: string): string {
  return Buffer.from(JSON.stringify({ after: lastRowKey }), "utf8").toString("base64url");
}

function decodeContinuation(continuation: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(continuation, "base64url").toString("utf8")) as { after?: unknown };
    if (typeof after === "string") return after;
  } catch {
    // Falls through to the same answer as a well-formed text of something else.
  }
  throw new EntityLimitError(`'${continuation.slice(0, 100)}' is no continuation of a list.`);
}
