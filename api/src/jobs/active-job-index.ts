import { EntityNotFoundError, type EntityTable } from "../storage/entity-store.ts";
import { formatJobRef, parseJobRef, type JobRef } from "./job.ts";

const PARTITION = "active";

/**
 * Which jobs are unfinished, for the sweep. A row is written before its job and removed after the job has ended: a crash
 * between leaves a row too many, never one too few, and the sweep clears those.
 */
export interface ActiveJobIndex {
  add(ref: JobRef, atMs: number): Promise<void>;
  remove(ref: JobRef): Promise<void>;
  list(): AsyncIterable<{ readonly ref: JobRef; readonly addedAtMs: number }>;
}

export function createActiveJobIndex(table: EntityTable): ActiveJobIndex {
  return {
    async add(ref, atMs) {
      await table.upsert({
        partitionKey: PARTITION,
        rowKey: formatJobRef(ref),
        properties: { addedAt: new Date(atMs) },
      });
    },
    async remove(ref) {
      try {
        await table.delete({ partitionKey: PARTITION, rowKey: formatJobRef(ref) });
      } catch (error) {
        if (!(error instanceof EntityNotFoundError)) throw error;
      }
    },
    async *list() {
      let continuation: string | undefined;
      do {
        const page = await table.list({
          partitionKey: PARTITION,
          ...(continuation === undefined ? {} : { continuation }),
        });
        for (const entity of page.entities) {
          const addedAt = entity.properties["addedAt"];
          yield { ref: parseJobRef(entity.rowKey), addedAtMs: addedAt instanceof Date ? addedAt.getTime() : 0 };
        }
        continuation = page.continuation;
      } while (continuation !== undefined);
    },
  };
}
