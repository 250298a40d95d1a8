import type { EntityStore } from "../../storage/entity-store.ts";

/** How long something took here lately, in Azure's time. */
export interface DurationRange {
  readonly lowMs: number;
  readonly medianMs: number;
  readonly highMs: number;
  /** Slower than this are 5 % of them. */
  readonly slowMs: number;
  readonly samples: number;
}

/** Durations of finished work, newest first, kept per kind. */
export interface DurationHistory {
  /** `id` makes a repeated call the same sample. */
  add(kind: string, id: string, atMs: number, durationMs: number): Promise<void>;
  /** Undefined with fewer than five samples: too few to promise anything by. */
  range(kind: string): Promise<DurationRange | undefined>;
}

const SAMPLES = 24;
const FEWEST_SAMPLES = 5;
const LAST_TIME_MS = 8_640_000_000_000_000;

export function createDurationHistory(store: EntityStore): DurationHistory {
  const table = store.table("durations");
  return {
    async add(kind, id, atMs, durationMs) {
      const rowKey = `${String(LAST_TIME_MS - atMs).padStart(16, "0")}:${id}`;
      await table.upsert({ partitionKey: kind, rowKey, properties: { durationMs } });
    },
    async range(kind) {
      const page = await table.list({ partitionKey: kind, limit: SAMPLES });
      const sorted = page.entities.map((entity) => Number(entity.properties["durationMs"])).sort((a, b) => a - b);
      if (sorted.length < FEWEST_SAMPLES) return undefined;
      const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
      return { lowMs: at(0.1), medianMs: at(0.5), highMs: at(0.9), slowMs: at(0.95), samples: sorted.length };
    },
  };
}
