import { DEMO } from "../seed/demo-names.ts";
import type { Azure, PublishedCase, WireAnswer } from "./published-case.ts";
import { readPublished } from "./published-case.ts";
import { clusterLists, poolLists } from "./published-lists-aks.ts";

/** Answers of AKS. */

const VERSION = "?api-version=2026-03-01";
const subscription = `/subscriptions/${DEMO.subscriptionId}`;
const clustersOf = (group: string): string =>
  `${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters`;
const group = DEMO.runningCluster.resourceGroup;
const running = `${clustersOf(group)}/${DEMO.runningCluster.name}`;
const asPublished = `${clustersOf(group)}/clustername1`;

type ClusterRequest = {
  location: string;
  properties: { agentPoolProfiles: { vmSize: string; enableNodePublicIP: boolean }[] } & Record<string, unknown>;
  sku: { name: string; tier: string };
};

/** The request of Microsoft's own example, moved to a location and to a size that the emulated Azure has. */
function publishedRequest(): ClusterRequest {
  const example = readPublished("aks-2026-03-01/ManagedClustersCreate_Update") as {
    parameters: { parameters: ClusterRequest };
  };
  const request = example.parameters.parameters;
  for (const pool of request.properties.agentPoolProfiles) pool.vmSize = "Standard_D2s_v3";
  return { ...request, location: DEMO.location };
}

/** What a cluster asked for as in the example answers as the example does, or doesn't. */
const PUBLISHED_SETTINGS = ["identity", "properties.networkProfile.loadBalancerProfile.backendPoolType"];
/** What a cluster that was made with defaults doesn't answer. */
const DEFAULTS = ["properties.addonProfiles"];

function create(azure: Azure): Promise<WireAnswer> {
  return azure.send("PUT", asPublished + VERSION, publishedRequest());
}

async function createAndWait(azure: Azure): Promise<void> {
  await create(azure);
  azure.advance(3600);
}

export const AKS_CASES: readonly PublishedCase[] = [
  {
    answer: "a new cluster, asked for as in the example",
    example: "aks-2026-03-01/ManagedClustersCreate_Update",
    status: 201,
    ...clusterLists("", {
      without: [...PUBLISHED_SETTINGS, "properties.identityProfile"],
      cantMatch: ["ports", "addresses"],
    }),
    ask: create,
  },
  {
    answer: "the same request again, when the cluster stands",
    example: "aks-2026-03-01/ManagedClustersCreate_Update",
    status: 200,
    ...clusterLists("", { without: PUBLISHED_SETTINGS, cantMatch: ["ports"] }),
    ask: async (azure) => {
      await createAndWait(azure);
      return create(azure);
    },
  },
  {
    answer: "a cluster made as in the example",
    example: "aks-2026-03-01/ManagedClustersGet",
    status: 200,
    ...clusterLists("", { without: PUBLISHED_SETTINGS, cantMatch: ["ports", "outbound"] }),
    ask: async (azure) => {
      await createAndWait(azure);
      return azure.send("GET", asPublished + VERSION);
    },
  },
  {
    answer: "a cluster whose tags change",
    example: "aks-2026-03-01/ManagedClustersGet",
    status: 200,
    ...clusterLists("", { without: PUBLISHED_SETTINGS, cantMatch: ["ports", "outbound"] }),
    ask: async (azure) => {
      await createAndWait(azure);
      return azure.send("PATCH", asPublished + VERSION, { tags: { tier: "test" } });
    },
  },
  {
    answer: "the clusters of a subscription",
    example: "aks-2026-03-01/ManagedClustersList",
    status: 200,
    ...clusterLists("value[].", { without: DEFAULTS, cantMatch: ["settings"], hasFailed: true }),
    ask: (azure) => azure.send("GET", `${subscription}/providers/Microsoft.ContainerService/managedClusters${VERSION}`),
  },
  {
    answer: "the clusters of a resource group",
    example: "aks-2026-03-01/ManagedClustersListByResourceGroup",
    status: 200,
    ...clusterLists("value[].", { without: DEFAULTS, cantMatch: ["settings"] }),
    ask: (azure) => azure.send("GET", clustersOf(group) + VERSION),
  },
  {
    answer: "a node pool",
    example: "aks-2026-03-01/AgentPoolsGet",
    status: 200,
    ...poolLists(""),
    ask: (azure) => azure.send("GET", `${running}/agentPools/apps${VERSION}`),
  },
  {
    answer: "the node pools of a cluster",
    example: "aks-2026-03-01/AgentPoolsList",
    status: 200,
    ...poolLists("value[]."),
    ask: (azure) => azure.send("GET", `${running}/agentPools${VERSION}`),
  },
  {
    answer: "a new node pool, asked for as in the example",
    example: "aks-2026-03-01/AgentPoolsCreate_Update",
    status: 201,
    ...poolLists(""),
    ask: (azure) => putPool(azure),
  },
  {
    answer: "the same request for a node pool again",
    example: "aks-2026-03-01/AgentPoolsCreate_Update",
    status: 200,
    ...poolLists(""),
    ask: async (azure) => {
      await putPool(azure);
      azure.advance(3600);
      return putPool(azure);
    },
  },
  {
    answer: "the stop of a cluster",
    example: "aks-2026-03-01/ManagedClustersStop",
    status: 202,
    ask: (azure) => azure.send("POST", `${running}/stop${VERSION}`),
  },
  {
    answer: "the start of a cluster",
    example: "aks-2026-03-01/ManagedClustersStart",
    status: 202,
    ask: (azure) => {
      const { resourceGroup, name } = DEMO.stoppedCluster;
      return azure.send("POST", `${clustersOf(resourceGroup)}/${name}/start${VERSION}`);
    },
  },
  {
    answer: "the abort of a creation",
    example: "aks-2026-03-01/ManagedClustersAbortOperation",
    status: 202,
    ask: async (azure) => {
      await create(azure);
      return azure.send("POST", `${asPublished}/abort${VERSION}`);
    },
  },
  {
    answer: "the credentials of a cluster",
    example: "aks-2026-03-01/ManagedClustersListClusterAdminCredentials",
    status: 200,
    ask: (azure) => azure.send("POST", `${running}/listClusterUserCredential${VERSION}`),
  },
  {
    answer: "the abort of a change of a node pool",
    example: "aks-2026-03-01/AgentPoolsAbortOperation",
    status: 202,
    ask: async (azure) => {
      await putPool(azure);
      return azure.send("POST", `${running}/agentPools/agentpool1/abort${VERSION}`);
    },
  },
  {
    answer: "the deletion of a cluster",
    example: "aks-2026-03-01/ManagedClustersDelete",
    status: 202,
    ask: (azure) => azure.send("DELETE", running + VERSION),
  },
  {
    answer: "the deletion of a cluster that is not there",
    example: "aks-2026-03-01/ManagedClustersDelete",
    status: 204,
    ask: (azure) => azure.send("DELETE", asPublished + VERSION),
  },
  {
    answer: "the deletion of a node pool",
    example: "aks-2026-03-01/AgentPoolsDelete",
    status: 202,
    ask: (azure) => azure.send("DELETE", `${running}/agentPools/apps${VERSION}`),
  },
];

function putPool(azure: Azure): Promise<WireAnswer> {
  const example = readPublished("aks-2026-03-01/AgentPoolsCreate_Update") as {
    parameters: { parameters: { properties: Record<string, unknown> } };
  };
  const { properties } = example.parameters.parameters;
  return azure.send("PUT", `${running}/agentPools/agentpool1${VERSION}`, {
    properties: { ...properties, vmSize: "Standard_D2s_v3" },
  });
}
