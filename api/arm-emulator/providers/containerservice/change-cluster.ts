import type { AgendaEntry } from "../../agenda.ts";
import type { AsyncOperation } from "../../async-operations.ts";
import type { World } from "../../provider.ts";
import { resourceGroupId } from "../../resource-groups.ts";
import { anotherOperation, nothingToAbort, notRunning, notStopped } from "./aks-errors.ts";
import { durationMs } from "./cluster-timeline.ts";
import {
  AKS_NAMESPACE,
  findCluster,
  isTerminal,
  listClusters,
  setPoolStates,
  updateCluster,
  type ManagedCluster,
} from "./managed-cluster.ts";

/**
 * What is done to a cluster that exists: start, stop, abort, delete and settling updates.
 *
 * State story: one operation at a time. Beginning one checks that none runs (409 otherwise; only abort
 * needs one, and delete breaks off whatever runs), sets the passing state (`Starting`, `Stopping`,
 * `Canceling`, `Deleting`, `Updating`) and writes the agenda entry at which `operationEnds`, `aborted` or
 * `gone` sets the last one.
 */

type Work = "update" | "start" | "stop";

const PASSING_STATE: Readonly<Record<Work, string>> = { update: "Updating", start: "Starting", stop: "Stopping" };
const OPERATION_KIND: Readonly<Record<Work, string>> = {
  update: "managedClusters.createOrUpdate",
  start: "managedClusters.start",
  stop: "managedClusters.stop",
};

/** @throws ArmError 409 when an operation runs on the cluster or on one of its pools */
export function checkIdle(world: World, cluster: ManagedCluster): void {
  const [running] = world.operations.listRunning(cluster.id);
  if (running) throw anotherOperation(running.displayName);
}

/** @throws ArmError 409 unless the cluster is stopped */
export function beginStart(world: World, cluster: ManagedCluster): AsyncOperation {
  const { provisioningState, powerState } = cluster.body.properties;
  if (powerState.code !== "Stopped") {
    throw notStopped(provisioningState, powerState.code, cluster.hidden.lastOperation.startMs, world.now());
  }
  checkIdle(world, cluster);
  return beginWork(world, cluster, "start");
}

/** @throws ArmError 409 unless the cluster is running */
export function beginStop(world: World, cluster: ManagedCluster): AsyncOperation {
  checkRunning(world, cluster, "stopping");
  checkIdle(world, cluster);
  return beginWork(world, cluster, "stop");
}

/** @throws ArmError 409 when the cluster is stopped */
export function checkRunning(world: World, cluster: ManagedCluster, verb: string): void {
  if (cluster.body.properties.powerState.code === "Running") return;
  throw notRunning(verb, cluster.hidden.lastOperation.startMs, world.now());
}

/** Begins an operation on the whole cluster; its pools follow at the end. */
export function beginWork(world: World, cluster: ManagedCluster, work: Work): AsyncOperation {
  const operation = startOperation(world, cluster, OPERATION_KIND[work], PASSING_STATE[work]);
  updateCluster(world, cluster.id, (body, hidden) => {
    hidden.lastOperation = { name: PASSING_STATE[work], startMs: world.now() };
    body.properties.provisioningState = PASSING_STATE[work];
    // AKS calls a cluster running from the moment it begins to start.
    if (work === "start") body.properties.powerState = { code: "Running" };
    setPoolStates(
      body,
      PASSING_STATE[work],
      (pool) => pool.provisioningState !== "Creating" && pool.provisioningState !== "Scaling",
    );
  });
  world.agenda.schedule({
    dueMs: world.now() + durationMs(work, cluster.name),
    kind: "aks.operationEnds",
    operationId: operation.id,
    payload: { clusterId: cluster.id, work },
  });
  return operation;
}

/** Agenda: a start, a stop or an update is done. */
export function operationEnds({ payload, operationId }: AgendaEntry, world: World): void {
  updateCluster(world, String(payload["clusterId"]), (body) => {
    body.properties.provisioningState = "Succeeded";
    delete body.properties["status"];
    if (payload["work"] === "stop") body.properties.powerState = { code: "Stopped" };
    for (const pool of body.properties.agentPoolProfiles) {
      pool.provisioningState = "Succeeded";
      pool.powerState = { ...body.properties.powerState };
      delete pool["status"];
    }
  });
  world.operations.finish(operationId, "Succeeded", world.now());
}

