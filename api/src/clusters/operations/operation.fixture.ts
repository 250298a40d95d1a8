import type { Cluster, NodePool } from "../cluster.ts";
import { CREATED_AT_MS } from "../provisioning/provision.fixture.ts";
import { formatOperationId, type ClusterOperation } from "./cluster-operation.ts";

const REF = { subscriptionId: "s", resourceGroup: "rg", name: "one" };

export function pool(name: string, changes: Partial<NodePool> = {}): NodePool {
  return {
    name,
    mode: "USER",
    vmSize: "Standard_D2s_v3",
    count: 2,
    provisioningState: "Succeeded",
    powerState: "Running",
    ...changes,
  };
}

export function standingCluster(changes: Partial<Cluster> = {}): Cluster {
  return {
    ...REF,
    armId: "/subscriptions/s/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/one",
    location: "westeurope",
    kubernetesVersion: "1.35",
    provisioningState: "Succeeded",
    powerState: "Running",
    nodeResourceGroup: undefined,
    fqdn: undefined,
    kubeletObjectId: undefined,
    tags: { "slipway-provision": "p1" },
    nodePools: [pool("system", { mode: "SYSTEM" }), pool("apps")],
    ...changes,
  };
}

export function newOperation(changes: Partial<ClusterOperation> = {}): ClusterOperation {
  const at = new Date(CREATED_AT_MS).toISOString();
  return {
    id: formatOperationId(REF, CREATED_AT_MS, "00000000-0000-7000-8000-000000000000"),
    cluster: REF,
    target: { kind: "STOP" },
    startedBy: "somebody",
    createdAt: at,
    status: "RUNNING",
    sequence: 1,
    percent: 0,
    observedAt: at,
    changedAt: at,
    clusterState: "Succeeded",
    powerState: "Running",
    nodePools: standingCluster().nodePools,
    usualMs: 180_000,
    events: [{ sequence: 1, at, message: "Asked for by somebody" }],
    ...changes,
  };
}
