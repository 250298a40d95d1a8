import type { Clock } from "../shared/clock.ts";

/** Asking once counts as looking for this long. */
export const ASKED_COUNTS_MS = 60_000;

/**
 * Who wants to know about what, by topic: an open subscription, or a question within the last minute. Watchers of Azure
 * rest when nobody does. This one is kept in memory: a reader who is gone with the process wants nothing any more.
 */
export interface Demand {
  /** By anybody, whichever process they are with. */
  isWanted(topic: string): Promise<boolean>;
  /** By somebody whose questions and subscriptions this process answers. */
  isWantedHere(topic: string): boolean;
  /** A question was asked. Resolves when every process can know: to wake a watcher before would let it rest again. */
  asked(topic: string): Promise<void>;
  /** A reader stays until the returned function is called; a second call has no effect. */
  watching(topic: string): () => void;
  /** Resolves when every process can know of the readers that there are here. */
  told(topic: string): Promise<void>;
}

export function createDemand(clock: Clock): Demand {
  const entries = new Map<string, { readers: number; askedAtMs: number }>();
  const entryOf = (topic: string): { readers: number; askedAtMs: number } => {
    const entry = entries.get(topic) ?? { readers: 0, askedAtMs: Number.NEGATIVE_INFINITY };
    entries.set(topic, entry);
    return entry;
  };
  const isWantedHere = (topic: string): boolean => {
    const entry = entries.get(topic);
    return entry !== undefined && (entry.readers > 0 || clock.now() - entry.askedAtMs < ASKED_COUNTS_MS);
  };
  return {
    isWantedHere,
    isWanted: async (topic) => isWantedHere(topic),
    told: async () => {},
    async asked(topic) {
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
