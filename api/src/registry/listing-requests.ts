import { EntityChangedError, EntityNotFoundError, type EntityTable } from "../storage/entity-store.ts";
import { registryKey, type Registry } from "./registry.ts";

/**
 * Registries of which somebody knows that their repositories have changed: the next look lists them, whenever the last
 * listing was. The listing that comes by itself makes good what gets lost.
 */
export interface ListingRequests {
  /** Resolves when whoever looks next can know. */
  request(registry: Registry): Promise<void>;
  /** Whether it was requested since the last call. */
  take(registry: Registry): Promise<boolean>;
}

/** Kept in memory, for a process that answers webhooks and looks itself. */
export function createListingRequests(): ListingRequests {
  const requested = new Set<string>();
  return {
    request: async (registry) => void requested.add(registryKey(registry)),
    take: async (registry) => requested.delete(registryKey(registry)),
  };
}

/** Kept in a table, for processes of which one answers webhooks and another looks. */
export function createSharedListingRequests(table: EntityTable, now: () => number): ListingRequests {
  const keyOf = (registry: Registry) => ({
    partitionKey: encodeURIComponent(registryKey(registry)),
    rowKey: "requested",
  });
  return {
    async request(registry) {
      await table.upsert({ ...keyOf(registry), properties: { at: new Date(now()) } });
    },
    async take(registry) {
      const row = await table.get(keyOf(registry));
      if (!row) return false;
      try {
        await table.delete(row, row.etag);
      } catch (error) {
        // Taken by somebody else, or requested once more: then the row that is there now is for the next look.
        if (!(error instanceof EntityNotFoundError || error instanceof EntityChangedError)) throw error;
      }
      return true;
    },
  };
}
