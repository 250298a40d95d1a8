import { EntityNotFoundError, type EntityStore, type StoredEntity } from "../../storage/entity-store.ts";

/** How long something took here lately, in Azure's time. */
export interface DurationRange {
  readonly lowMs: number;
  readonly medianMs: number;
  readonly highMs: number;
  /** Slower than this are 5 % of them; with fewer than twenty samples the slowest and a quarter more. */
  readonly slowMs: number;
  readonly samples: number;
}

/** One piece of work that has ended. */
export interface DurationSample {
  readonly id: string;
  /** When it began. */
  readonly atMs: number;
  /** In Azure's time. */
  readonly durationMs: number;
  /** How it ended, in the words of what it is. */
  readonly outcome: string;
  /** What people call it. */
  readonly label: string;
  /** In Azure's time, by name of the part. */
  readonly parts: Readonly<Record<string, number>>;
}

/**
 * Durations of ended work, newest first, a bounded number for each kind. Two lists a kind: what counts (it says how long such
 * work takes) and what does not (failed, canceled, measured badly), which is kept to be shown, and never crowds out the first.
 */
export interface DurationHistory {
  /** A sample that counts. `id` makes a repeated call the same sample. */
  add(kind: string, id: string, atMs: number, durationMs: number): Promise<void>;
  /** The same with more to tell. A repeated call replaces what it said before, also when it counts no longer. */
  record(kind: string, sample: DurationSample, counts: boolean): Promise<void>;
  /** Undefined with fewer than five samples that count: too few to promise anything by. */
  range(kind: string): Promise<DurationRange | undefined>;
  /** What counts, newest first. */
  counted(kind: string): Promise<readonly DurationSample[]>;
  /** What counts and what does not, newest first. */
  newest(kind: string, limit: number): Promise<readonly DurationSample[]>;
}

/** Samples that are kept of each list, and looked at. */
export const KEPT_SAMPLES = 24;
const FEWEST_SAMPLES = 5;
/** Below this many the 95th percentile is the slowest one itself, which every sixth of six exceeds. */
const ENOUGH_FOR_PERCENTILE = 20;
const SLOWER_THAN_SLOWEST = 1.25;
const PRUNED_AT_ONCE = 50;
const LAST_TIME_MS = 8_640_000_000_000_000;

export function createDurationHistory(store: EntityStore): DurationHistory {
  const table = store.table("durations");

  async function remove(partitionKey: string, rowKey: string): Promise<void> {
    try {
      await table.delete({ partitionKey, rowKey });
    } catch (error) {
      if (!(error instanceof EntityNotFoundError)) throw error;
    }
  }

  async function prune(partitionKey: string): Promise<void> {
    const page = await table.list({ partitionKey, limit: KEPT_SAMPLES + PRUNED_AT_ONCE });
    await Promise.all(page.entities.slice(KEPT_SAMPLES).map(({ rowKey }) => remove(partitionKey, rowKey)));
  }

  async function read(partitionKey: string, limit: number): Promise<readonly DurationSample[]> {
    const page = await table.list({ partitionKey, limit: Math.min(limit, KEPT_SAMPLES) });
    return page.entities.map(toSample);
  }

  const self: DurationHistory = {
    add: (kind, id, atMs, durationMs) =>
      self.record(kind, { id, atMs, durationMs, outcome: "SUCCEEDED", label: "", parts: {} }, true),
    async record(kind, sample, counts) {
      const rowKey = `${String(LAST_TIME_MS - sample.atMs).padStart(16, "0")}:${sample.id}`;
      const { durationMs, outcome, label } = sample;
      const properties = { durationMs, outcome, label, parts: JSON.stringify(sample.parts) };
      await table.upsert({ partitionKey: listOf(kind, counts), rowKey, properties });
      await remove(listOf(kind, !counts), rowKey);
      await prune(listOf(kind, counts));
    },
    range: async (kind) => rangeOf(await self.counted(kind)),
    counted: (kind) => read(listOf(kind, true), KEPT_SAMPLES),
    async newest(kind, limit) {
      const [counted, others] = await Promise.all([read(listOf(kind, true), limit), read(listOf(kind, false), limit)]);
      return [...counted, ...others].sort((one, other) => other.atMs - one.atMs).slice(0, limit);
    },
  };
  return self;
}

/** Undefined with fewer than five. */
export function rangeOf(samples: readonly DurationSample[]): DurationRange | undefined {
  if (samples.length < FEWEST_SAMPLES) return undefined;
  const sorted = samples.map((sample) => sample.durationMs).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const slowMs = sorted.length < ENOUGH_FOR_PERCENTILE ? at(1) * SLOWER_THAN_SLOWEST : at(0.95);
  return { lowMs: at(0.1), medianMs: at(0.5), highMs: at(0.9), slowMs, samples: sorted.length };
}

function listOf(kind: string, counts: boolean): string {
  return counts ? kind : `uncounted:${kind}`;
}

function toSample({ rowKey, properties }: StoredEntity): DurationSample {
  return {
    id: rowKey.slice(17),
    atMs: LAST_TIME_MS - Number(rowKey.slice(0, 16)),
    durationMs: Number(properties["durationMs"]),
    outcome: String(properties["outcome"] ?? "SUCCEEDED"),
    label: String(properties["label"] ?? ""),
    parts: JSON.parse(String(properties["parts"] ?? "{}")) as Record<string, number>,
  };
}
