import type { Clock } from "../shared/clock.ts";

/** Asking once counts as looking for this long. */
const ASKED_COUNTS_MS = 60_000;

/** Which registries somebody looks at: an open subscription, or a question within the last minute. Gone with the process. */
export interface RegistryDemand {
  isWanted(key: string): boolean;
  asked(key: string): void;
  /** Somebody knows that the repositories have changed: the next look lists them, whenever the last listing was. */
  listingRequested(key: string): void;
  /** Whether that was so since the last call. */
  takeListingRequest(key: string): boolean;
  /** A reader stays until the returned function is called; a second call has no effect. */
  watching(key: string): () => void;
}

export function createRegistryDemand(clock: Clock): RegistryDemand {
  const entries = new Map<string, { readers: number; askedAtMs: number }>();
  const requested = new Set<string>();
  const entryOf = (key: string): { readers: number; askedAtMs: number } => {
    const entry = entries.get(key) ?? { readers: 0, askedAtMs: Number.NEGATIVE_INFINITY };
    entries.set(key, entry);
    return entry;
  };
  return {
    isWanted(key) {
      const entry = entries.get(key);
      return entry !== undefined && (entry.readers > 0 || clock.now() - entry.askedAtMs < ASKED_COUNTS_MS);
    },
    asked(key) {
      entryOf(key).askedAtMs = clock.now();
    },
    listingRequested(key) {
      requested.add(key);
      entryOf(key).askedAtMs = clock.now();
    },
    takeListingRequest: (key) => requested.delete(key),
    watching(key) {
      const entry = entryOf(key);
      entry.readers++;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        entry.readers--;
        entry.askedAtMs = clock.now();
      };
    },
  };
}
