import { requirePermission, type Viewer } from "../auth/viewer.ts";
import type { ChangeHints } from "../events/change-hints.ts";
import type { LiveLog } from "../events/live-log.ts";
import { toGenerator } from "../events/to-generator.ts";
import type { Clock } from "../shared/clock.ts";
import type { EntityStore } from "../storage/entity-store.ts";
import { ACTIVITY_TOPIC, createActivityRecorder, type ActivityRecorder } from "./activity-recorder.ts";
import { createActivityStore, type ActivityPage } from "./activity-store.ts";
import { isMatch, type ActivityEntry, type ActivityFilter } from "./activity.ts";

const LOG_PAGE = 100;
/** No act takes as long: an instance that has not ended one by then is gone. */
const ABANDONED_AFTER_MS = 10 * 60_000;

export interface ActivityService extends ActivityRecorder {
  /** Newest first, behind the sequence `after`. @throws ForbiddenError */
  list(
    viewer: Viewer,
    filter: ActivityFilter,
    page: { readonly limit: number; readonly after?: number | undefined },
  ): Promise<ActivityPage>;
  get(viewer: Viewer, sequence: number): Promise<ActivityEntry | undefined>;
  /** Every matching entry after `afterSequence`, or after now, once and in order. Never ends by itself. */
  watch(
    viewer: Viewer,
    filter: ActivityFilter,
    afterSequence: number | undefined,
  ): Promise<AsyncGenerator<ActivityEntry, void, undefined>>;
}

export function createActivityService(deps: {
  readonly store: EntityStore;
  readonly hints: ChangeHints;
  readonly liveLog: LiveLog;
  readonly clock: Clock;
  /** No other process uses the store. */
  readonly isAlone: boolean;
  /** An entry could not be stored; it is tried again. */
  readonly onError: (error: unknown) => void;
}): ActivityService {
  const { hints, liveLog, clock, onError } = deps;
  const store = createActivityStore(deps.store);
  const abandonedAfterMs = deps.isAlone ? 0 : ABANDONED_AFTER_MS;
  return {
    ...createActivityRecorder({ store, hints, clock, abandonedAfterMs, onError }),
    async list(viewer, filter, page) {
      requirePermission(viewer, "activity:read");
      return store.list(filter, page);
    },
    async get(viewer, sequence) {
      requirePermission(viewer, "activity:read");
      return store.read(sequence);
    },
    async watch(viewer, filter, afterSequence) {
      requirePermission(viewer, "activity:read");
      const all = liveLog.stream<ActivityEntry>(
        {
          topic: ACTIVITY_TOPIC,
          readAfter: async (sequence) => ({ entries: await store.readAfter(sequence, LOG_PAGE), complete: false }),
          sequenceOf: (entry) => entry.sequence,
        },
        afterSequence ?? (await store.readNewestSequence()),
      );
      return toGenerator(
        async () => {
          for (;;) {
            const next = await all.next();
            if (next.done || isMatch(next.value, filter)) return next;
          }
        },
        () => void all.return(),
      );
    },
  };
}
