import type { DatabaseSync } from "node:sqlite";

/** Rows kept; older ones go, so that a demo left running for weeks stays small. */
const KEPT_ROWS = 200_000;

export type LoggedRequest = {
  /** Counts from 1 and never repeats, not even after a reset. */
  readonly n: number;
  /** Virtual time, ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** What was answered, or would have been had the reply not been lost; 0 when the request was dropped unheard. */
  readonly status: number;
  readonly clientRequestId: string | null;
  /** It changed something, also when the reply was lost. */
  readonly effective: boolean;
};

export type RequestLog = {
  append(entry: Omit<LoggedRequest, "n">): void;
  /** Entries with `n` greater than `since`, oldest first. */
  since(since: number): LoggedRequest[];
  /** The number of the newest entry there ever was; 0 before the first. */
  lastNumber(): number;
};

export function createRequestLog(database: DatabaseSync): RequestLog {
  database.exec(`CREATE TABLE IF NOT EXISTS requests (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    status INTEGER NOT NULL, client_request_id TEXT, effective INTEGER NOT NULL);`);
  const insert = database.prepare(
    "INSERT INTO requests (at, method, path, status, client_request_id, effective) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const select = database.prepare("SELECT * FROM requests WHERE n > ? ORDER BY n");
  const prune = database.prepare("DELETE FROM requests WHERE n <= ?");

  const last = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'requests'");

  return {
    append({ at, method, path, status, clientRequestId, effective }) {
      const { lastInsertRowid } = insert.run(at, method, path, status, clientRequestId, effective ? 1 : 0);
      const n = Number(lastInsertRowid);
      if (n % 1000 === 0) prune.run(n - KEPT_ROWS);
    },
    since: (since) =>
      select.all(since).map((row) => ({
        n: Number(row["n"]),
        at: String(row["at"]),
        method: String(row["method"]),
        path: String(row["path"]),
        status: Number(row["status"]),
        clientRequestId: row["client_request_id"] === null ? null : String(row["client_request_id"]),
        effective: Number(row["effective"]) === 1,
      })),
    lastNumber: () => Number(last.get()?.["seq"] ?? 0),
  };
}
