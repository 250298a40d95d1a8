import type { ClusterSpec } from "../aks-gateway.ts";
import type { Cluster } from "../cluster.ts";
import type { Provision } from "./provision.ts";

/** Tag that says which provision made a cluster: how a provision knows its own cluster again after a lost reply. */
export const PROVISION_TAG = "slipway-provision";
const MANAGED_BY_TAG = "managed-by";
const MANAGED_BY = "slipway";

/** Tags that Slipway sets, so that nobody else's value of the same name is lost. */
export const OWN_TAGS: readonly string[] = [MANAGED_BY_TAG, PROVISION_TAG];

export function slipwayTags(provision: Provision): Readonly<Record<string, string>> {
  return { ...provision.tags, [MANAGED_BY_TAG]: MANAGED_BY, [PROVISION_TAG]: provision.id };
}

export function toClusterSpec(provision: Provision): ClusterSpec {
  return {
    location: provision.location,
    dnsPrefix: toDnsPrefix(provision.cluster.name),
    kubernetesVersion: provision.kubernetesVersion,
    nodePools: provision.nodePoolSpecs,
    tags: slipwayTags(provision),
  };
}

/**
 * The cluster's name as a DNS prefix: letters, digits and hyphens, a letter or digit at both ends, at most 54 characters
 * (https://learn.microsoft.com/azure/aks/faq, naming rules).
 */
export function toDnsPrefix(clusterName: string): string {
  const prefix = clusterName
    .replace(/[^A-Za-z0-9-]/g, "-")
    .slice(0, 54)
    .replace(/^-+|-+$/g, "");
  return prefix === "" ? "slipway" : prefix;
}

export function isOurs(cluster: Cluster, provisionId: string): boolean {
  return cluster.tags[PROVISION_TAG] === provisionId;
}

/** Whether Slipway made what has these tags, for whichever provision. */
export function isMadeBySlipway(tags: Readonly<Record<string, string>>): boolean {
  return tags[MANAGED_BY_TAG] === MANAGED_BY && tags[PROVISION_TAG] !== undefined;
}
