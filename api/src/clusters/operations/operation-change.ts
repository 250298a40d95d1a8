import type { Cluster, NodePool } from "../cluster.ts";
import type { Failure } from "../failures/failure.ts";
import {
  isFinalOperation,
  type ClusterOperation,
  type GroupOutcome,
  type OperationEvent,
  type OperationStatus,
} from "./cluster-operation.ts";

/** More events than any operation has; a cluster that flaps for an hour keeps its first ones. */
const MOST_EVENTS = 100;
const GONE = "Deleted";

/** What one look has found out. Everything left out stays as it was. */
export interface OperationFindings {
  readonly status?: OperationStatus;
  /** Share that is done, 0 to 1. */
  readonly within?: number;
  /** Sub-message; null takes the last one away. */
  readonly message?: string | null;
  /** The cluster as it was seen; `gone` when Azure has it no more. */
  readonly cluster?: Cluster | "gone" | undefined;
  readonly accepted?: boolean;
  readonly usual?: Pick<ClusterOperation, "usualMs" | "expected">;
  readonly failure?: Failure;
  readonly group?: GroupOutcome;
  /** Further events, beside those that follow from the facts. */
  readonly notes?: readonly string[];
}

/**
 * The next record. Pure, so that it can be computed again on a newer one. Keeps the promises of the progress stream:
 * sequence + 1, percent never falls, pools once seen stay.
 */
export function applyFindings(before: ClusterOperation, findings: OperationFindings, nowMs: number): ClusterOperation {
  const now = new Date(nowMs).toISOString();
  const status = findings.status ?? before.status;
  const seen = seenNow(before, findings.cluster);
  const happened = [
    ...describeStates(before, seen),
    ...describePools(before, seen.nodePools),
    ...(findings.notes ?? []),
  ];
  const { message: messageBefore, ...rest } = before;
  const message = findings.message === null ? undefined : (findings.message ?? messageBefore);
  const share = status === "SUCCEEDED" ? 100 : Math.floor((findings.within ?? 0) * 990) / 10;
  const events = happened.map((text, index): OperationEvent => ({
    sequence: before.events.length + 1 + index,
    at: now,
    message: text,
    ...(seen.clusterState === undefined ? {} : { clusterState: seen.clusterState }),
  }));
  return {
    ...rest,
    ...seen,
    status,
    sequence: before.sequence + 1,
    percent: Math.max(before.percent, share),
    observedAt: now,
    changedAt: events.length > 0 ? now : before.changedAt,
    events: [...before.events, ...events].slice(0, MOST_EVENTS),
    ...(message === undefined ? {} : { message }),
    ...(findings.accepted && !before.acceptedAt ? { acceptedAt: now } : {}),
    ...findings.usual,
    ...(findings.failure === undefined ? {} : { failure: findings.failure }),
    ...(findings.group === undefined ? {} : { group: findings.group }),
    ...(isFinalOperation(status) ? { finishedAt: before.finishedAt ?? now } : {}),
  };
}

type Seen = Pick<ClusterOperation, "clusterState" | "powerState" | "nodePools">;

function seenNow(before: ClusterOperation, cluster: OperationFindings["cluster"]): Seen {
  const { clusterState, powerState, nodePools } = before;
  if (cluster === undefined)
    return {
      nodePools,
      ...(clusterState === undefined ? {} : { clusterState }),
      ...(powerState === undefined ? {} : { powerState }),
    };
  if (cluster === "gone")
    return {
      clusterState: GONE,
      nodePools: nodePools.map(asGone),
      ...(powerState === undefined ? {} : { powerState }),
    };
  const present = new Set(cluster.nodePools.map(({ name }) => name.toLowerCase()));
  const missing = nodePools.filter(({ name }) => !present.has(name.toLowerCase()));
  return {
    clusterState: cluster.provisioningState,
    powerState: cluster.powerState,
    nodePools: [...cluster.nodePools, ...missing.map(asGone)],
  };
}

function asGone(pool: NodePool): NodePool {
  return { ...pool, provisioningState: GONE };
}

function describeStates(before: ClusterOperation, now: Seen): string[] {
  const state =
    now.clusterState !== undefined && now.clusterState !== before.clusterState
      ? [`AKS state: ${now.clusterState}`]
      : [];
  const isPowerNews = before.powerState !== undefined && now.powerState !== before.powerState;
  return isPowerNews ? [...state, `Power state: ${now.powerState}`] : state;
}

function describePools(before: ClusterOperation, nodePools: readonly NodePool[]): string[] {
  // What was there when it began is no event.
  if (before.nodePools.length === 0) return [];
  return nodePools.flatMap((pool) => {
    const known = before.nodePools.find(({ name }) => name === pool.name);
    if (known?.provisioningState === pool.provisioningState && known.count === pool.count) return [];
    return [`${pool.name}: ${pool.provisioningState}, ${pool.count === 1 ? "1 node" : `${pool.count} nodes`}`];
  });
}
