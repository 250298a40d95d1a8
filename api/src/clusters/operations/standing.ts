import type { NodePoolSpec } from "../aks-gateway.ts";
import type { Cluster, NodePool } from "../cluster.ts";
import { failureOf, type Failure } from "../failures/failure.ts";
import { isOurs } from "../provisioning/cluster-spec.ts";
import type { OperationTarget } from "./cluster-operation.ts";

/**
 * How a cluster stands to what is to be done with it, by nothing but what Azure shows:
 * - `done`: it is as wanted, and nothing runs;
 * - `under-way`: Azure is doing just this, whoever asked for it;
 * - `busy`: Azure is doing something else, which has to end first;
 * - `free`: Azure can be asked. `state` is how the last operation ended, which is news once Azure was asked;
 * - `impossible`: it can't be done, and waiting won't help.
 */
export type Standing =
  | { readonly kind: "done" }
  | { readonly kind: "under-way" }
  | { readonly kind: "busy"; readonly what: string }
  | { readonly kind: "free"; readonly state: string }
  | { readonly kind: "impossible"; readonly failure: Failure };

const DONE: Standing = { kind: "done" };
const UNDER_WAY: Standing = { kind: "under-way" };

/** @param cluster undefined when Azure has it no more */
export function standingOf(target: OperationTarget, cluster: Cluster | undefined): Standing {
  switch (target.kind) {
    case "DELETE":
      return cluster ? deleting(cluster) : DONE;
    case "CLEAN_UP":
      if (!cluster) return DONE;
      return isOurs(cluster, target.provisionId) ? deleting(cluster) : impossible(notWhatItMade(cluster));
    default:
      if (!cluster) return impossible(clusterIsGone());
      if (is(cluster, "Deleting")) return impossible(clusterIsGone());
      return onStanding(target, cluster);
  }
}

function onStanding(target: Exclude<OperationTarget, { kind: "DELETE" | "CLEAN_UP" }>, cluster: Cluster): Standing {
  switch (target.kind) {
    case "START":
      return powering(cluster, { passing: "Starting", wanted: "Running" });
    case "STOP":
      return powering(cluster, { passing: "Stopping", wanted: "Stopped" });
    case "SCALE": {
      const pool = poolOf(cluster, target.poolName);
      if (!pool) return impossible(noPool(target.poolName));
      if (pool.autoscale) return impossible(autoscaled(pool));
      const isAsWanted = pool.count === target.count;
      if (!isAtRest(pool)) return isAsWanted ? UNDER_WAY : busyWithPool(pool);
      if (isAsWanted && is(pool, "Succeeded")) return DONE;
      return changing(cluster, pool.provisioningState);
    }
    case "ADD_NODE_POOL": {
      const pool = poolOf(cluster, target.pool.name);
      if (!pool) return changing(cluster, "Succeeded");
      if (!isAsAskedFor(pool, target.pool) || is(pool, "Deleting")) return impossible(poolExists(pool));
      if (!isAtRest(pool)) return UNDER_WAY;
      return is(pool, "Succeeded") ? DONE : impossible(poolIsBroken(pool));
    }
    case "REMOVE_NODE_POOL": {
      const pool = poolOf(cluster, target.poolName);
      if (!pool) return DONE;
      if (is(pool, "Deleting")) return UNDER_WAY;
      if (!isAtRest(pool)) return busyWithPool(pool);
      const systemPools = cluster.nodePools.filter(({ mode }) => mode === "SYSTEM");
      if (pool.mode === "SYSTEM" && systemPools.length === 1) return impossible(lastSystemPool(pool));
      return changing(cluster, pool.provisioningState);
    }
  }
}

function isAsAskedFor(pool: NodePool, asked: NodePoolSpec): boolean {
  const isScaledByAks = asked.autoscale !== undefined && pool.autoscale !== undefined;
  return (
    pool.mode === asked.mode &&
    pool.vmSize.toLowerCase() === asked.vmSize.toLowerCase() &&
    (isScaledByAks || pool.count === asked.count)
  );
}

