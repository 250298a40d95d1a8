import type { AsyncOperation } from "../../async-operations.ts";
import type { World } from "../../provider.ts";
import { existsElsewhere, propertyChangeNotAllowed } from "./aks-errors.ts";
import { checkCapacity } from "./capacity-check.ts";
import { beginWork, checkIdle, checkRunning } from "./change-cluster.ts";
import { buildPool, type ClusterSpec, type PoolSpec } from "./cluster-spec.ts";
import { findPool, updateCluster, type AgentPoolProfile, type ManagedCluster } from "./managed-cluster.ts";

/**
 * A PUT on a cluster that exists: takes over what may change (tags, counts, new pools, versions, other
 * properties) and lets AKS settle everything, which also gets a failed or canceled cluster going again.
 * Pools that the body leaves out stay.
 * @throws ArmError 409 for another location or a running operation, 400 for what can't be changed or has no room
 */
export function beginUpdate(world: World, cluster: ManagedCluster, spec: ClusterSpec): AsyncOperation {
  const { body } = cluster;
  if (spec.location !== body.location) {
    throw existsElsewhere(cluster.name, cluster.resourceGroup, body.location, spec.location);
  }
  checkIdle(world, cluster);
  checkRunning(world, cluster, "updating");
  if (spec.dnsPrefix !== body.properties.dnsPrefix) throw propertyChangeNotAllowed("properties.dnsPrefix");
  for (const pool of spec.pools) checkPoolChange(findPool(body, pool.name), pool);
  checkCapacity(
    world,
    cluster.subscriptionId,
    body.location,
    spec.pools.map(({ name, vmSize, count }) => ({ vmSize, nodes: count - (findPool(body, name)?.count ?? 0) })),
  );
  updateCluster(world, cluster.id, (draft) => {
    if (spec.tags) draft.tags = { ...spec.tags };
    draft.sku = { name: "Base", tier: spec.tier };
    Object.assign(draft.properties, spec.other, {
      networkProfile: mergeNetwork(draft.properties["networkProfile"], spec.other?.["networkProfile"]),
      kubernetesVersion: spec.kubernetesVersion,
      currentKubernetesVersion: spec.patchVersion,
    });
    for (const pool of spec.pools) putPool(draft.properties.agentPoolProfiles, pool);
  });
  return beginWork(world, cluster, "update");
}

type Network = { readonly loadBalancerProfile?: { readonly effectiveOutboundIPs?: unknown } };

/** Takes over what was asked; the addresses that the load balancer has are AKS's to tell. */
function mergeNetwork(before: unknown, asked: unknown): Network {
  const merged: Network = { ...(before as Network | undefined), ...(asked as Network | undefined) };
  const { effectiveOutboundIPs } = (before as Network | undefined)?.loadBalancerProfile ?? {};
  if (effectiveOutboundIPs === undefined || merged.loadBalancerProfile === undefined) return merged;
  return { ...merged, loadBalancerProfile: { ...merged.loadBalancerProfile, effectiveOutboundIPs } };
}

/** @throws ArmError 400 when the pool exists with another size or operating system */
export function checkPoolChange(existing: AgentPoolProfile | undefined, asked: PoolSpec): void {
  if (!existing) return;
  if (existing.vmSize.toLowerCase() !== asked.vmSize.toLowerCase()) throw propertyChangeNotAllowed("properties.vmSize");
  if (existing.osType !== asked.osType) throw propertyChangeNotAllowed("properties.osType");
}

/** Adds the pool as `Creating`, or takes over its new count (`Scaling`) and other settings (`Updating`). */
export function putPool(pools: AgentPoolProfile[], spec: PoolSpec): void {
  const existing = pools.find(({ name }) => name === spec.name);
  if (!existing) {
    pools.push(buildPool(spec));
    return;
  }
  const isScaling = existing.count !== spec.count;
  Object.assign(existing, spec.other, {
    count: spec.count,
    mode: spec.mode,
    orchestratorVersion: spec.orchestratorVersion,
    currentOrchestratorVersion: spec.patchVersion,
    provisioningState: isScaling ? "Scaling" : "Updating",
  });
}
