import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ChangeHints } from "../events/change-hints.ts";
import type { Demand } from "../events/demand.ts";
import { defineJob, implementJob, type AnyJobImplementation, type JobMove } from "../jobs/define-job.ts";
import type { JobRef } from "../jobs/job.ts";
import { AzureError } from "../shared/azure-error.ts";
import type { AzureTime } from "../shared/azure-time.ts";
import type { Clock } from "../shared/clock.ts";
import type { AksGateway } from "./aks-gateway.ts";
import { describeTrouble, retryReason } from "./azure-trouble.ts";
import {
  watchPartition,
  type ClusterLook,
  type ClusterSnapshot,
  type ClusterSnapshotStore,
} from "./cluster-snapshot-store.ts";
import { clusterKey, type Cluster } from "./cluster.ts";

export const CLUSTERS_TOPIC = "clusters";
/** Whether the lists can be had, by subscription. */
export const CLUSTER_LOOKS_TOPIC = "cluster-looks";

/** AKS lets a subscription be listed once a second in the long run; ten times slower leaves room for others. */
const LOOK_EVERY_MS = 10_000;
/** While something is being done to one of them, for a while. */
const BUSY_LOOK_EVERY_MS = 3_000;
const AFTER_TROUBLE_MS = 30_000;
/** A transaction holds 100 changes, two of which are the job's and the look's own. */
const MOST_CHANGES = 90;
const DELETED = "Deleted";

type Checkpoint = Record<string, never>;

export const clusterWatchJob = defineJob<{ subscriptionId: string }, Checkpoint>({
  name: "watch-clusters",
  input: z.object({ subscriptionId: z.string() }),
  checkpoint: z.record(z.string(), z.never()),
  firstStep: "look",
});

export interface ClusterWatchDeps {
  readonly aks: AksGateway;
  readonly snapshots: ClusterSnapshotStore;
  readonly hints: ChangeHints;
  readonly demand: Demand;
  /** Whether Slipway is doing something to a cluster of the subscription. */
  readonly isBusy: (subscriptionId: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
}

/** The job that watches a subscription's clusters. */
export function clusterWatchRef(subscriptionId: string): JobRef {
  return { partitionKey: watchPartition(subscriptionId), jobId: "watch" };
}

/**
 * The one watcher of a subscription's clusters, however many look: lists them every ten seconds while somebody wants to
 * know (every three while something is being done to one of them), stores what has changed, and parks when nobody does. Being a job, exactly one runs and it outlives its process.
 */
export function createClusterWatchJob(deps: ClusterWatchDeps): AnyJobImplementation {
  const { demand, clock } = deps;

  async function look(subscriptionId: string, signal: AbortSignal): Promise<JobMove<Checkpoint>> {
    if (!(await demand.isWanted(CLUSTERS_TOPIC))) return { kind: "park", checkpoint: {} };
    try {
      const [clusters, isBusy] = await Promise.all([
        deps.aks.listClusters(subscriptionId, signal),
        deps.isBusy(subscriptionId),
      ]);
      return {
        kind: "again",
        delayMs: deps.azureTime.toRealMs(isBusy ? BUSY_LOOK_EVERY_MS : LOOK_EVERY_MS),
        checkpoint: {},
        changes: () => changes(subscriptionId, clusters),
      };
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      const { retryAfterMs = 0 } = error;
      const problem =
        error.kind === "forbidden"
          ? "Slipway's identity may not list them; the role Reader on the subscription gives that"
          : describeTrouble(error);
      return {
        kind: "again",
        delayMs: Math.max(deps.azureTime.toRealMs(AFTER_TROUBLE_MS), retryAfterMs),
        ...(error.kind === "transient" && { retry: retryReason(error) }),
        checkpoint: {},
        // What is known stays, with its time: an answer that did not come says nothing about the clusters.
        changes: async () => {
          const before = await deps.snapshots.lastLook(subscriptionId);
          const { change, tell } = nextLook(subscriptionId, before, {
            ...(before?.at !== undefined && { at: before.at }),
            problem,
          });
          return { changes: [change], stored: tell };
        },
      };
    }
  }

  /** The look to store; those who want to know whether the list can be had hear of it only when that has changed. */
  function nextLook(subscriptionId: string, before: ClusterLook | undefined, look: Omit<ClusterLook, "version">) {
    const isNews = before === undefined || before.problem !== look.problem;
    const version = (before?.version ?? 0) + (isNews ? 1 : 0);
    return {
      change: deps.snapshots.lookUpsertion(subscriptionId, { ...look, version }),
      tell: () => {
        if (isNews) deps.hints.publish(CLUSTER_LOOKS_TOPIC, { sequence: version });
      },
    };
  }

  async function changes(subscriptionId: string, clusters: readonly Cluster[]) {
    const now = new Date(clock.now()).toISOString();
    const before = new Map(
      (await deps.snapshots.list(subscriptionId)).map((snapshot) => [clusterKey(snapshot.cluster), snapshot]),
    );
    const look = nextLook(subscriptionId, await deps.snapshots.lastLook(subscriptionId), { at: now });
    const changed = [...seenNow(clusters, before, now), ...goneSince(clusters, before, now)].slice(0, MOST_CHANGES);
    return {
      changes: [...changed.map((snapshot) => deps.snapshots.upsertion(snapshot)), look.change],
      stored: () => {
        look.tell();
        for (const snapshot of changed)
          deps.hints.publish(CLUSTERS_TOPIC, { sequence: snapshot.version, state: snapshot });
      },
    };
  }

  return implementJob({
    definition: clusterWatchJob,
    steps: [{ name: "look", run: (given) => look(given.input.subscriptionId, given.signal) }],
    // A watcher has no end of its own: it rests, and the next one who asks wakes it.
    giveUp: async () => ({ kind: "park", checkpoint: {} }),
  });
}

function seenNow(
  clusters: readonly Cluster[],
  before: ReadonlyMap<string, ClusterSnapshot>,
  now: string,
): ClusterSnapshot[] {
  return clusters.flatMap((cluster) => {
    const known = before.get(clusterKey(cluster));
    if (known && isDeepStrictEqual(withoutUndefined(known.cluster), withoutUndefined(cluster))) return [];
    return [{ cluster, version: (known?.version ?? 0) + 1, changedAt: now }];
  });
}

function goneSince(
  clusters: readonly Cluster[],
  before: ReadonlyMap<string, ClusterSnapshot>,
  now: string,
): ClusterSnapshot[] {
  const present = new Set(clusters.map(clusterKey));
  return [...before.entries()]
    .filter(([key, { cluster }]) => !present.has(key) && cluster.provisioningState !== DELETED)
    .map(([, { cluster, version }]) => ({
      cluster: { ...cluster, provisioningState: DELETED },
      version: version + 1,
      changedAt: now,
    }));
}

/** Snapshots come back from JSON, which drops what is undefined. */
function withoutUndefined(cluster: Cluster): unknown {
  return JSON.parse(JSON.stringify(cluster));
}