/** A delete breaks off whatever runs, so nothing is in its way. */
function deleting(cluster: Cluster): Standing {
  return is(cluster, "Deleting") ? UNDER_WAY : { kind: "free", state: cluster.provisioningState };
}

function powering(cluster: Cluster, to: { readonly passing: string; readonly wanted: string }): Standing {
  if (is(cluster, to.passing)) return UNDER_WAY;
  const blocker = blockerOf(cluster);
  if (blocker) return blocker;
  // AKS says Running as soon as a start begins: what counts is that it has ended.
  return cluster.powerState.toLowerCase() === to.wanted.toLowerCase()
    ? DONE
    : { kind: "free", state: cluster.provisioningState };
}

/** A pool can be changed when nothing runs on the whole cluster, and when the cluster runs. */
function changing(cluster: Cluster, state: string): Standing {
  if (!isAtRest(cluster)) return { kind: "busy", what: `the cluster is ${cluster.provisioningState}` };
  return cluster.powerState.toLowerCase() === "stopped" ? impossible(clusterIsStopped()) : { kind: "free", state };
}

/** What runs on the cluster or on one of its pools, so that the whole can't be changed. */
function blockerOf(cluster: Cluster): Standing | undefined {
  if (!isAtRest(cluster)) return { kind: "busy", what: `the cluster is ${cluster.provisioningState}` };
  const pool = cluster.nodePools.find((one) => !isAtRest(one));
  return pool && busyWithPool(pool);
}

function busyWithPool(pool: NodePool): Standing {
  return { kind: "busy", what: `node pool ${pool.name} is ${pool.provisioningState}` };
}

interface Provisioned {
  readonly provisioningState: string;
}

function is({ provisioningState }: Provisioned, state: string): boolean {
  return provisioningState.toLowerCase() === state.toLowerCase();
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations#provisioningstate-values */
function isAtRest(one: Provisioned): boolean {
  return is(one, "Succeeded") || is(one, "Failed") || is(one, "Canceled");
}

export function poolOf(cluster: Cluster, name: string): NodePool | undefined {
  return cluster.nodePools.find((pool) => pool.name.toLowerCase() === name.toLowerCase());
}

function impossible(failure: Failure): Standing {
  return { kind: "impossible", failure };
}

export function clusterIsGone(): Failure {
  return failureOf("DELETED_OUTSIDE", "ClusterDeleted", "The cluster is not at Azure any more: it was deleted.", {
    remedies: [],
  });
}

function notWhatItMade({ name }: Cluster): Failure {
  const message = `The cluster '${name}' is not the one that this attempt made: it was left as it is.`;
  return failureOf("CONFLICT", "ClusterNotOurs", message, { remedies: [] });
}

function clusterIsStopped(): Failure {
  const message = "The cluster is stopped. Start it, then change its node pools.";
  return failureOf("INVALID_REQUEST", "ClusterStopped", message);
}

function noPool(name: string): Failure {
  return failureOf("INVALID_REQUEST", "NodePoolNotFound", `The cluster has no node pool '${name}' any more.`, {
    remedies: [],
  });
}

export function poolExists({ name, vmSize }: NodePool): Failure {
  const message = `The cluster has another node pool '${name}' already (${vmSize}). Choose another name.`;
  return failureOf("INVALID_REQUEST", "NodePoolExists", message, { remedies: [] });
}

function poolIsBroken({ name, provisioningState }: NodePool): Failure {
  const message = `Node pool '${name}' is there, but it is ${provisioningState} and Azure gives no cause. Remove it, then add it again.`;
  return failureOf("UNKNOWN", "NodePoolBroken", message, { remedies: [] });
}

export function autoscaled({ name, autoscale }: NodePool): Failure {
  const message = `AKS itself scales node pool '${name}', between ${autoscale?.minCount} and ${autoscale?.maxCount} nodes, so its count can't be set by hand.`;
  return failureOf("INVALID_REQUEST", "NodePoolAutoscaled", message, { remedies: [] });
}

export function lastSystemPool({ name }: NodePool): Failure {
  const message = `'${name}' is the cluster's last system pool, which it can't be without. Add another system pool first.`;
  return failureOf("INVALID_REQUEST", "LastSystemPool", message, { remedies: [] });
}
