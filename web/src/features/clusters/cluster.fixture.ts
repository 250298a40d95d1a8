import type { Cluster, NodePool } from "./cluster-documents.ts";
import type { ClusterDetail } from "./cluster-page-documents.ts";
import type { Operation, OperationProgress } from "./operations/operation-documents.ts";

export function poolFixture(part: Partial<NodePool> = {}): NodePool {
  return {
    name: "systempool",
    mode: "SYSTEM",
    vmSize: "Standard_D4s_v3",
    count: 3,
    provisioningState: "Succeeded",
    powerState: "Running",
    tone: "SUCCESS",
    autoscale: null,
    availabilityZones: [],
    taints: [],
    labels: [],
    ...part,
  };
}

export function clusterFixture(part: Partial<Cluster> = {}): Cluster {
  return {
    id: "c1",
    name: "shop-prod",
    subscriptionId: "6d1c2f1e-3b0a-4c59-9a53-2f4b8d7e0a11",
    resourceGroup: "shop-prod-weu",
    location: "westeurope",
    kubernetesVersion: "1.35.1",
    provisioningState: "Succeeded",
    powerState: "Running",
    status: "READY",
    version: 4,
    observedAt: "2026-11-22T10:35:00Z",
    portalUrl: "https://portal.azure.com/x",
    nodePools: [poolFixture(), poolFixture({ name: "apps", mode: "USER", count: 5 })],
    ...part,
  };
}

export function clusterDetailFixture(
  part: Partial<ClusterDetail> = {},
  operations: readonly Operation[] = [],
): ClusterDetail {
  return {
    ...clusterFixture(),
    fqdn: "shop-prod.hcp.westeurope.azmk8s.io",
    nodeResourceGroup: "MC_shop-prod-weu_shop-prod_westeurope",
    isMadeBySlipway: false,
    operations: { edges: operations.map((node) => ({ node })) },
    provisions: [],
    ...part,
  };
}

export function operationFixture(part: Partial<Operation> = {}, progress: Partial<OperationProgress> = {}): Operation {
  return {
    id: "o1",
    kind: "STOP",
    clusterId: "c1",
    clusterName: "shop-prod",
    poolName: null,
    status: "RUNNING",
    startedBy: "Ada",
    createdAt: "2026-11-22T10:34:18Z",
    finishedAt: null,
    progress: {
      sequence: 3,
      status: "RUNNING",
      label: "Stopping the cluster",
      message: null,
      percent: 40,
      startedAt: "2026-11-22T10:34:18Z",
      observedAt: "2026-11-22T10:35:18Z",
      changedAt: "2026-11-22T10:35:00Z",
      elapsedSeconds: 60,
      expected: null,
      clusterState: "Stopping",
      powerState: "Running",
      nodePools: [{ name: "systempool", count: 3, provisioningState: "Stopping", tone: "IN_PROGRESS" }],
      failure: null,
      ...progress,
    },
    events: [{ sequence: 1, at: "2026-11-22T10:34:18Z", message: "Asked for by Ada" }],
    resourceGroupOutcome: null,
    ...part,
  };
}
