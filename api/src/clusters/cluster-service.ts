import { requirePermission, type Viewer } from "../auth/viewer.ts";
import type { ChangeHints } from "../events/change-hints.ts";
import type { Demand } from "../events/demand.ts";
import type { LiveState } from "../events/live-state.ts";
import { mapLiveStream, type LiveStream } from "../events/live-stream.ts";
import type { JobService } from "../jobs/job-service.ts";
import { armIdKey, tryParseArmId } from "../shared/arm-id.ts";
import type { Clock } from "../shared/clock.ts";
import { EntityExistsError } from "../storage/entity-store.ts";
import type { AzureCatalogue, KubernetesVersion, Location, Subscription, VmSize } from "./azure-catalogue.ts";
import type { ClusterLook, ClusterSnapshot, ClusterSnapshotStore } from "./cluster-snapshot-store.ts";
import { clusterStatus } from "./cluster-status.ts";
import { CLUSTER_LOOKS_TOPIC, clusterWatchJob, clusterWatchRef, CLUSTERS_TOPIC } from "./cluster-watch-job.ts";

/** How long a first question waits for the first look at Azure. */
const FIRST_LOOK_LIMIT_MS = 5_000;
/** No watcher at work leaves a list so old: the look that the question has begun is waited for, but not for long. */
const STALE_AFTER_MS = 20_000;
const FRESH_LOOK_LIMIT_MS = 1_000;
const LOOK_CHECK_MS = 50;

/** A cluster with what is known of its freshness. */
export interface KnownCluster extends ClusterSnapshot {
  /** ISO time at which it was last seen at Azure. */
  readonly observedAt: string;
}

/** Whether the clusters of a subscription can be listed. */
export interface SubscriptionLook extends ClusterLook {
  readonly subscription: Subscription;
}

export interface ClusterService {
  /** All clusters as last seen; asking keeps the watchers going for a minute. */
  list(viewer: Viewer): Promise<readonly KnownCluster[]>;
  /** One as last seen, also one that is deleted. */
  find(viewer: Viewer, armId: string): Promise<KnownCluster | undefined>;
  /** Each cluster now, then each change. A deleted one comes once more, with provisioningState `Deleted`. */
  watch(viewer: Viewer): LiveStream<KnownCluster>;
  /** Each subscription now, then each time that a problem with its list comes, changes or goes. Wakes no watcher. */
  watchLooks(viewer: Viewer): LiveStream<SubscriptionLook>;
  subscriptions(viewer: Viewer): Promise<readonly Subscription[]>;
  locations(viewer: Viewer, subscriptionId: string): Promise<readonly Location[]>;
  vmSizes(viewer: Viewer, subscriptionId: string, location: string): Promise<readonly VmSize[]>;
  kubernetesVersions(viewer: Viewer, subscriptionId: string, location: string): Promise<readonly KubernetesVersion[]>;
}

