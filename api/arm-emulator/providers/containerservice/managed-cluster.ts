import { randomUUID } from "node:crypto";
import type { World } from "../../provider.ts";
import type { Resource, ResourceStore } from "../../resource-store.ts";

export const AKS_NAMESPACE = "Microsoft.ContainerService";
export const CLUSTER_TYPE = "Microsoft.ContainerService/managedClusters";

/** States that end an operation; in all others AKS is at work. */
const TERMINAL_STATES = ["Succeeded", "Failed", "Canceled"];

export type PowerState = { code: "Running" | "Stopped" };

/** An agent pool as it stands in `agentPoolProfiles`; the agentPools routes answer the same as `properties`. */
export type AgentPoolProfile = {
  name: string;
  type: string;
  /** The target number of nodes, from the first reply on: AKS never tells how many are ready. */
  count: number;
  vmSize: string;
  mode: "System" | "User";
  osType: "Linux" | "Windows";
  provisioningState: string;
  powerState: PowerState;
  orchestratorVersion: string;
  currentOrchestratorVersion: string;
  eTag: string;
  [other: string]: unknown;
};

export type ClusterProperties = {
  provisioningState: string;
  powerState: PowerState;
  kubernetesVersion: string;
  currentKubernetesVersion: string;
  dnsPrefix: string;
  fqdn?: string;
  agentPoolProfiles: AgentPoolProfile[];
  nodeResourceGroup: string;
  /** Empty until AKS has made the kubelet's identity, about a minute after the request. */
  identityProfile?: { kubeletidentity: { resourceId: string; clientId: string; objectId: string } };
  [other: string]: unknown;
};

/** What a GET answers. */
export type ClusterBody = {
  id: string;
  name: string;
  type: string;
  location: string;
  tags?: Record<string, string>;
  identity?: { type: string; principalId?: string; tenantId?: string; [other: string]: unknown };
  sku: { name: string; tier: string };
  properties: ClusterProperties;
  [other: string]: unknown;
};

/** What AKS knows and does not tell. */
export type ClusterHidden = {
  /** The kubelet's identity, made with the cluster and shown once it is ready. */
  kubeletIdentity: { clientId: string; objectId: string };
  /** What was asked last, for the texts of 409 answers; virtual milliseconds. */
  lastOperation: { name: string; startMs: number };
  /** When the first create came to its end, whatever the end was; virtual milliseconds. */
  createdEndMs?: number;
};

export type ManagedCluster = Resource<ClusterBody, ClusterHidden>;

export function clusterId(subscriptionId: string, resourceGroup: string, name: string): string {
  // AKS answers ids with a lower-case `resourcegroups`, unlike ARM's own.
  return `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/${CLUSTER_TYPE}/${name}`;
}

export function findCluster(resources: ResourceStore, id: string): ManagedCluster | undefined {
  return resources.get<ClusterBody, ClusterHidden>(id);
}

export function listClusters(
  resources: ResourceStore,
  filter: { subscriptionId?: string; resourceGroup?: string } = {},
): ManagedCluster[] {
  return resources.list<ClusterBody, ClusterHidden>({ type: CLUSTER_TYPE, ...filter });
}

export function isTerminal(provisioningState: string): boolean {
  return TERMINAL_STATES.includes(provisioningState);
}

/**
 * Reads a cluster, lets `change` alter its body and hidden part in place, and stores it; pools that
 * changed get a new eTag. Does nothing when the cluster is gone.
 */
export function updateCluster(
  world: World,
  id: string,
  change: (body: ClusterBody, hidden: ClusterHidden) => void,
): void {
  const cluster = findCluster(world.resources, id);
  if (!cluster) return;
  const before = new Map(cluster.body.properties.agentPoolProfiles.map((pool) => [pool.name, JSON.stringify(pool)]));
  change(cluster.body, cluster.hidden);
  for (const pool of cluster.body.properties.agentPoolProfiles) {
    if (before.get(pool.name) !== JSON.stringify(pool)) pool.eTag = randomUUID();
  }
  world.resources.put<ClusterBody, ClusterHidden>(cluster);
}

/** Sets the same state on pools; on all of them unless a choice is given. */
export function setPoolStates(
  body: ClusterBody,
  state: string,
  choose: (pool: AgentPoolProfile) => boolean = () => true,
): void {
  for (const pool of body.properties.agentPoolProfiles) if (choose(pool)) pool.provisioningState = state;
}

/** What a GET of the cluster answers. AKS writes its own type with a capital M, unlike ARM's lists. */
export function toClusterAnswer(cluster: ManagedCluster): object {
  return { ...cluster.body, type: "Microsoft.ContainerService/ManagedClusters", eTag: cluster.etag };
}

/** What a GET of one of its pools answers. */
export function toPoolAnswer(cluster: ManagedCluster, { name, ...properties }: AgentPoolProfile): object {
  return { id: `${cluster.id}/agentPools/${name}`, name, type: `${CLUSTER_TYPE}/agentPools`, properties };
}

/** A pool by its name; names of pools are lower case, so there is no question of case. */
export function findPool(body: ClusterBody, name: string): AgentPoolProfile | undefined {
  return body.properties.agentPoolProfiles.find((pool) => pool.name === name.toLowerCase());
}
