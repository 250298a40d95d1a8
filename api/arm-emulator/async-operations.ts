import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

/**
 * ARM's asynchronous operations.
 *
 * State story: `start` makes one InProgress. It ends once, as Succeeded, Failed or Canceled, by
 * `finish`, which its provider calls when the agenda entry that stands for the end comes due, or when
 * an abort gives it up. An ended operation never changes again and stays readable for ever.
 */
export type AsyncOperation = {
  readonly id: string;
  readonly subscriptionId: string;
  readonly location: string;
  /** The provider's namespace, for the operation's URL. */
  readonly namespace: string;
  /** The route's operation name, e.g. `managedClusters.createOrUpdate`. */
  readonly kind: string;
  /** What it works on. */
  readonly targetId: string;
  /** What the provider calls it in its 409 answers, e.g. `Creating`. */
  readonly displayName: string;
  readonly status: "InProgress" | "Succeeded" | "Failed" | "Canceled";
  /** Virtual milliseconds. */
  readonly startMs: number;
  readonly endMs?: number;
  readonly error?: OperationError;
};

export type OperationError = {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly OperationError[];
};

export type AsyncOperations = {
  start(operation: Omit<AsyncOperation, "id" | "status" | "endMs" | "error">): AsyncOperation;
  get(id: string): AsyncOperation | undefined;
  /** Does nothing when the operation has ended already. */
  finish(id: string, status: "Succeeded" | "Failed" | "Canceled", endMs: number, error?: OperationError): void;
  /** The operations that run on this resource and on resources under it, oldest first. */
  listRunning(targetId: string): AsyncOperation[];
  /** Oldest first. */
  list(): AsyncOperation[];
};

export function createAsyncOperations(database: DatabaseSync): AsyncOperations {
  database.exec(`CREATE TABLE IF NOT EXISTS operations (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, target_key TEXT NOT NULL,
    status TEXT NOT NULL, record TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS operations_running ON operations (target_key) WHERE status = 'InProgress';`);
  const insert = database.prepare("INSERT INTO operations (id, target_key, status, record) VALUES (?, ?, ?, ?)");
  const update = database.prepare("UPDATE operations SET status = ?, record = ? WHERE id = ?");
  const select = database.prepare("SELECT record FROM operations WHERE id = ?");
  // "0" is the character after "/": everything under an id sorts between the two.
  const selectRunning = database.prepare(`SELECT record FROM operations WHERE status = 'InProgress'
    AND (target_key = :target OR (target_key > :target || '/' AND target_key < :target || '0')) ORDER BY sequence`);
  const selectAll = database.prepare("SELECT record FROM operations ORDER BY sequence");

  const parse = (row: Record<string, unknown> | undefined): AsyncOperation | undefined =>
    row && (JSON.parse(String(row["record"])) as AsyncOperation);
  const get = (id: string): AsyncOperation | undefined => parse(select.get(id.toLowerCase()));

  return {
    start(operation) {
      const started: AsyncOperation = { ...operation, id: randomUUID(), status: "InProgress" };
      insert.run(started.id, started.targetId.toLowerCase(), started.status, JSON.stringify(started));
      return started;
    },
    get,
    finish(id, status, endMs, error) {
      const before = get(id);
      if (before?.status !== "InProgress") return;
      const ended: AsyncOperation = { ...before, status, endMs, ...(error && { error }) };
      update.run(status, JSON.stringify(ended), before.id);
    },
    listRunning: (targetId) => selectRunning.all({ target: targetId.toLowerCase() }).flatMap((row) => parse(row) ?? []),
    list: () => selectAll.all().flatMap((row) => parse(row) ?? []),
  };
}
