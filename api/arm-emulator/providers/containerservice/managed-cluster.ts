import type { OperationError } from "../../async-operations.ts";
import type { Resource, ResourceStore } from "../../resource-store.ts";

export const AKS_NAMESPACE = "Microsoft.ContainerService";
export const CLUSTER_TYPE = "Microsoft.ContainerService/managedClusters";

export type PowerState = { code: "Running" | "Stopped" };

/** An agent pool as it stands in `agentPoolProfiles`; the agentPools routes answer the same as `properties`. */
export type AgentPoolProfile = {
  name: string;
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
  /** The last operation, for the texts of 409 answers. */
  lastOperation?: { name: string; startMs: number };
  /** When the first create came to its end, whatever the end was; virtual milliseconds. */
  createdEndMs?: number;
  /** How many creates this name has seen, for fates that differ from one to the next. */
  creates: number;
  failure?: OperationError;
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
