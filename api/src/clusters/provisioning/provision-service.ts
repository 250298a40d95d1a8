import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import type { LiveLog } from "../../events/live-log.ts";
import type { LiveState } from "../../events/live-state.ts";
import type { LiveStream } from "../../events/live-stream.ts";
import type { ClusterRef } from "../cluster.ts";
import { createProvisionActions, type ProvisionActions } from "./provision-actions.ts";
import { PROVISIONS_TOPIC, provisionTopic, timelineTopic } from "./provision-publisher.ts";
import { createProvisionStarter, type ProvisionStarter, type ProvisionStarterDeps } from "./provision-starter.ts";
import type { ProvisionPage } from "./provision-store.ts";
import { isTerminalProvision, type Provision, type TimelineEntry } from "./provision.ts";
import type { SimilarProvisions, UsualDurations } from "./usual-duration.ts";

const TIMELINE_PAGE = 200;
/** Live lists also carry the newest that have ended or were amended, so that a reader who missed a hint learns of it. */
const RECENT_PROVISIONS = 20;

export interface ProvisionService extends ProvisionStarter, ProvisionActions {
  get(viewer: Viewer, id: string): Promise<Provision | undefined>;
  listNewest(viewer: Viewer, limit: number, after: string | undefined): Promise<ProvisionPage>;
  /** The newest attempts to create one cluster, newest first. */
  listOfCluster(viewer: Viewer, cluster: ClusterRef, limit: number): Promise<readonly Provision[]>;
  /** Those alone that did not succeed and that nobody has taken care of. */
  listNeedingAttention(viewer: Viewer, limit: number, after: string | undefined): Promise<ProvisionPage>;
  timeline(viewer: Viewer, id: string): Promise<readonly TimelineEntry[]>;
  /** Earlier provisions like this one, newest first, and how long they take. */
  similar(viewer: Viewer, provision: Provision, limit: number): Promise<SimilarProvisions>;
  /** The state now, then each change; ends after a terminal one. Undefined when there is no such provision. */
  watch(viewer: Viewer, id: string): Promise<LiveStream<Provision> | undefined>;
  /** Every entry after `afterSequence` once, in order; ends when the provision has ended. */
  watchTimeline(
    viewer: Viewer,
    id: string,
    afterSequence: number,
  ): Promise<AsyncGenerator<TimelineEntry, void, undefined> | undefined>;
  /** The live provisions now, then every provision that starts or changes. */
  watchAll(viewer: Viewer): LiveStream<Provision>;
}

export interface ProvisionServiceDeps extends ProvisionStarterDeps {
  readonly usualDurations: UsualDurations;
  readonly liveState: LiveState;
  readonly liveLog: LiveLog;
}

export function createProvisionService(deps: ProvisionServiceDeps): ProvisionService {
  const { store, clock } = deps;

  return {
    ...createProvisionStarter(deps),
    ...createProvisionActions(deps),
    async get(viewer, id) {
      requirePermission(viewer, "clusters:read");
      return (await store.read(id))?.provision;
    },
    async listNewest(viewer, limit, after) {
      requirePermission(viewer, "clusters:read");
      return store.listNewest(limit, after);
    },
    async listOfCluster(viewer, cluster, limit) {
      requirePermission(viewer, "clusters:read");
      return store.listOfCluster(cluster, limit);
    },
    async listNeedingAttention(viewer, limit, after) {
      requirePermission(viewer, "clusters:read");
      return store.listNeedingAttention(limit, after);
    },
    async timeline(viewer, id) {
      requirePermission(viewer, "clusters:read");
      const entries: TimelineEntry[] = [];
      for (;;) {
        const page = await store.readTimeline(id, entries.length, TIMELINE_PAGE);
        entries.push(...page);
        if (page.length < TIMELINE_PAGE) return entries;
      }
    },
    async similar(viewer, provision, limit) {
      requirePermission(viewer, "clusters:read");
      return deps.usualDurations.similarTo(provision, limit);
    },
    async watch(viewer, id) {
      requirePermission(viewer, "clusters:read");
      if (!(await store.read(id))) return undefined;
      return deps.liveState.stream<Provision>({
        topic: provisionTopic(id),
        read: async () => {
          const stored = await store.read(id);
          return stored ? [stored.provision] : [];
        },
        keyOf: (provision) => provision.id,
        versionOf: (provision) => provision.sequence,
        isLast: (provision) => isTerminalProvision(provision.status),
      });
    },
    async watchTimeline(viewer, id, afterSequence) {
      requirePermission(viewer, "clusters:read");
      if (!(await store.read(id))) return undefined;
      return deps.liveLog.stream<TimelineEntry>(
        {
          topic: timelineTopic(id),
          readAfter: async (sequence) => {
            // The record first: what it says is the last entry is stored before it.
            const provision = (await store.read(id))?.provision;
            const entries = await store.readTimeline(id, sequence, TIMELINE_PAGE);
            const last = entries.at(-1)?.sequence ?? sequence;
            const complete =
              provision !== undefined && isTerminalProvision(provision.status) && last >= provision.timelineSequence;
            return { entries, complete };
          },
          sequenceOf: (entry) => entry.sequence,
        },
        afterSequence,
      );
    },
    watchAll(viewer) {
      requirePermission(viewer, "clusters:read");
      const startedMs = clock.now();
      return deps.liveState.stream<Provision>({
        topic: PROVISIONS_TOPIC,
        read: async () => {
          const [live, newest] = await Promise.all([store.listLive(), store.listNewest(RECENT_PROVISIONS, undefined)]);
          const changedSince = newest.provisions
            .map((one) => one.provision)
            .filter(({ status, observedAt }) => isTerminalProvision(status) && Date.parse(observedAt) >= startedMs);
          return [...live, ...changedSince];
        },
        keyOf: (provision) => provision.id,
        versionOf: (provision) => provision.sequence,
      });
    },
  };
}
