import type { AgendaEntry } from "../../agenda.ts";
import { flatError, invalidRequestContent } from "../../arm-errors.ts";
import { asyncOperationHeader, created, noContent, ok, page } from "../../arm-response.ts";
import type { AsyncOperation } from "../../async-operations.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import { anotherOperation, anotherPoolOperation, nothingToAbort, poolNotFound } from "./aks-errors.ts";
import { AKS_LIMITS } from "./aks-limits.ts";
import { checkCapacity } from "./capacity-check.ts";
import { beginAbort, checkRunning } from "./change-cluster.ts";
import { isFields } from "./cluster-request.ts";
import { acceptedBy, CLUSTER_PATH, requireCluster } from "./cluster-routes.ts";
import { durationMs } from "./cluster-timeline.ts";
import { AKS_NAMESPACE, findPool, toPoolAnswer, updateCluster, type ManagedCluster } from "./managed-cluster.ts";
import { parsePool } from "./pool-request.ts";
import { checkPreconditions } from "./preconditions.ts";
import { checkPoolChange, putPool } from "./update-cluster.ts";

const POOLS_PATH = `${CLUSTER_PATH}/agentPools`;
const POOL_PATH = `${POOLS_PATH}/{agentPoolName}`;

/**
 * Node pools of a cluster that stands: https://learn.microsoft.com/rest/api/aks/agent-pools
 *
 * State story: different pools may change at the same time, one pool has one operation at a time, and an
 * operation on the whole cluster excludes all of them. A PUT sets `Creating`, `Scaling` or `Updating`, a
 * DELETE `Deleting`; the agenda entries `aks.poolDone` and `aks.poolGone` end them. The cluster's own
 * state stays as it is.
 */
export const poolRoutes: readonly Route[] = [
  {
    method: "GET",
    path: POOLS_PATH,
    operation: "agentPools.list",
    limits: [AKS_LIMITS.other],
    handle: (request, world) => {
      const cluster = requireCluster(request, world);
      return page(
        request,
        cluster.body.properties.agentPoolProfiles.map((pool) => toPoolAnswer(cluster, pool)),
      );
    },
  },
  {
    method: "GET",
    path: POOL_PATH,
    operation: "agentPools.get",
    limits: [AKS_LIMITS.other],
    handle: (request, world) => ok(poolAnswer(request, world)),
  },
  { method: "PUT", path: POOL_PATH, operation: "agentPools.createOrUpdate", limits: [AKS_LIMITS.putPool], handle: put },
  { method: "DELETE", path: POOL_PATH, operation: "agentPools.delete", limits: [AKS_LIMITS.other], handle: remove },
  {
    method: "POST",
    path: `${POOL_PATH}/abort`,
    operation: "agentPools.abortLatestOperation",
    limits: [AKS_LIMITS.other],
    handle: (request, world) => {
      const cluster = requireCluster(request, world);
      const name = poolName(request);
      if (!findPool(cluster.body, name)) throw poolNotFound(cluster.name, name);
      if (world.operations.listRunning(poolId(cluster, name)).length === 0) throw nothingToAbort(name);
      return acceptedBy(request, beginAbort(world, cluster));
    },
  },
];

function put(request: ArmRequest, world: World): ArmReply {
  const cluster = requireCluster(request, world);
  const name = poolName(request);
  const existing = findPool(cluster.body, name);
  checkPreconditions(request, existing?.eTag, `agent pool ${name}`);
  const fields = isFields(request.body) ? request.body["properties"] : undefined;
  if (!isFields(fields)) throw invalidRequestContent("The request body must have 'properties'");
  const { currentKubernetesVersion, kubernetesVersion } = cluster.body.properties;
  const spec = parsePool(
    name,
    { ...existing, ...fields },
    {
      location: cluster.body.location,
      version: kubernetesVersion,
      patchVersion: currentKubernetesVersion,
    },
  );
  checkPoolIdle(world, cluster, name);
  checkRunning(world, cluster, "scaling");
  checkPoolChange(existing, spec);
  checkCapacity(world, cluster.subscriptionId, cluster.body.location, [
    { vmSize: spec.vmSize, nodes: spec.count - (existing?.count ?? 0) },
  ]);

  updateCluster(world, cluster.id, (body) => putPool(body.properties.agentPoolProfiles, spec));
  const state = findPool(requireCluster(request, world).body, name)?.provisioningState ?? "Updating";
  const operation = startPoolOperation(world, cluster, name, "agentPools.createOrUpdate", state);
  schedule(
    world,
    cluster,
    name,
    operation,
    "aks.poolDone",
    durationMs(existing ? "scalePool" : "createPool", `${cluster.name}/${name}`),
  );
  const reply = existing ? ok : created;
  return reply(poolAnswer(request, world), asyncOperationHeader(request, operation));
}

