import type { AgentPool, ManagedClusterAgentPoolProfile } from "@azure/arm-containerservice";
import type { NodePoolSpec } from "../clusters/aks-gateway.ts";
import type { NodePool } from "../clusters/cluster.ts";
import { tryParseErrorBody } from "../shared/azure-error-body.ts";

/** What a pool is asked for by, as part of a cluster's request and of its own alike. */
export function toAgentPoolFields(pool: NodePoolSpec) {
  const { autoscale, availabilityZones = [], taints = [], labels = {} } = pool;
  return {
    mode: pool.mode === "SYSTEM" ? "System" : "User",
    vmSize: pool.vmSize,
    count: pool.count,
    osType: "Linux",
    ...(autoscale && { enableAutoScaling: true, ...autoscale }),
    ...(availabilityZones.length > 0 && { availabilityZones: [...availabilityZones] }),
    ...(taints.length > 0 && { nodeTaints: [...taints] }),
    ...(Object.keys(labels).length > 0 && { nodeLabels: { ...labels } }),
  } satisfies AgentPool;
}

/** A pool that is asked for by itself. */
export function toAgentPool(pool: NodePoolSpec): AgentPool {
  return { ...toAgentPoolFields(pool), typePropertiesType: "VirtualMachineScaleSets" };
}

/** A pool as a cluster or the pool's own answer shows it. */
export function toNodePool(name: string, pool: ManagedClusterAgentPoolProfile | AgentPool): NodePool {
  const provisioningError = tryParseErrorBody(pool.status?.provisioningError);
  const { enableAutoScaling, minCount, maxCount, availabilityZones = [], nodeTaints = [], nodeLabels = {} } = pool;
  return {
    name,
    mode: pool.mode === "System" ? "SYSTEM" : "USER",
    vmSize: pool.vmSize ?? "",
    count: pool.count ?? 0,
    provisioningState: pool.provisioningState ?? "",
    powerState: pool.powerState?.code,
    ...(provisioningError && { provisioningError }),
    ...(enableAutoScaling && { autoscale: { minCount: minCount ?? 0, maxCount: maxCount ?? 0 } }),
    ...(availabilityZones.length > 0 && { availabilityZones: [...availabilityZones].sort() }),
    ...(nodeTaints.length > 0 && { taints: nodeTaints }),
    ...(Object.keys(nodeLabels).length > 0 && { labels: nodeLabels }),
  };
}