/** @throws ArmError 409 when nothing runs, or when it is being aborted or deleted already */
export function beginAbort(world: World, cluster: ManagedCluster): AsyncOperation {
  const running = world.operations.listRunning(cluster.id);
  if (running.length === 0) throw nothingToAbort(cluster.name);
  const ending = running.find(({ displayName }) => displayName === "Canceling" || displayName === "Deleting");
  if (ending) throw anotherOperation(ending.displayName);
  return breakOff(world, cluster, running);
}

function breakOff(world: World, cluster: ManagedCluster, running: readonly AsyncOperation[]): AsyncOperation {
  for (const { id } of running) world.agenda.cancelOperation(id);
  const operation = startOperation(world, cluster, "managedClusters.abortLatestOperation", "Canceling");
  updateCluster(world, cluster.id, (body) => {
    body.properties.provisioningState = "Canceling";
    setPoolStates(body, "Canceling", ({ provisioningState }) => !isTerminal(provisioningState));
  });
  world.agenda.schedule({
    dueMs: world.now() + durationMs("abort", cluster.name),
    kind: "aks.aborted",
    operationId: operation.id,
    payload: { clusterId: cluster.id, brokenIds: running.map(({ id }) => id) },
  });
  return operation;
}

/** Agenda: what was aborted is `Canceled` now, and so are the pools that had not ended. */
export function aborted({ payload, operationId }: AgendaEntry, world: World): void {
  updateCluster(world, String(payload["clusterId"]), (body, hidden) => {
    hidden.createdEndMs ??= world.now();
    body.properties.provisioningState = "Canceled";
    setPoolStates(body, "Canceled", ({ provisioningState }) => !isTerminal(provisioningState));
  });
  for (const id of payload["brokenIds"] as string[]) world.operations.finish(id, "Canceled", world.now());
  world.operations.finish(operationId, "Succeeded", world.now());
}

/** Deletes in any state; a cluster that is being deleted already goes on with the same operation. */
export function beginDelete(world: World, cluster: ManagedCluster): AsyncOperation {
  const running = world.operations.listRunning(cluster.id);
  const deleting = running.find(({ kind }) => kind === "managedClusters.delete");
  if (deleting) return deleting;
  for (const { id } of running) {
    world.agenda.cancelOperation(id);
    world.operations.finish(id, "Canceled", world.now());
  }
  const operation = startOperation(world, cluster, "managedClusters.delete", "Deleting");
  updateCluster(world, cluster.id, (body, hidden) => {
    hidden.lastOperation = { name: "Deleting", startMs: world.now() };
    body.properties.provisioningState = "Deleting";
    setPoolStates(body, "Deleting");
  });
  world.agenda.schedule({
    dueMs: world.now() + durationMs("delete", cluster.name),
    kind: "aks.gone",
    operationId: operation.id,
    payload: { clusterId: cluster.id },
  });
  return operation;
}

/** Agenda: the cluster and its node resource group are no more. */
export function gone({ payload, operationId }: AgendaEntry, world: World): void {
  const cluster = findCluster(world.resources, String(payload["clusterId"]));
  if (cluster) {
    world.resources.delete(resourceGroupId(cluster.subscriptionId, cluster.body.properties.nodeResourceGroup));
    world.resources.delete(cluster.id);
  }
  world.operations.finish(operationId, "Succeeded", world.now());
}

/** Agenda and scenario: somebody else aborts what runs on the cluster. */
export function cancelOutside(world: World, clusterId: string): void {
  const cluster = findCluster(world.resources, clusterId);
  const running = world.operations.listRunning(clusterId);
  if (cluster && running.some(({ displayName }) => displayName !== "Canceling" && displayName !== "Deleting"))
    breakOff(world, cluster, running);
}

/** Agenda and scenario: somebody else deletes the cluster. */
export function deleteOutside(world: World, clusterId: string): void {
  const cluster = findCluster(world.resources, clusterId);
  if (cluster) beginDelete(world, cluster);
}

/** A resource group takes its clusters with it: all begin to go now. */
export function deleteClustersOfGroup(world: World, subscriptionId: string, resourceGroup: string): AsyncOperation[] {
  return listClusters(world.resources, { subscriptionId, resourceGroup }).map((cluster) => beginDelete(world, cluster));
}

function startOperation(world: World, cluster: ManagedCluster, kind: string, displayName: string): AsyncOperation {
  return world.operations.start({
    subscriptionId: cluster.subscriptionId,
    location: cluster.body.location,
    namespace: AKS_NAMESPACE,
    kind,
    displayName,
    targetId: cluster.id,
    startMs: world.now(),
  });
}
