import { randomUUID } from "node:crypto";
import { CALLER } from "../../arm-errors.ts";
import type { AgentPoolProfile, ClusterBody } from "./managed-cluster.ts";
import { CLUSTER_TYPE, clusterId } from "./managed-cluster.ts";

/** A node pool as somebody asks for it, checked and with its gaps filled. */
export type PoolSpec = {
  readonly name: string;
  readonly count: number;
  readonly vmSize: string;
  readonly mode: "System" | "User";
  readonly osType: "Linux" | "Windows";
  /** As asked: a minor or a patch version. */
  readonly orchestratorVersion: string;
  /** The patch version it means. */
  readonly patchVersion: string;
  /** What else was asked (zones, labels, taints, autoscaling …), answered back as it came. */
  readonly other?: Readonly<Record<string, unknown>>;
};

export type ClusterSpec = {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  /** As asked: a minor or a patch version. */
  readonly kubernetesVersion: string;
  /** The patch version it means. */
  readonly patchVersion: string;
  readonly dnsPrefix: string;
  readonly nodeResourceGroup: string;
  readonly tier: "Free" | "Standard" | "Premium";
  readonly pools: readonly PoolSpec[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: Readonly<Record<string, unknown>>;
  /** Other writable properties, answered back as they came. */
  readonly other?: Readonly<Record<string, unknown>>;
};

/** The cluster as AKS answers it from the first reply on, everything still `Creating`. */
export function buildCluster(spec: ClusterSpec): ClusterBody {
  const host = `${spec.dnsPrefix}-${randomUUID().slice(0, 8)}`;
  return {
    id: clusterId(spec.subscriptionId, spec.resourceGroup, spec.name),
    name: spec.name,
    type: CLUSTER_TYPE,
    location: spec.location,
    ...(spec.tags && { tags: { ...spec.tags } }),
    identity: buildIdentity(spec.identity),
    sku: { name: "Base", tier: spec.tier },
    properties: {
      enableRBAC: true,
      disableLocalAccounts: false,
      supportPlan: "KubernetesOfficial",
      servicePrincipalProfile: { clientId: "msi" },
      oidcIssuerProfile: { enabled: false },
      securityProfile: {},
      storageProfile: {
        diskCSIDriver: { enabled: true },
        fileCSIDriver: { enabled: true },
        snapshotController: { enabled: true },
      },
      workloadAutoScalerProfile: {},
      autoUpgradeProfile: { nodeOSUpgradeChannel: "NodeImage" },
      ...spec.other,
      networkProfile: { ...DEFAULT_NETWORK, ...(spec.other?.["networkProfile"] as object | undefined) },
      provisioningState: "Creating",
      powerState: { code: "Running" },
      kubernetesVersion: spec.kubernetesVersion,
      currentKubernetesVersion: spec.patchVersion,
      dnsPrefix: spec.dnsPrefix,
      fqdn: `${host}.hcp.${spec.location}.azmk8s.io`,
      azurePortalFQDN: `${host}.portal.hcp.${spec.location}.azmk8s.io`,
      agentPoolProfiles: spec.pools.map(buildPool),
      nodeResourceGroup: spec.nodeResourceGroup,
      maxAgentPools: 100,
      resourceUID: randomUUID().replaceAll("-", "").slice(0, 24),
    },
  };
}

/** The caller's own identities get their ids answered; only a cluster of its own identity has one at the top. */
function buildIdentity(asked: ClusterSpec["identity"]): NonNullable<ClusterBody["identity"]> {
  if (asked?.["type"] !== "UserAssigned") {
    return { type: "SystemAssigned", ...asked, principalId: randomUUID(), tenantId: CALLER.tenantId };
  }
  const ids = Object.keys((asked["userAssignedIdentities"] ?? {}) as object);
  return {
    type: "UserAssigned",
    userAssignedIdentities: Object.fromEntries(
      ids.map((id) => [id, { clientId: randomUUID(), principalId: randomUUID() }]),
    ),
  };
}

/** A pool from its first reply on: `count` is the target at once, the state is `Creating`. */
export function buildPool(spec: PoolSpec): AgentPoolProfile {
  return {
    osDiskSizeGB: 128,
    osDiskType: "Managed",
    kubeletDiskType: "OS",
    workloadRuntime: "OCIContainer",
    maxPods: 110,
    enableAutoScaling: false,
    scaleDownMode: "Delete",
    enableNodePublicIP: false,
    enableEncryptionAtHost: false,
    enableUltraSSD: false,
    osSKU: spec.osType === "Windows" ? "Windows2022" : "Ubuntu",
    upgradeSettings: { maxSurge: "10%" },
    enableFIPS: false,
    securityProfile: { enableVTPM: false, enableSecureBoot: false },
    ...spec.other,
    name: spec.name,
    type: "VirtualMachineScaleSets",
    count: spec.count,
    vmSize: spec.vmSize,
    mode: spec.mode,
    osType: spec.osType,
    provisioningState: "Creating",
    powerState: { code: "Running" },
    orchestratorVersion: spec.orchestratorVersion,
    currentOrchestratorVersion: spec.patchVersion,
    nodeImageVersion:
      spec.osType === "Windows"
        ? "AKSWindows-2022-containerd-20348.4405.251112"
        : "AKSUbuntu-2204gen2containerd-202611.05.0",
    eTag: randomUUID(),
  };
}

const DEFAULT_NETWORK = {
  networkPlugin: "azure",
  networkPluginMode: "overlay",
  networkDataplane: "azure",
  loadBalancerSku: "standard",
  loadBalancerProfile: { managedOutboundIPs: { count: 1 }, backendPoolType: "nodeIPConfiguration" },
  podCidr: "10.244.0.0/16",
  serviceCidr: "10.0.0.0/16",
  dnsServiceIP: "10.0.0.10",
  outboundType: "loadBalancer",
  podCidrs: ["10.244.0.0/16"],
  serviceCidrs: ["10.0.0.0/16"],
  ipFamilies: ["IPv4"],
};

/** AKS's name for the group that holds the nodes when the caller gives none. */
export function defaultNodeResourceGroup(resourceGroup: string, name: string, location: string): string {
  return `MC_${resourceGroup}_${name}_${location}`;
}
