import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "./entity-store.ts";

export interface SqliteDatabaseOptions {
  /** Database file; its folder is created. In memory, and gone with `close()`, when undefined. */
  readonly path?: string;
  /** The file doesn't grow over this; writes that would make it grow fail like those on a full disk. @default no bound */
  readonly maxBytes?: number;
}

const SCHEMA_VERSION = 1;
// "slpw": tells our files from other programs'.
const APPLICATION_ID = 0x736c7077;
const PAGE_BYTES = 4096;
/** How messages name the database. */
export function placeOf({ path }: SqliteDatabaseOptions): string {
  return path === undefined ? "memory" : `the data folder '${dirname(path)}'`;
}

/**
 * Opens the database, creates what is missing and locks it against other processes until it is closed.
 * @throws StoreUnavailableError when it can't be opened, belongs to a running process, or is not one of ours.
 */
export function openSqliteDatabase(options: SqliteDatabaseOptions): DatabaseSync {
  const place = placeOf(options);
  return withStoreErrors(place, () => openDatabase(options, place));
}

/** All of `work` or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
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

function openDatabase({ path, maxBytes }: SqliteDatabaseOptions, place: string): DatabaseSync {
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
    throw new StoreUnavailableError(
      `The database in ${place} is not one of Slipway's. Set SLIPWAY_DATA_DIR to another folder.`,
    );
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

/** Runs `work`; what SQLite and the file system refuse comes out as StoreUnavailableError. */
export function withStoreErrors<T>(place: string, work: () => T): T {
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
    if (reason)
      return new StoreUnavailableError(`The database in ${place} is unavailable: ${reason} (${error.message}).`, {
        cause: error,
      });
  }
  if (typeof syscall === "string") {
    return new StoreUnavailableError(`The database in ${place} is unavailable: ${error.message}.`, { cause: error });
  }
  return error;
}
