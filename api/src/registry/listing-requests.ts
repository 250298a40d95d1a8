import { registryKey, type Registry } from "./registry.ts";

/**
 * Registries of which somebody knows that their repositories have changed: the next look lists them, whenever the last
 * listing was. Kept in memory: the listing that comes by itself makes good what is lost with the process.
 */
export interface ListingRequests {
  request(registry: Registry): void;
  /** Whether it was requested since the last call. */
  take(registry: Registry): boolean;
}

export function createListingRequests(): ListingRequests {
  const requested = new Set<string>();
  return {
    request: (registry) => void requested.add(registryKey(registry)),
    take: (registry) => requested.delete(registryKey(registry)),
  };
}
