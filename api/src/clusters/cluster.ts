import type { AzureErrorBody } from "../shared/azure-error.ts";

/** Identity of an AKS managed cluster. Comparisons ignore case (`clusterKey`). */
export interface ClusterRef {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** An AKS managed cluster as Azure shows it. States are Azure's own words and may be ones we don't know. */
export interface Cluster extends ClusterRef {
  readonly armId: string;
  readonly location: string;
  readonly kubernetesVersion: string;
  readonly provisioningState: string;
  /** `Running` or `Stopped`; what was asked for, so `Running` also while it is being created. */
  readonly powerState: string;
  readonly nodeResourceGroup: string | undefined;
  readonly fqdn: string | undefined;
  /** Object id of the identity that pulls images; there once Azure has made it. */
  readonly kubeletObjectId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Who or what changed it last, as far as Azure tells. */
  readonly lastModifiedBy?: string;
  readonly nodePools: readonly NodePool[];
}

/** An AKS agent pool. `count` is the target, not the number of nodes that have joined. */
export interface NodePool extends NodePoolOptions {
  readonly name: string;
  readonly mode: NodePoolMode;
  readonly vmSize: string;
  readonly count: number;
  readonly provisioningState: string;
  readonly powerState: string | undefined;
  /** Why its nodes can't be made, which AKS may say long before the operation ends. */
  readonly provisioningError?: AzureErrorBody;
}

export type NodePoolMode = "SYSTEM" | "USER";

/** What a node pool may have beside its size; what is left out is as AKS makes it by default. */
export interface NodePoolOptions {
  /** AKS itself chooses the number of nodes within these bounds. */
  readonly autoscale?: { readonly minCount: number; readonly maxCount: number };
  /** `1`, `2`, `3`; no zone in particular when empty. */
  readonly availabilityZones?: readonly string[];
  /** As kubectl writes them: `key=value:NoSchedule`. */
  readonly taints?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** Equal for the same cluster, however its names are spelt. */
export function clusterKey(ref: ClusterRef): string {
  return [ref.subscriptionId, ref.resourceGroup, ref.name].join("/").toLowerCase();
}
