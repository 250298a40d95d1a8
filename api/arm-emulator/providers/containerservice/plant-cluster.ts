import { randomUUID } from "node:crypto";
import type { World } from "../../provider.ts";
import { putResourceGroup } from "../../resource-groups.ts";
import { buildCluster, defaultNodeResourceGroup, type ClusterSpec, type PoolSpec } from "./cluster-spec.ts";
import {
  CLUSTER_TYPE,
  findCluster,
  updateCluster,
  type ClusterBody,
  type ClusterHidden,
  type ManagedCluster,
} from "./managed-cluster.ts";

/** A cluster for a seed: what is left out is as AKS would choose it. */
export type PlantedCluster = {
  subscriptionId: string;
  /** Must be there already (`putResourceGroup`). */
  resourceGroup: string;
  name: string;
  location: string;
  /** A patch version, e.g. `1.35.3`. */
  kubernetesVersion: string;
  pools: readonly { name: string; count: number; vmSize: string; mode: "System" | "User"; state?: string }[];
  tier?: "Free" | "Standard" | "Premium";
  tags?: Record<string, string>;
  /** @default Succeeded, which also sets pools that name no state of their own */
  state?: "Succeeded" | "Failed" | "Canceled";
  /** @default Running */
  power?: "Running" | "Stopped";
  /** Virtual milliseconds; @default now */
  createdMs?: number;
};

/** Puts a cluster into the world that was made long ago, with its node resource group and its kubelet identity. */
export function plantCluster(world: World, planted: PlantedCluster): ManagedCluster {
  const { state = "Succeeded", power = "Running", createdMs = world.now() } = planted;
  const cluster = storeNewCluster(
    world,
    {
      tier: "Free",
      ...planted,
      patchVersion: planted.kubernetesVersion,
      dnsPrefix: `${planted.name}-dns`,
      nodeResourceGroup: defaultNodeResourceGroup(planted.resourceGroup, planted.name, planted.location),
      pools: planted.pools.map(({ state: _state, ...pool }): PoolSpec => ({
        ...pool,
        osType: "Linux",
        orchestratorVersion: planted.kubernetesVersion,
        patchVersion: planted.kubernetesVersion,
      })),
    },
    createdMs,
  );
  updateCluster(world, cluster.id, (body, hidden) => {
    hidden.createdEndMs = createdMs;
    showKubeletIdentity(body, hidden);
    body.properties.provisioningState = state;
    body.properties.powerState = { code: power };
    for (const pool of body.properties.agentPoolProfiles) {
      pool.provisioningState = planted.pools.find(({ name }) => name === pool.name)?.state ?? state;
      pool.powerState = { code: power };
    }
  });
  return findCluster(world.resources, cluster.id) ?? cluster;
}

/** Stores a cluster in its first state, `Creating`, and makes its node resource group. */
export function storeNewCluster(world: World, spec: ClusterSpec, createdMs: number): ManagedCluster {
  const body = buildCluster(spec);
  putResourceGroup(world, {
    subscriptionId: spec.subscriptionId,
    name: spec.nodeResourceGroup,
    location: spec.location,
    managedBy: body.id,
    tags: { "aks-managed-cluster-name": spec.name, "aks-managed-cluster-rg": spec.resourceGroup },
  });
  return world.resources.put<ClusterBody, ClusterHidden>({
    id: body.id,
    type: CLUSTER_TYPE,
    subscriptionId: spec.subscriptionId,
    resourceGroup: spec.resourceGroup,
    name: spec.name,
    createdMs,
    body,
    hidden: {
      kubeletIdentity: { clientId: randomUUID(), objectId: randomUUID() },
      lastOperation: { name: "Creating", startMs: createdMs },
    },
  });
}

/** AKS tells the kubelet's identity once it has made it in the node resource group. */
export function showKubeletIdentity(body: ClusterBody, hidden: ClusterHidden): void {
  const [, , subscriptionId] = body.id.split("/");
  const group = body.properties.nodeResourceGroup;
  body.properties.identityProfile = {
    kubeletidentity: {
      resourceId: `/subscriptions/${subscriptionId}/resourcegroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${body.name}-agentpool`,
      ...hidden.kubeletIdentity,
    },
  };
}
