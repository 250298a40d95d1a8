import type { DatabaseSync } from "node:sqlite";
import { isTerminal } from "./run.ts";
import type { Run, RunKey } from "./run.ts";

/** The runs of all registries; names of registries are compared without regard to case. */
export type RunStore = {
  /** The number of the next run of a registry. */
  nextSequence(registry: string): number;
  put(run: Run): void;
  get(key: RunKey): Run | undefined;
  /** Newest first, read as far as the caller goes. */
  newest(registry: string, beforeSequence?: number): Iterable<Run>;
  /** Runs that hold an agent. */
  active(registry: string): Run[];
  /** Oldest first. */
  queued(registry: string): Run[];
  /** Of all registries, oldest first. */
  all(): Run[];
};

export function createRunStore(database: DatabaseSync): RunStore {
  database.exec(`CREATE TABLE IF NOT EXISTS runs (
    registry TEXT NOT NULL, sequence INTEGER NOT NULL, run_id TEXT NOT NULL, phase TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (registry, sequence)) WITHOUT ROWID;
    CREATE UNIQUE INDEX IF NOT EXISTS runs_id ON runs (registry, run_id);
    CREATE INDEX IF NOT EXISTS runs_phase ON runs (registry, phase, sequence);`);
  const upsert = database.prepare("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)");
  const select = database.prepare("SELECT record FROM runs WHERE registry = ? AND run_id = ?");
  const selectNewest = database.prepare(
    "SELECT record FROM runs WHERE registry = ? AND sequence < ? ORDER BY sequence DESC",
  );
  const last = database.prepare("SELECT COALESCE(MAX(sequence), 0) AS last FROM runs WHERE registry = ?");
  const selectPhase = database.prepare("SELECT record FROM runs WHERE registry = ? AND phase = ? ORDER BY sequence");
  const selectAll = database.prepare("SELECT record FROM runs ORDER BY registry, sequence");
  const toRun = (row: Record<string, unknown>): Run => JSON.parse(String(row["record"])) as Run;

  return {
    nextSequence: (registry) => Number(last.get(registry.toLowerCase())?.["last"]) + 1,
    put(run) {
      const phase = run.status === "Queued" ? "queued" : isTerminal(run.status) ? "ended" : "active";
      upsert.run(run.registry.toLowerCase(), run.sequence, run.runId, phase, JSON.stringify(run));
    },
    get({ registry, runId }) {
      const row = select.get(registry.toLowerCase(), runId.toLowerCase());
      return row && toRun(row);
    },
    *newest(registry, beforeSequence = Number.MAX_SAFE_INTEGER) {
      for (const row of selectNewest.iterate(registry.toLowerCase(), beforeSequence)) yield toRun(row);
    },
    active: (registry) => selectPhase.all(registry.toLowerCase(), "active").map(toRun),
    queued: (registry) => selectPhase.all(registry.toLowerCase(), "queued").map(toRun),
    all: () => selectAll.all().map(toRun),
  };
}
