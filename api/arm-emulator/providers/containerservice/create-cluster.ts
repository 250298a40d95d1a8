import type { AgendaEntry } from "../../agenda.ts";
import type { AsyncOperation, OperationError } from "../../async-operations.ts";
import type { World } from "../../provider.ts";
import { allocationFailure, POOL_FAILURE, regionalQuotaExceeded, sizeNotAllowed } from "./aks-errors.ts";
import { checkCapacity, coresOf } from "./capacity-check.ts";
import type { ClusterSpec } from "./cluster-spec.ts";
import { createTimeline } from "./cluster-timeline.ts";
import { AKS_NAMESPACE, findPool, updateCluster, type ManagedCluster } from "./managed-cluster.ts";
import { showKubeletIdentity, storeNewCluster } from "./plant-cluster.ts";

/**
 * The making of a cluster.
 *
 * State story: the PUT stores cluster and pools as `Creating`. Then, from the agenda: the kubelet's
 * identity appears; each pool ends (`Succeeded`, or `Failed` in the pool-fails scenario) at its own time;
 * the cluster ends with its operation. The agenda entries belong to the operation, so an abort or a
 * delete takes all that is left of them away. A scenario changes which entries are written, nothing else.
 */

/** What somebody else does to a cluster happens after this part of the usual time. */
const OUTSIDE_PART = 0.4;
/** After a failed create AKS tries again by itself and gets through. */
const HEALS_AFTER_MS = 120_000;

/**
 * Accepts a new cluster.
 * @throws ArmError when a size is not allowed or quota is short, for real or by scenario
 */
export function beginCreate(world: World, spec: ClusterSpec): { cluster: ManagedCluster; operation: AsyncOperation } {
  const scenario = world.scenarios.find("cluster", spec.name);
  refuseByScenario(scenario, spec);
  checkCapacity(world, spec.subscriptionId, spec.location, toDemand(spec));

  const nowMs = world.now();
  const cluster = storeNewCluster(world, spec, nowMs);
  const operation = world.operations.start({
    subscriptionId: spec.subscriptionId,
    location: spec.location,
    namespace: AKS_NAMESPACE,
    kind: "managedClusters.createOrUpdate",
    displayName: "Creating",
    targetId: cluster.id,
    startMs: nowMs,
  });
  scheduleCreate(world, cluster, operation, scenario);
  return { cluster, operation };
}

function scheduleCreate(
  world: World,
  cluster: ManagedCluster,
  operation: AsyncOperation,
  scenario: string | undefined,
): void {
  const pools = cluster.body.properties.agentPoolProfiles;
  const timeline = createTimeline(
    cluster.name,
    pools.map(({ name }) => name),
    scenario === "slow" ? "slow" : "usual",
  );
  const at = (afterMs: number, kind: string, payload: Record<string, string>): void =>
    world.agenda.schedule({
      dueMs: world.now() + afterMs,
      kind,
      operationId: operation.id,
      payload: { clusterId: cluster.id, ...payload },
    });

  at(timeline.identityReadyMs, "aks.identityReady", {});
  if (scenario === "stuck") return;
  const failing = failingPool(pools, scenario);
  for (const { name } of pools) {
    const readyMs = timeline.poolReadyMs.get(name) ?? timeline.totalMs;
    at(readyMs, "aks.poolEnds", {
      pool: name,
      state: name === failing ? "Failed" : "Succeeded",
      scenario: scenario ?? "",
    });
  }
  const isFailing = failing !== undefined;
  at(timeline.totalMs, "aks.createEnds", { status: isFailing ? "Failed" : "Succeeded", scenario: scenario ?? "" });
  if (scenario === "canceled-outside") at(timeline.totalMs * OUTSIDE_PART, "aks.canceledOutside", {});
  if (scenario === "deleted-outside") at(timeline.totalMs * OUTSIDE_PART, "aks.deletedOutside", {});
  if (scenario === "failed-then-succeeded" && isFailing) {
    world.agenda.schedule({
      dueMs: world.now() + timeline.totalMs + HEALS_AFTER_MS,
      kind: "aks.heals",
      payload: { clusterId: cluster.id, createdMs: cluster.createdMs },
    });
  }

  function failingPool(all: typeof pools, fate: string | undefined): string | undefined {
    const isFate =
      fate === "pool-fails" || (fate === "failed-then-succeeded" && world.scenarios.takeOnce(fate, cluster.name));
    if (!isFate) return undefined;
    return (all.findLast(({ mode }) => mode === "User") ?? all.at(-1))?.name;
  }
}

