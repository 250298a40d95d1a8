import { createHash } from "node:crypto";
import type { Clock } from "../shared/clock.ts";
import type { EntityTable } from "../storage/entity-store.ts";
import { ASKED_COUNTS_MS, createDemand, type Demand } from "./demand.ts";

const TELL_AGAIN_MS = 20_000;
const RETRY_MS = 2_000;

/**
 * Demand that processes tell one another through the store. State of a topic that is wanted here: told (its row was written
 * less than twenty seconds ago) → told again, as long as somebody wants it. Whoever wants to know what others want reads the
 * row, and counts it for a minute from when they first saw it as it is: no two clocks are compared. So a process that dies is
 * forgotten within a minute, and one that has just begun may take an old row for a wish for a minute.
 */
export interface SharedDemand extends Demand {
  stop(): void;
}

export function createSharedDemand(deps: {
  readonly table: EntityTable;
  readonly clock: Clock;
  /** The table could not be written; it is tried again. */
  readonly onError: (error: unknown) => void;
}): SharedDemand {
  const { table, clock } = deps;
  const local = createDemand(clock);
  const told = new Map<string, { atMs: number; done: Promise<void> }>();
  const seen = new Map<string, { readonly etag: string; readonly sinceMs: number }>();
  let stopped = false;
  const cancels = new Map<string, () => void>();

  async function write(topic: string): Promise<void> {
    await table.upsert({ ...keyOf(topic), properties: { topic, at: new Date(clock.now()) } });
  }

  function tell(topic: string): Promise<void> {
    const before = told.get(topic);
    if (before && clock.monotonicMs() - before.atMs < TELL_AGAIN_MS) return before.done;
    const entry = { atMs: clock.monotonicMs(), done: write(topic) };
    told.set(topic, entry);
    entry.done.catch(() => told.get(topic) === entry && told.delete(topic));
    tellAgainAfter(topic, TELL_AGAIN_MS);
    return entry.done;
  }

  function tellAgainAfter(topic: string, delayMs: number): void {
    cancels.get(topic)?.();
    if (stopped) return;
    cancels.set(
      topic,
      clock.schedule(delayMs, () => {
        cancels.delete(topic);
        if (!local.isWantedHere(topic)) {
          told.delete(topic);
          return;
        }
        tell(topic).catch((error: unknown) => {
          deps.onError(error);
          tellAgainAfter(topic, RETRY_MS);
        });
      }),
    );
  }

  return {
    isWantedHere: local.isWantedHere,
    async isWanted(topic) {
      if (local.isWantedHere(topic)) return true;
      const row = await table.get(keyOf(topic));
      if (!row) return false;
      const before = seen.get(topic);
      if (before?.etag === row.etag) return clock.monotonicMs() - before.sinceMs < ASKED_COUNTS_MS;
      seen.set(topic, { etag: row.etag, sinceMs: clock.monotonicMs() });
      return true;
    },
    async asked(topic) {
      await local.asked(topic);
      await tell(topic);
    },
    watching(topic) {
      const leave = local.watching(topic);
      tell(topic).catch((error: unknown) => {
        deps.onError(error);
        tellAgainAfter(topic, RETRY_MS);
      });
      return leave;
    },
    async told(topic) {
      await told.get(topic)?.done;
    },
    stop() {
      stopped = true;
      for (const cancel of cancels.values()) cancel();
    },
  };
}

/** Topics hold characters that keys may not. */
function keyOf(topic: string) {
  return { partitionKey: createHash("sha256").update(topic).digest("hex").slice(0, 32), rowKey: "wanted" };
}
