import type { DatabaseSync } from "node:sqlite";

/** Archives that were uploaded to be built from. Only their length is kept: nothing is unpacked. */
export type BuildSources = {
  /** @param path relative to the registry's container: `source/<stamp>/<name>` */
  put(path: string, bytes: number): void;
  has(path: string): boolean;
};

export function createBuildSources(database: DatabaseSync): BuildSources {
  database.exec(
    "CREATE TABLE IF NOT EXISTS build_sources (path TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID",
  );
  const upsert = database.prepare("INSERT OR REPLACE INTO build_sources VALUES (?, ?)");
  const select = database.prepare("SELECT 1 FROM build_sources WHERE path = ?");
  return {
    put: (path, bytes) => void upsert.run(path, bytes),
    has: (path) => select.get(path) !== undefined,
  };
}
