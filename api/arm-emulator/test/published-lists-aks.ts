import type { AlsoAnswered, CantMatch, PublishedCase } from "./published-case.ts";

/**
 * What AKS answers beyond Microsoft's examples, and what of the examples can't be matched. `published-lists-aks.test.ts` makes sure
 * that each field named here is one of AKS's own.
 */

const CLUSTER_SOURCE =
  "https://learn.microsoft.com/rest/api/aks/managed-clusters/get, as `az aks show` prints a real cluster";
const POOL_SOURCE =
  "https://learn.microsoft.com/rest/api/aks/agent-pools/get, as `az aks nodepool show` prints a real pool";

/** By place in a cluster, with a value of the right shape. */
export const CLUSTER_FIELDS: Readonly<Record<string, unknown>> = {
  identity: { type: "SystemAssigned", principalId: "", tenantId: "" },
  sku: { name: "Base", tier: "Free" },
  "properties.disableLocalAccounts": false,
  "properties.supportPlan": "KubernetesOfficial",
  "properties.oidcIssuerProfile": { enabled: false },
  "properties.securityProfile": {},
  "properties.storageProfile": {
    diskCSIDriver: { enabled: true },
    fileCSIDriver: { enabled: true },
    snapshotController: { enabled: true },
  },
  "properties.workloadAutoScalerProfile": {},
  "properties.autoUpgradeProfile": { nodeOSUpgradeChannel: "NodeImage" },
  "properties.addonProfiles": {},
  "properties.networkProfile.networkPluginMode": "overlay",
  "properties.networkProfile.networkDataplane": "azure",
  "properties.networkProfile.loadBalancerProfile.backendPoolType": "nodeIPConfiguration",
  "properties.powerState": { code: "Running" },
  "properties.resourceUID": "0123456789abcdef01234567",
  "properties.identityProfile": { kubeletidentity: { resourceId: "", clientId: "", objectId: "" } },
};

/** By place in a pool's own properties, which are those of `agentPoolProfiles[]`. */
export const POOL_FIELDS: Readonly<Record<string, unknown>> = {
  type: "VirtualMachineScaleSets",
  osDiskSizeGB: 128,
  osDiskType: "Managed",
  kubeletDiskType: "OS",
  workloadRuntime: "OCIContainer",
  enableAutoScaling: false,
  scaleDownMode: "Delete",
  enableNodePublicIP: false,
  enableEncryptionAtHost: false,
  enableUltraSSD: false,
  enableFIPS: false,
  osSKU: "Ubuntu",
  securityProfile: { enableVTPM: false, enableSecureBoot: false },
  powerState: { code: "Running" },
};

const failure = { provisioningError: { code: "", message: "", details: [{ code: "", message: "" }] } };

/** What only a cluster that has failed answers. */
export const FAILURE_FIELDS: Readonly<Record<string, unknown>> = {
  "properties.status": failure,
  "properties.agentPoolProfiles[].status": failure,
};

/** Of those, what the examples of clusters do show. */
const SHOWN_IN_CLUSTERS = ["type", "scaleDownMode", "enableNodePublicIP"];

type Reason = "ports" | "addresses" | "outbound" | "settings";

const CANT_MATCH: Readonly<Record<Reason, readonly CantMatch[]>> = {
  ports: ["allocatedOutboundPorts", "idleTimeoutInMinutes"].map((name) => ({
    path: `properties.networkProfile.loadBalancerProfile.${name}`,
    because: "the real service answers it only where it was asked for, and the example's own request doesn't",
  })),
  addresses: [
    {
      path: "properties.networkProfile.loadBalancerProfile.effectiveOutboundIPs",
      because: "the public address exists only once the cluster has been made; the example answers it before",
    },
  ],
  outbound: [
    {
      path: "properties.networkProfile.loadBalancerProfile.outboundIPs",
      because: "the cluster was asked for with managed addresses, the example's cluster has the caller's own",
    },
  ],
  settings: ["diskEncryptionSetID", "linuxProfile"].map((name) => ({
    path: `properties.${name}`,
    because: "the clusters of the demo world were made without it",
  })),
};

type Lists = Required<Pick<PublishedCase, "orLike" | "alsoAnswered" | "cantMatch">>;

/** The lists of an answer that has a cluster at `at`. */
export function clusterLists(
  at: string,
  options: { without?: readonly string[]; cantMatch: readonly Reason[]; hasFailed?: boolean },
): Lists {
  const inCluster = "properties.agentPoolProfiles[].";
  const pools = Object.fromEntries(
    Object.entries(POOL_FIELDS)
      .filter(([name]) => !SHOWN_IN_CLUSTERS.includes(name))
      .map(([name, sample]) => [inCluster + name, sample]),
  );
  return {
    orLike: [
      { example: "aks-2026-03-01/ManagedClustersGet", status: 200, at },
      { example: "aks-2026-03-01/ManagedClustersCreate_Update", status: 200, at },
    ],
    alsoAnswered: toList(
      at,
      { ...CLUSTER_FIELDS, ...pools, ...(options.hasFailed === true && FAILURE_FIELDS) },
      CLUSTER_SOURCE,
      options.without,
    ),
    cantMatch: options.cantMatch
      .flatMap((reason) => CANT_MATCH[reason])
      .map(({ path, because }) => ({ path: at + path, because })),
  };
}

/** The lists of an answer that has a pool at `at`. */
export function poolLists(at: string): Lists {
  const fields = Object.fromEntries(
    Object.entries(POOL_FIELDS).map(([name, sample]) => [`properties.${name}`, sample]),
  );
  return {
    orLike: [
      { example: "aks-2026-03-01/AgentPoolsGet", status: 200, at },
      { example: "aks-2026-03-01/AgentPoolsCreate_Update", status: 200, at },
    ],
    alsoAnswered: toList(at, fields, POOL_SOURCE),
    cantMatch: [],
  };
}

function toList(
  at: string,
  fields: Readonly<Record<string, unknown>>,
  source: string,
  without: readonly string[] = [],
): AlsoAnswered[] {
  return Object.entries(fields)
    .filter(([path]) => !without.includes(path))
    .map(([path, sample]) => ({ path: at + path, sample, source }));
}