/** Fates that AKS decides before it accepts the request. */
function refuseByScenario(scenario: string | undefined, spec: ClusterSpec): void {
  const requested = coresOf(toDemand(spec));
  if (scenario === "quota-exceeded") throw regionalQuotaExceeded(spec.location, Math.max(0, requested - 2), requested);
  if (scenario === "sku-not-allowed") {
    throw sizeNotAllowed(spec.pools[0]?.vmSize ?? "", spec.subscriptionId, spec.location);
  }
}

function toDemand(spec: ClusterSpec): { vmSize: string; nodes: number }[] {
  return spec.pools.map(({ vmSize, count }) => ({ vmSize, nodes: count }));
}

/** Agenda: AKS has made the kubelet's identity. */
export function identityReady({ payload }: AgendaEntry, world: World): void {
  updateCluster(world, String(payload["clusterId"]), showKubeletIdentity);
}

/** Agenda: one pool has come to its end, the cluster has not yet. */
export function poolEnds({ payload }: AgendaEntry, world: World): void {
  updateCluster(world, String(payload["clusterId"]), (body) => {
    const pool = findPool(body, String(payload["pool"]));
    if (!pool) return;
    pool.provisioningState = String(payload["state"]);
    if (pool.provisioningState === "Failed") {
      pool["status"] = { provisioningError: failureOf(String(payload["scenario"]), pool.vmSize) };
    }
  });
}

/** Agenda: the create and its operation end together. */
export function createEnds({ payload, operationId }: AgendaEntry, world: World): void {
  const status = payload["status"] === "Failed" ? "Failed" : "Succeeded";
  let error: OperationError | undefined;
  updateCluster(world, String(payload["clusterId"]), (body, hidden) => {
    const failed = body.properties.agentPoolProfiles.find(({ provisioningState }) => provisioningState === "Failed");
    if (failed) error = failureOf(String(payload["scenario"]), failed.vmSize);
    hidden.createdEndMs ??= world.now();
    body.properties.provisioningState = status;
    if (error) body.properties["status"] = { provisioningError: error };
    addOutboundAddress(body.properties);
  });
  world.operations.finish(operationId, status, world.now(), error);
}

/** Agenda: AKS's own second try gets through, unless somebody has changed the cluster since. */
export function heals({ payload }: AgendaEntry, world: World): void {
  updateCluster(world, String(payload["clusterId"]), (body) => {
    if (body.properties.provisioningState !== "Failed") return;
    body.properties.provisioningState = "Succeeded";
    delete body.properties["status"];
    for (const pool of body.properties.agentPoolProfiles) {
      pool.provisioningState = "Succeeded";
      delete pool["status"];
    }
  });
}

function failureOf(scenario: string, vmSize: string): OperationError {
  return scenario === "failed-then-succeeded" ? allocationFailure(vmSize) : POOL_FAILURE;
}

/** The load balancer has its public address once the cluster stands. */
function addOutboundAddress(properties: ManagedCluster["body"]["properties"]): void {
  const network = properties["networkProfile"] as { loadBalancerProfile?: Record<string, unknown> } | undefined;
  if (!network?.loadBalancerProfile) return;
  const [, , subscriptionId] = properties.identityProfile?.kubeletidentity.resourceId.split("/") ?? [];
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${properties.nodeResourceGroup}/providers/Microsoft.Network/publicIPAddresses/${properties["resourceUID"] as string}`;
  network.loadBalancerProfile["effectiveOutboundIPs"] = [{ id }];
}