export interface ClusterServiceDeps {
  readonly snapshots: ClusterSnapshotStore;
  readonly catalogue: AzureCatalogue;
  readonly jobs: JobService;
  readonly demand: Demand;
  readonly hints: ChangeHints;
  readonly liveState: LiveState;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export function createClusterService(deps: ClusterServiceDeps): ClusterService {
  const { catalogue, clock, demand } = deps;

  async function wakeWatchers(): Promise<readonly Subscription[]> {
    const subscriptions = await catalogue.listSubscriptions();
    await Promise.all(subscriptions.map((subscription) => wakeWatcher(subscription.subscriptionId)));
    return subscriptions;
  }

  async function askedFor(): Promise<readonly Subscription[]> {
    await demand.asked(CLUSTERS_TOPIC);
    return wakeWatchers();
  }

  async function wakeWatcher(subscriptionId: string): Promise<void> {
    const ref = clusterWatchRef(subscriptionId);
    if (await deps.jobs.wakeIfParked(ref)) return;
    try {
      await deps.jobs.start({ definition: clusterWatchJob, ref, input: { subscriptionId }, checkpoint: {} });
    } catch (error) {
      // Somebody else has just started it.
      if (!(error instanceof EntityExistsError)) throw error;
    }
  }

  async function read(subscriptions: readonly Subscription[]): Promise<KnownCluster[]> {
    const lists = await Promise.all(
      subscriptions.map(async ({ subscriptionId }) => {
        const [snapshots, look] = await Promise.all([
          deps.snapshots.list(subscriptionId),
          deps.snapshots.lastLook(subscriptionId),
        ]);
        return snapshots.map((snapshot) => toKnown(snapshot, look?.at));
      }),
    );
    return lists.flat();
  }

  async function readLooks(): Promise<SubscriptionLook[]> {
    const subscriptions = await catalogue.listSubscriptions();
    return Promise.all(
      subscriptions.map(async (subscription) => ({
        ...(await deps.snapshots.lastLook(subscription.subscriptionId)),
        subscription,
      })),
    );
  }

  async function waitForLooks(subscriptions: readonly Subscription[]): Promise<void> {
    const askedMs = clock.monotonicMs();
    const staleBeforeMs = clock.now() - STALE_AFTER_MS;
    for (;;) {
      const looks = await Promise.all(
        subscriptions.map(({ subscriptionId }) => deps.snapshots.lastLook(subscriptionId)),
      );
      if (looks.every((look) => look && !isStale(look, staleBeforeMs))) return;
      const limitMs = looks.includes(undefined) ? FIRST_LOOK_LIMIT_MS : FRESH_LOOK_LIMIT_MS;
      if (clock.monotonicMs() - askedMs >= limitMs) return;
      await clock.sleep(LOOK_CHECK_MS);
    }
  }

  async function list(viewer: Viewer): Promise<readonly KnownCluster[]> {
    requirePermission(viewer, "clusters:read");
    const subscriptions = await askedFor();
    await waitForLooks(subscriptions);
    const clusters = await read(subscriptions);
    return clusters
      .filter(({ cluster }) => clusterStatus(cluster) !== "DELETED")
      .sort((a, b) => a.cluster.name.localeCompare(b.cluster.name) || a.cluster.armId.localeCompare(b.cluster.armId));
  }

  return {
    list,
    async find(viewer, armId) {
      requirePermission(viewer, "clusters:read");
      const ref = tryParseArmId(armId);
      if (!ref) return undefined;
      // One that no watcher has seen yet is waited for as a list is.
      if (!(await deps.snapshots.find(ref))) await list(viewer);
      else await askedFor();
      const [snapshot, look] = await Promise.all([
        deps.snapshots.find(ref),
        deps.snapshots.lastLook(ref.subscriptionId),
      ]);
      return snapshot && toKnown(snapshot, look?.at);
    },
    watch(viewer) {
      requirePermission(viewer, "clusters:read");
      const leave = demand.watching(CLUSTERS_TOPIC);
      demand.told(CLUSTERS_TOPIC).then(wakeWatchers).catch(deps.onError);
      const stream = deps.liveState.stream<ClusterSnapshot>({
        topic: CLUSTERS_TOPIC,
        read: async () => read(await catalogue.listSubscriptions()),
        keyOf: ({ cluster }) => armIdKey(cluster.armId),
        versionOf: ({ version }) => version,
      });
      return mapLiveStream(stream, (snapshot) => toKnown(snapshot, undefined), leave);
    },
    watchLooks(viewer) {
      requirePermission(viewer, "clusters:read");
      return deps.liveState.stream<SubscriptionLook>({
        topic: CLUSTER_LOOKS_TOPIC,
        read: readLooks,
        keyOf: ({ subscription }) => subscription.subscriptionId,
        versionOf: ({ version }) => version ?? 0,
      });
    },
    async subscriptions(viewer) {
      requirePermission(viewer, "clusters:read");
      return catalogue.listSubscriptions();
    },
    async locations(viewer, subscriptionId) {
      requirePermission(viewer, "clusters:read");
      return catalogue.listLocations(subscriptionId);
    },
    async vmSizes(viewer, subscriptionId, location) {
      requirePermission(viewer, "clusters:read");
      return catalogue.listVmSizes(subscriptionId, location);
    },
    async kubernetesVersions(viewer, subscriptionId, location) {
      requirePermission(viewer, "clusters:read");
      return catalogue.listKubernetesVersions(subscriptionId, location);
    },
  };
}

function toKnown(snapshot: ClusterSnapshot, lookedAt: string | undefined): KnownCluster {
  const { cluster, version, changedAt } = snapshot;
  return {
    cluster,
    version,
    changedAt,
    observedAt: lookedAt !== undefined && lookedAt > changedAt ? lookedAt : changedAt,
  };
}

/** Where something stands in the way of looks, that is told beside the old list, and waiting would not help. */
function isStale({ at, problem }: ClusterLook, beforeMs: number): boolean {
  return problem === undefined && at !== undefined && Date.parse(at) < beforeMs;
}
