import type { DatabaseSync } from "node:sqlite";
import type { JsonObject } from "./provider.ts";

/**
 * What will happen in Azure, and when.
 *
 * State story: an entry is written by a handler (`schedule`) in the same transaction as the change it
 * belongs to. It leaves in one of two ways: its time comes and `takeDue` hands it to its provider, or
 * the operation it belongs to is given up (`cancelOperation`). Nothing runs on timers: before each
 * request the emulator takes all due entries, oldest first, so that the world is the same whether it
 * was looked at every second or only once at the end, and the same after a restart.
 */
export type AgendaEntry = {
  readonly sequence: number;
  /** Virtual milliseconds. */
  readonly dueMs: number;
  /** Names the provider's function, e.g. `aks.poolReady`. */
  readonly kind: string;
  /** The ARM operation this belongs to; empty when there is none. */
  readonly operationId: string;
  readonly payload: JsonObject;
};

export type Agenda = {
  schedule(entry: { dueMs: number; kind: string; operationId?: string; payload: JsonObject }): void;
  /** Removes and returns the oldest entry that is due at `nowMs`. */
  takeDue(nowMs: number): AgendaEntry | undefined;
  cancelOperation(operationId: string): void;
};

export function createAgenda(database: DatabaseSync): Agenda {
  database.exec(`CREATE TABLE IF NOT EXISTS agenda (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, due_ms INTEGER NOT NULL, kind TEXT NOT NULL,
    operation_id TEXT NOT NULL, payload TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS agenda_due ON agenda (due_ms, sequence);`);
  const insert = database.prepare("INSERT INTO agenda (due_ms, kind, operation_id, payload) VALUES (?, ?, ?, ?)");
  const oldestDue = database.prepare("SELECT * FROM agenda WHERE due_ms <= ? ORDER BY due_ms, sequence LIMIT 1");
  const remove = database.prepare("DELETE FROM agenda WHERE sequence = ?");
  const removeOperation = database.prepare("DELETE FROM agenda WHERE operation_id = ?");

  return {
    schedule({ dueMs, kind, operationId = "", payload }) {
      insert.run(Math.ceil(dueMs), kind, operationId, JSON.stringify(payload));
    },
    takeDue(nowMs) {
      const row = oldestDue.get(nowMs);
      if (row === undefined) return undefined;
      remove.run(Number(row["sequence"]));
      return {
        sequence: Number(row["sequence"]),
        dueMs: Number(row["due_ms"]),
        kind: String(row["kind"]),
        operationId: String(row["operation_id"]),
        payload: JSON.parse(String(row["payload"])) as JsonObject,
      };
    },
    cancelOperation(operationId) {
      if (operationId !== "") removeOperation.run(operationId);
    },
  };
}
