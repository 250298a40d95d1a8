import type { Clock } from "../shared/clock.ts";
import type { ActivityStore } from "./activity-store.ts";

const EVERY_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const PER_PASS = 10_000;

/** Forgets entries that are older than `retentionDays`, at the start and every hour; 0 keeps them for ever. */
export function createActivityUpkeep(deps: {
  readonly store: Pick<ActivityStore, "forgetBefore">;
  readonly clock: Clock;
  readonly retentionDays: number;
  readonly onError: (error: unknown) => void;
}): { start(): void; stop(): Promise<void> } {
  const { store, clock, retentionDays, onError } = deps;
  let passing: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let cancelTimer: (() => void) | undefined;

  function pass(): void {
    passing = store
      .forgetBefore(clock.now() - retentionDays * DAY_MS, PER_PASS)
      .catch(onError)
      .finally(() => {
        if (!stopped) cancelTimer = clock.schedule(EVERY_MS, pass);
      });
  }

  return {
    start() {
      if (retentionDays > 0) pass();
    },
    async stop() {
      stopped = true;
      cancelTimer?.();
      await passing;
    },
  };
}
