import type { Clock } from "../shared/clock.ts";

/** Asking once counts as looking for this long. */
const ASKED_COUNTS_MS = 60_000;

/**
 * Who wants to know about what, by topic: an open subscription, or a question within the last minute. Watchers of Azure
 * rest when nobody does. Kept in memory: a reader who is gone with the process wants nothing any more.
 */
export interface Demand {
  isWanted(topic: string): boolean;
  /** A question was asked. */
  asked(topic: string): void;
  /** A reader stays until the returned function is called; a second call has no effect. */
  watching(topic: string): () => void;
}

export function createDemand(clock: Clock): Demand {
  const entries = new Map<string, { readers: number; askedAtMs: number }>();
  const entryOf = (topic: string): { readers: number; askedAtMs: number } => {
    const entry = entries.get(topic) ?? { readers: 0, askedAtMs: Number.NEGATIVE_INFINITY };
    entries.set(topic, entry);
    return entry;
  };
  return {
    isWanted(topic) {
      const entry = entries.get(topic);
      return entry !== undefined && (entry.readers > 0 || clock.now() - entry.askedAtMs < ASKED_COUNTS_MS);
    },
    asked(topic) {
      entryOf(topic).askedAtMs = clock.now();
    },
    watching(topic) {
      const entry = entryOf(topic);
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
