import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkEntity, checkKey, checkRange, checkTableName, checkTransaction, MAX_PAGE_ENTITIES } from "./entity-limits.ts";
import { decodeProperties, encodeProperties } from "./entity-codec.ts";
import { EntityChangedError, EntityExistsError, EntityLimitError, EntityNotFoundError, StoreUnavailableError } from "./entity-store.ts";
import type { Entity, EntityChange, EntityKey, EntityPage, EntityRange, EntityStore, EntityTable, StoredEntity } from "./entity-store.ts";

/**
 * State: one SQLite database, opened and locked by the factory, closed by `close()`. A write is one SQLite transaction and
 * on disk (WAL, synchronous=FULL) before its promise resolves; the calls run on the caller's thread, so no two overlap.
 * While it is open no other process can open the file: two writers that don't know of each other would each believe to be alone.
 */

export interface SqliteEntityStoreOptions {
  /** Database file; its folder is created. In memory, and gone with `close()`, when undefined. */
  readonly path?: string;
  /** The file doesn't grow over this; writes that would make it grow fail like those on a full disk. @default no bound */
  readonly maxBytes?: number;
}

const SCHEMA_VERSION = 1;
// "slpw": tells our files from other programs'.
const APPLICATION_ID = 0x736c7077;
const PAGE_BYTES = 4096;
// As the Table service does, so that a page of large entities doesn't fill the memory.
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** @throws StoreUnavailableError when the file can't be opened, belongs to a running process, or is not one of ours. */
export function createSqliteEntityStore(options: SqliteEntityStoreOptions = {}): EntityStore {
  const place = options.path === undefined ? "memory" : `the data folder '${dirname(options.path)}'`;
  const database = guard(place, () => openDatabase(options, place));
  const sql = prepareStatements(database);
  const run = async <T>(work: () => T): Promise<T> => {
    if (!database.isOpen) throw new StoreUnavailableError(`The store in ${place} is closed.`);
    return guard(place, work);
  };

  return {
    table(name) {
      checkTableName(name);
      // The Table service doesn't tell `Jobs` from `jobs`.
      return createTable(database, sql, name.toLowerCase(), run);
    },
    ping: () => run(() => void sql.ping.run(new Date().toISOString())),
    async close() {
      if (database.isOpen) guard(place, () => database.close());
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
    const { changes } = sql.replace.run(etag, toValue(entity), tableName, entity.partitionKey, entity.rowKey, expectedEtag ?? null);
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

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors, such as a full disk.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function openDatabase({ path, maxBytes }: SqliteEntityStoreOptions, place: string): DatabaseSync {
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path ?? ":memory:");
  try {
    // Before anything is read: the lock must be there from the first page on. Big-endian UTF-16 makes SQLite's byte order
    // of texts the order of UTF-16 code units.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA encoding = 'UTF-16be';
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA fullfsync = ON;
      PRAGMA journal_size_limit = 67108864;
    `);
    if (maxBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`);
    inTransaction(database, () => prepareSchema(database, place));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareSchema(database: DatabaseSync, place: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  const applicationId = Number(database.prepare("PRAGMA application_id").get()?.["application_id"]);
  if (version > SCHEMA_VERSION && applicationId === APPLICATION_ID) {
    throw new StoreUnavailableError(
      `The database in ${place} was written by a newer Slipway (format ${version}, this one reads ${SCHEMA_VERSION}). Run the newer one, or set SLIPWAY_DATA_DIR to another folder.`,
    );
  }
  if (version === SCHEMA_VERSION && applicationId === APPLICATION_ID) {
    // Takes the write lock, as creating the schema does: a second opener must fail here and not at its first write.
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    return;
  }
  if (database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get()) {
    throw new StoreUnavailableError(`The database in ${place} is not one of Slipway's. Set SLIPWAY_DATA_DIR to another folder.`);
  }
  database.exec(`
    CREATE TABLE entity (
      tableName TEXT NOT NULL,
      partitionKey TEXT NOT NULL,
      rowKey TEXT NOT NULL,
      etag TEXT NOT NULL,
      value BLOB NOT NULL,
      PRIMARY KEY (tableName, partitionKey, rowKey)
    ) WITHOUT ROWID;
    CREATE TABLE ping (id INTEGER PRIMARY KEY CHECK (id = 1), at TEXT NOT NULL);
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${SCHEMA_VERSION};
  `);
}

function prepareStatements(database: DatabaseSync) {
  const key = "tableName = ? AND partitionKey = ? AND rowKey = ?";
  return {
    get: database.prepare(`SELECT rowKey, etag, value FROM entity WHERE ${key}`),
    insert: database.prepare("INSERT INTO entity VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
    upsert: database.prepare("INSERT OR REPLACE INTO entity VALUES (?, ?, ?, ?, ?)"),
    replace: database.prepare(`UPDATE entity SET etag = ?, value = ? WHERE ${key} AND etag = ifnull(?, etag)`),
    remove: database.prepare(`DELETE FROM entity WHERE ${key} AND etag = ifnull(?, etag)`),
    list: database.prepare(`
      SELECT rowKey, etag, value FROM entity
      WHERE tableName = ?1 AND partitionKey = ?2 AND rowKey >= max(?3, ifnull(?5, ?3))
        AND (?4 IS NULL OR rowKey < ?4) AND (?5 IS NULL OR rowKey > ?5)
      ORDER BY rowKey LIMIT ?6`),
    ping: database.prepare("INSERT INTO ping VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at"),
  };
}

function toStoredEntity(partitionKey: string, row: Record<string, unknown>): StoredEntity {
  const value = row["value"] as Uint8Array;
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  return { partitionKey, rowKey: row["rowKey"] as string, etag: row["etag"] as string, properties: decodeProperties(text) };
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

// https://www.sqlite.org/rescode.html#primary_result_code_list
const BUSY = 5;
const UNAVAILABLE = new Map([
  [3, "access is denied"],
  [6, "it is locked"],
  [7, "memory has run out"],
  [8, "it can't be written"],
  [10, "the disk reports an error"],
  [11, "it is damaged"],
  [13, "the disk is full"],
  [14, "it can't be opened"],
  [26, "it is damaged or no database"],
]);

function guard<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, place);
  }
}

function toStoreError(error: unknown, place: string): unknown {
  if (!(error instanceof Error)) return error;
  const { errcode, syscall } = error as { errcode?: unknown; syscall?: unknown };
  if (typeof errcode === "number") {
    // The low byte is the primary code, the rest says more of the same.
    const primaryCode = errcode & 0xff;
    if (primaryCode === BUSY) {
      return new StoreUnavailableError(
        `The database in ${place} is in use by another process. Stop that one, or set SLIPWAY_DATA_DIR to another folder.`,
        { cause: error },
      );
    }
    const reason = UNAVAILABLE.get(primaryCode);
    if (reason) return new StoreUnavailableError(`The database in ${place} is unavailable: ${reason} (${error.message}).`, { cause: error });
  }
  if (typeof syscall === "string") {
    return new StoreUnavailableError(`The database in ${place} is unavailable: ${error.message}.`, { cause: error });
  }
  return error;
}
