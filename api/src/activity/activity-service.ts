import { may, requirePermission, type Viewer } from "../auth/viewer.ts";
import type { ChangeHints } from "../events/change-hints.ts";
import type { LiveLog } from "../events/live-log.ts";
import { toLogStream, type LogStream } from "../events/log-stream.ts";
import { toGenerator } from "../events/to-generator.ts";
import type { Clock } from "../shared/clock.ts";
import type { EntityStore } from "../storage/entity-store.ts";
import { isAccess } from "./activity-action.ts";
import { ACTIVITY_TOPIC, createActivityRecorder, type ActivityRecorder } from "./activity-recorder.ts";
import { createRefusalRecord, type Refusal } from "./activity-refusals.ts";
import { createActivityStore, type ActivityPage } from "./activity-store.ts";
import { createActivityUpkeep } from "./activity-upkeep.ts";
import { isMatch, type ActivityEntry, type ActivityFilter } from "./activity.ts";

const LOG_PAGE = 100;
/** No act takes as long: an instance that has not ended one by then is gone. */
const ABANDONED_AFTER_MS = 10 * 60_000;

export interface ActivityService extends ActivityRecorder {
  /** Records somebody who was refused before anything was begun. Never throws. */
  refused(refusal: Refusal): void;
  /** Newest first, behind the sequence `after`. @throws ForbiddenError */
  list(
    viewer: Viewer,
    filter: ActivityFilter,
    page: { readonly limit: number; readonly after?: number | undefined },
  ): Promise<ActivityPage>;
  get(viewer: Viewer, sequence: number): Promise<ActivityEntry | undefined>;
  /** @throws ForbiddenError for whoever may not take a copy */
  requireExport(viewer: Viewer): void;
  /** Every entry after a sequence, oldest first, page by page. @throws ForbiddenError before the first */
  export(viewer: Viewer, afterSequence: number): AsyncGenerator<readonly ActivityEntry[], void, undefined>;
  /** Every matching entry after `afterSequence`, or after now, once and in order. Never ends by itself. */
  watch(viewer: Viewer, filter: ActivityFilter, afterSequence: number | undefined): Promise<LogStream<ActivityEntry>>;
}

export function createActivityService(deps: {
  readonly store: EntityStore;
  readonly hints: ChangeHints;
  readonly liveLog: LiveLog;
  readonly clock: Clock;
  /** No other process uses the store. */
  readonly isAlone: boolean;
  /** After which entries are forgotten; 0: never. */
  readonly retentionDays: number;
  /** An entry could not be stored; it is tried again. */
  readonly onError: (error: unknown) => void;
}): ActivityService {
  const { hints, liveLog, clock, onError } = deps;
  const store = createActivityStore(deps.store);
  const abandonedAfterMs = deps.isAlone ? 0 : ABANDONED_AFTER_MS;
  const recorder = createActivityRecorder({ store, hints, clock, abandonedAfterMs, onError });
  const upkeep = createActivityUpkeep({ store, clock, retentionDays: deps.retentionDays, onError });

  /** Who is let in concerns administrators; the others are shown what is done at Azure. */
  function shownTo(viewer: Viewer, filter: ActivityFilter): ActivityFilter {
    requirePermission(viewer, "activity:read");
    const asksForAccess = filter.scope === "ACCESS" || (filter.action !== undefined && isAccess(filter.action));
    if (asksForAccess) requirePermission(viewer, "access:read");
    return may(viewer, "access:read") ? filter : { ...filter, scope: "CHANGES" };
  }

  return {
    ...recorder,
    refused: createRefusalRecord({ recorder, clock, onError }),
    async start() {
      await recorder.start();
      upkeep.start();
    },
    async stop() {
      await upkeep.stop();
      await recorder.stop();
    },
    async list(viewer, asked, page) {
      return store.list(shownTo(viewer, asked), page);
    },
    async get(viewer, sequence) {
      const filter = shownTo(viewer, {});
      const entry = await store.read(sequence);
      return entry && isMatch(entry, filter) ? entry : undefined;
    },
    requireExport: (viewer) => requirePermission(viewer, "access:read"),
    async *export(viewer, afterSequence) {
      requirePermission(viewer, "access:read");
      for (let cursor = afterSequence; ;) {
        const entries = await store.readAfter(cursor, LOG_PAGE);
        const last = entries.at(-1);
        if (!last) return;
        yield entries;
        cursor = last.sequence;
      }
    },
    async watch(viewer, asked, afterSequence) {
      const filter = shownTo(viewer, asked);
      const all = liveLog.stream<ActivityEntry>(
        {
          topic: ACTIVITY_TOPIC,
          readAfter: async (sequence) => ({ entries: await store.readAfter(sequence, LOG_PAGE), complete: false }),
          sequenceOf: (entry) => entry.sequence,
        },
        afterSequence ?? (await store.readNewestSequence()),
      );
      return toLogStream(
        toGenerator(
          async () => {
            for (;;) {
              const next = await all.next();
              if (next.done || isMatch(next.value, filter)) return next;
            }
          },
          () => void all.return(),
        ),
      );
    },
  };
}
