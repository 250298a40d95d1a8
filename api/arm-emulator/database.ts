import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How long to wait for another emulator that is just ending. */
const LOCK_TIMEOUT_MS = 1000;

/** The emulator's world can't be opened. Another start would not help; the message says what to do. */
export class DatabaseUnavailableError extends Error {
  constructor(path: string, options: ErrorOptions) {
    super(
      `'${path}' can't be opened; does another emulator use the folder? Stop that one, or set SLIPWAY_DATA_DIR to another folder.`,
      options,
    );
    this.name = "DatabaseUnavailableError";
  }
}

/**
 * Opens the emulator's database, in memory when no folder is given.
 * WAL with synchronous=NORMAL: the death of the process loses nothing that was committed; only the death
 * of the machine may lose the last moments, and never the file. One emulator at a time: two clocks would fight.
 * @throws DatabaseUnavailableError when another emulator uses the folder, or when it can't be written
 */
export function openDatabase(dataDir: string | undefined): DatabaseSync {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const path = dataDir === undefined ? ":memory:" : join(dataDir, "arm-emulator.sqlite");
  const database = openFile(path);
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    database.exec("BEGIN EXCLUSIVE; COMMIT");
  } catch (error) {
    database.close();
    throw new DatabaseUnavailableError(path, { cause: error });
  }
  return database;
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS });
  } catch (error) {
    throw new DatabaseUnavailableError(path, { cause: error });
  }
}

/** Runs `work` in one transaction; what it throws undoes everything it wrote and is thrown on. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** The same inside a transaction. */
export function inSavepoint<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec("SAVEPOINT handler");
  try {
    const result = work();
    database.exec("RELEASE handler");
    return result;
  } catch (error) {
    database.exec("ROLLBACK TO handler; RELEASE handler");
    throw error;
  }
}

/** Empties every table but the clock's, which is kept by its owner. */
export function clearDatabase(database: DatabaseSync): void {
  const tables = database.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'clock'",
  );
  for (const { name } of tables.all()) database.exec(`DELETE FROM "${String(name)}"`);
}
