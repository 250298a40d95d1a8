import type { Clock } from "../shared/clock.ts";
import type { ActiveJobIndex } from "./active-job-index.ts";
import type { JobStore } from "./job-store.ts";
import { isTerminal, type JobRef, type JobState } from "./job.ts";

const READ_AT_ONCE = 16;

/** Jobs of one name in one state. */
export interface JobCount {
  readonly name: string;
  readonly state: Extract<JobState, "WAITING" | "PARKED">;
  readonly count: number;
  /** Epoch milliseconds: when the oldest of them was begun. */
  readonly oldestMs: number;
  /** Milliseconds by which the most overdue one waits beyond its time; 0 when none does, and of parked ones. */
  readonly overdueMs: number;
  /** Those whose last look threw. */
  readonly failing: number;
}

/** Counts the jobs that have not ended, of all processes on the store. One read of each record; at most one count runs at a time. */
export function createJobCensus(deps: {
  readonly store: JobStore;
  readonly active: ActiveJobIndex;
  readonly clock: Clock;
}): () => Promise<readonly JobCount[]> {
  let running: Promise<readonly JobCount[]> | undefined;

  async function count(): Promise<readonly JobCount[]> {
    const counts = new Map<string, JobCount>();
    for await (const refs of inBatches(deps.active.list(), READ_AT_ONCE)) {
      const jobs = await Promise.all(refs.map((ref) => deps.store.read(ref)));
      const nowMs = deps.clock.now();
      for (const job of jobs) {
        if (!job || isTerminal(job.record.state)) continue;
        const { name, createdAtMs, wakeAtMs, failures } = job.record;
        const state = job.record.state as JobCount["state"];
        const key = `${name}/${state}`;
        const before = counts.get(key);
        counts.set(key, {
          name,
          state,
          count: (before?.count ?? 0) + 1,
          oldestMs: Math.min(before?.oldestMs ?? createdAtMs, createdAtMs),
          overdueMs: Math.max(before?.overdueMs ?? 0, state === "WAITING" ? nowMs - wakeAtMs : 0),
          failing: (before?.failing ?? 0) + (failures > 0 ? 1 : 0),
        });
      }
    }
    return [...counts.values()].toSorted((a, b) => a.name.localeCompare(b.name) || a.state.localeCompare(b.state));
  }

  return () =>
    (running ??= count().finally(() => {
      running = undefined;
    }));
}

async function* inBatches(
  entries: AsyncIterable<{ readonly ref: JobRef }>,
  size: number,
): AsyncGenerator<readonly JobRef[], void, undefined> {
  let batch: JobRef[] = [];
  for await (const { ref } of entries) {
    batch.push(ref);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
