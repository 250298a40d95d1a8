import type { Clock } from "../shared/clock.ts";
import type { AzureCatalogue } from "./azure-catalogue.ts";

const FRESH_MS = 10 * 60_000;

/**
 * What Azure offers, remembered. State of one entry: absent → being asked for (callers share the request) → fresh for ten
 * minutes → stale: still answered at once while a new one is fetched behind. A failed request leaves what was there.
 */
export function createCatalogueCache(deps: {
  readonly catalogue: AzureCatalogue;
  readonly clock: Clock;
}): AzureCatalogue {
  const { catalogue, clock } = deps;
  const entries = new Map<string, { value?: unknown; fetchedAtMs: number; pending?: Promise<unknown> }>();

  async function remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const entry = entries.get(key) ?? { fetchedAtMs: 0 };
    entries.set(key, entry);
    const isFresh = entry.value !== undefined && clock.now() - entry.fetchedAtMs < FRESH_MS;
    if (isFresh) return entry.value as T;
    entry.pending ??= ask()
      .then((value) => {
        entry.value = value;
        entry.fetchedAtMs = clock.now();
        return value;
      })
      .finally(() => delete entry.pending);
    if (entry.value === undefined) return (await entry.pending) as T;
    // Behind the caller's back: what is stale is better than a wait, and the next caller tries again after a failure.
    entry.pending.catch(() => undefined);
    return entry.value as T;
  }

  return {
    listSubscriptions: () => remember("subscriptions", () => catalogue.listSubscriptions()),
    listLocations: (subscriptionId) =>
      remember(`locations/${subscriptionId}`, () => catalogue.listLocations(subscriptionId)),
    listVmSizes: (subscriptionId, location) =>
      remember(`sizes/${subscriptionId}/${location}`, () => catalogue.listVmSizes(subscriptionId, location)),
    listKubernetesVersions: (subscriptionId, location) =>
      remember(`versions/${subscriptionId}/${location}`, () =>
        catalogue.listKubernetesVersions(subscriptionId, location),
      ),
  };
}
