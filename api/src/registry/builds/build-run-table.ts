import { EntityNotFoundError, type EntityStore } from "../../storage/entity-store.ts";
import { registryKey, type Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";

/**
 * Which image and tag a run builds, which ACR itself does not tell before the push. A table of its own, readable by anyone:
 * PartitionKey is the registry in lower case, RowKey the run id, then `image`, `tag`, `created_at` (ISO), `build_id`.
 * Rows of ended runs are removed once their outcome is stored.
 */
export interface BuildRunTable {
  /** Safe to repeat. */
  record(registry: Registry, build: AcrBuild & { readonly runId: string }): Promise<void>;
  /** Safe to repeat; a row that is gone is fine. */
  prune(registry: Registry, runId: string): Promise<void>;
  /** The rows of a registry by run id, for joining runs that nobody here has started. */
  list(registry: Registry): Promise<ReadonlyMap<string, BuildRunRow>>;
}

export interface BuildRunRow {
  readonly image: string;
  readonly tag: string;
  /** ISO time. */
  readonly createdAt: string;
  /** Which build of ours it is; empty when somebody else wrote the row. */
  readonly buildId: string;
}

export function createBuildRunTable(store: EntityStore, tableName: string): BuildRunTable {
  const table = store.table(tableName);
  return {
    async record(registry, build) {
      await table.upsert({
        partitionKey: registryKey(registry),
        rowKey: build.runId,
        properties: { image: build.image, tag: build.tag, created_at: build.createdAt, build_id: build.id },
      });
    },
    async prune(registry, runId) {
      try {
        await table.delete({ partitionKey: registryKey(registry), rowKey: runId });
      } catch (error) {
        if (!(error instanceof EntityNotFoundError)) throw error;
      }
    },
    async list(registry) {
      const rows = new Map<string, BuildRunRow>();
      let continuation: string | undefined;
      do {
        const page = await table.list({
          partitionKey: registryKey(registry),
          ...(continuation === undefined ? {} : { continuation }),
        });
        for (const { rowKey, properties } of page.entities) {
          rows.set(rowKey, {
            image: String(properties["image"] ?? ""),
            tag: String(properties["tag"] ?? ""),
            createdAt: String(properties["created_at"] ?? ""),
            buildId: String(properties["build_id"] ?? ""),
          });
        }
        continuation = page.continuation;
      } while (continuation !== undefined);
      return rows;
    },
  };
}