function remove(request: ArmRequest, world: World): ArmReply {
  const cluster = requireCluster(request, world);
  const name = poolName(request);
  const pool = findPool(cluster.body, name);
  if (!pool) return noContent();
  checkPreconditions(request, pool.eTag, `agent pool ${name}`);
  checkPoolIdle(world, cluster, name);
  const systemPools = cluster.body.properties.agentPoolProfiles.filter(({ mode }) => mode === "System");
  if (systemPools.length === 1 && systemPools[0] === pool) {
    throw flatError(400, "MustDefineAtLeastOneSystemPool", "Must define at least one system pool.");
  }
  const operation = startPoolOperation(world, cluster, name, "agentPools.delete", "Deleting");
  updateCluster(world, cluster.id, (body) => {
    const deleting = findPool(body, name);
    if (deleting) deleting.provisioningState = "Deleting";
  });
  schedule(world, cluster, name, operation, "aks.poolGone", durationMs("deletePool", `${cluster.name}/${name}`));
  return acceptedBy(request, operation);
}

/** Agenda: a pool that was added, scaled or changed is as asked. */
export function poolDone({ payload, operationId }: AgendaEntry, world: World): void {
  updateCluster(world, String(payload["clusterId"]), (body) => {
    const pool = findPool(body, String(payload["pool"]));
    if (!pool) return;
    pool.provisioningState = "Succeeded";
    delete pool["status"];
  });
  world.operations.finish(operationId, "Succeeded", world.now());
}

/** Agenda: a deleted pool is no more. */
export function poolGone({ payload, operationId }: AgendaEntry, world: World): void {
  updateCluster(world, String(payload["clusterId"]), (body) => {
    const { properties } = body;
    properties.agentPoolProfiles = properties.agentPoolProfiles.filter(({ name }) => name !== payload["pool"]);
  });
  world.operations.finish(operationId, "Succeeded", world.now());
}

/** @throws ArmError 409 when an operation runs on the pool or on the whole cluster */
function checkPoolIdle(world: World, cluster: ManagedCluster, name: string): void {
  const own = poolId(cluster, name).toLowerCase();
  for (const { targetId, displayName } of world.operations.listRunning(cluster.id)) {
    if (targetId.toLowerCase() === cluster.id.toLowerCase()) throw anotherOperation(displayName);
    if (targetId.toLowerCase() === own) throw anotherPoolOperation(displayName);
  }
}

function startPoolOperation(
  world: World,
  cluster: ManagedCluster,
  name: string,
  kind: string,
  displayName: string,
): AsyncOperation {
  return world.operations.start({
    subscriptionId: cluster.subscriptionId,
    location: cluster.body.location,
    namespace: AKS_NAMESPACE,
    kind,
    displayName,
    targetId: poolId(cluster, name),
    startMs: world.now(),
  });
}

function schedule(
  world: World,
  cluster: ManagedCluster,
  pool: string,
  operation: AsyncOperation,
  kind: string,
  afterMs: number,
): void {
  world.agenda.schedule({
    dueMs: world.now() + afterMs,
    kind,
    operationId: operation.id,
    payload: { clusterId: cluster.id, pool },
  });
}

function poolAnswer(request: ArmRequest, world: World): object {
  const cluster = requireCluster(request, world);
  const pool = findPool(cluster.body, poolName(request));
  if (!pool) throw poolNotFound(cluster.name, poolName(request));
  return toPoolAnswer(cluster, pool);
}

function poolName(request: ArmRequest): string {
  return request.params["agentPoolName"] ?? "";
}

function poolId(cluster: ManagedCluster, name: string): string {
  return `${cluster.id}/agentPools/${name}`;
}
