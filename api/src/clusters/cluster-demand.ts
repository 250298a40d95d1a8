import type { Clock } from "../shared/clock.ts";

/** Asking once counts as looking for this long. */
const ASKED_COUNTS_MS = 60_000;

/**
 * Whether somebody wants to know about clusters: an open subscription, or a question within the last minute. Kept in
 * memory: a reader who is gone with the process wants nothing any more.
 */
export interface ClusterDemand {
  isWanted(): boolean;
  /** A question was asked. */
  asked(): void;
  /** A reader stays until the returned function is called; a second call has no effect. */
  watching(): () => void;
}

export function createClusterDemand(clock: Clock): ClusterDemand {
  let readers = 0;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  return {
    isWanted: () => readers > 0 || clock.now() - askedAtMs < ASKED_COUNTS_MS,
    asked() {
      askedAtMs = clock.now();
    },
    watching() {
      readers++;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        readers--;
        askedAtMs = clock.now();
      };
    },
  };
}
