import type { ActiveJobIndex } from "./active-job-index.ts";
import type { JobStore } from "./job-store.ts";
import { isTerminal, type JobRecord, type JobRef, type JobState } from "./job.ts";

const READ_AT_ONCE = 16;

/** Reads the jobs that have not ended, of all processes on the store. One read of each record; at most one census runs at a time. */
export function createJobCensus(deps: {
  readonly store: JobStore;
  readonly active: ActiveJobIndex;
}): () => Promise<readonly JobRecord[]> {
  let running: Promise<readonly JobRecord[]> | undefined;

  async function read(): Promise<readonly JobRecord[]> {
    const records: JobRecord[] = [];
    for await (const refs of inBatches(deps.active.list(), READ_AT_ONCE)) {
      const jobs = await Promise.all(refs.map((ref) => deps.store.read(ref)));
      records.push(...jobs.flatMap((job) => (job && !isTerminal(job.record.state) ? [job.record] : [])));
    }
    return records;
  }

  return () =>
    (running ??= read().finally(() => {
      running = undefined;
    }));
}

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

/** Jobs that have not ended, by name and state. */
export function countJobs(records: readonly JobRecord[], nowMs: number): readonly JobCount[] {
  const counts = new Map<string, JobCount>();
  for (const { name, state: any, createdAtMs, wakeAtMs, failures } of records) {
    const state = any as JobCount["state"];
    const before = counts.get(`${name}/${state}`);
    counts.set(`${name}/${state}`, {
      name,
      state,
      count: (before?.count ?? 0) + 1,
      oldestMs: Math.min(before?.oldestMs ?? createdAtMs, createdAtMs),
      overdueMs: Math.max(before?.overdueMs ?? 0, state === "WAITING" ? nowMs - wakeAtMs : 0),
      failing: (before?.failing ?? 0) + (failures > 0 ? 1 : 0),
    });
  }
  return [...counts.values()].toSorted((a, b) => a.name.localeCompare(b.name) || a.state.localeCompare(b.state));
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
