import { StoreUnavailableError, type EntityTable } from "../storage/entity-store.ts";

/**
 * What happens at the n-th point (a write, or another effect on the world) of a process:
 * - `die-before`, `die-after`: the process is gone before or after it took effect: no call of it ever comes back again;
 * - `refuse`: it takes no effect and the caller is told so;
 * - `lose-reply`: it takes effect and the caller is told that the store is unavailable;
 * - `retry`: it takes effect, the reply is lost, and the store's client repeats it with the etag it had.
 */
export type FaultKind = "die-before" | "die-after" | "refuse" | "lose-reply" | "retry";

export interface Fate {
  /** Counts from 1. */
  faultAt: { readonly point: number; readonly kind: FaultKind } | undefined;
  /** Called at each point before it takes effect. */
  onPoint: ((point: number) => Promise<void>) | undefined;
  isUnavailable: boolean;
  isDead: boolean;
  points: number;
}

export function createFate(): Fate {
  return { faultAt: undefined, onPoint: undefined, isUnavailable: false, isDead: false, points: 0 };
}

const never = (): Promise<never> => new Promise(() => {});

/** Lets `work` take effect as fate has it. */
export async function atPoint<T>(fate: Fate, work: () => Promise<T>): Promise<T> {
  if (fate.isDead) return never();
  if (fate.isUnavailable) throw new StoreUnavailableError("The store is out.");
  const point = ++fate.points;
  await fate.onPoint?.(point);
  const kind = fate.faultAt?.point === point ? fate.faultAt.kind : undefined;
  if (kind === "refuse") throw new StoreUnavailableError("The store refused.");
  if (kind === "die-before") fate.isDead = true;
  if (fate.isDead) return never();
  const result = await work();
  if (kind === "die-after") fate.isDead = true;
  if (fate.isDead) return never();
  if (kind === "lose-reply") throw new StoreUnavailableError("The reply got lost.");
  return kind === "retry" ? work() : result;
}

/** A table as one process sees it. Its writes are points of that process's fate. */
export function createMortalTable(table: EntityTable, fate: Fate): EntityTable {
  const read = async <T>(work: () => Promise<T>): Promise<T> => {
    if (fate.isDead) return never();
    if (fate.isUnavailable) throw new StoreUnavailableError("The store is out.");
    const result = await work();
    return fate.isDead ? never() : result;
  };
  return {
    get: (key) => read(() => table.get(key)),
    list: (range) => read(() => table.list(range)),
    insert: (entity) => atPoint(fate, () => table.insert(entity)),
    replace: (entity, etag) => atPoint(fate, () => table.replace(entity, etag)),
    upsert: (entity) => atPoint(fate, () => table.upsert(entity)),
    delete: (key, etag) => atPoint(fate, () => table.delete(key, etag)),
    transact: (partitionKey, changes) => atPoint(fate, () => table.transact(partitionKey, changes)),
  };
}
