/**
 * Azure's own rules for names and counts, as checks that answer with a sentence, or undefined when the value is fine.
 * Sources: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules (resource groups,
 * managed clusters), https://learn.microsoft.com/azure/aks/create-node-pools#limitations and
 * https://learn.microsoft.com/azure/aks/quotas-skus-regions (node pools).
 */

const LONGEST_NODE_RESOURCE_GROUP = 80;
export const MOST_NODES_PER_POOL = 1000;

/** Ids and locations become part of the addresses that Azure is asked at, so their form is checked strictly. */
export function checkSubscriptionId(id: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? undefined : "A subscription id is a GUID.";
}

export function checkLocation(location: string): string | undefined {
  return /^[a-z0-9]{1,60}$/i.test(location) ? undefined : "A location looks like westeurope.";
}

export function checkClusterName(name: string): string | undefined {
  if (name.length < 1 || name.length > 63) return "A cluster name has 1 to 63 characters.";
  if (!/^[A-Za-z0-9_-]+$/.test(name)) return "A cluster name has only letters, digits, hyphens and underscores.";
  if (!/^[A-Za-z0-9].*[A-Za-z0-9]$|^[A-Za-z0-9]$/.test(name))
    return "A cluster name begins and ends with a letter or a digit.";
  return undefined;
}

export function checkResourceGroup(name: string): string | undefined {
  if (name.length < 1 || name.length > 90) return "A resource group name has 1 to 90 characters.";
  if (!/^[\p{L}\p{N}._()-]+$/u.test(name))
    return "A resource group name has only letters, digits, periods, underscores, hyphens and parentheses.";
  if (name.endsWith(".")) return "A resource group name can't end with a period.";
  return undefined;
}

/** AKS puts its machines into a group named after cluster, group and location, which has its own limit. */
export function checkNodeResourceGroup(
  resourceGroup: string,
  clusterName: string,
  location: string,
): string | undefined {
  const name = `MC_${resourceGroup}_${clusterName}_${location}`;
  if (name.length <= LONGEST_NODE_RESOURCE_GROUP) return undefined;
  return `AKS would name its node resource group '${name}', which has ${name.length} characters; ${LONGEST_NODE_RESOURCE_GROUP} are allowed. Shorten the cluster name or the resource group by ${name.length - LONGEST_NODE_RESOURCE_GROUP}.`;
}

/** Linux pools; Windows pools allow 6 characters and are not offered. */
export function checkNodePoolName(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]{0,11}$/.test(name))
    return "A Linux node pool name has 1 to 12 lower-case letters and digits and begins with a letter.";
  return undefined;
}

/** A cluster's own pods need a node; applications can do without. */
export function fewestNodes(mode: "SYSTEM" | "USER"): number {
  return mode === "SYSTEM" ? 1 : 0;
}

export function checkNodeCount(count: number, mode: "SYSTEM" | "USER"): string | undefined {
  const fewest = fewestNodes(mode);
  if (!Number.isInteger(count) || count < fewest || count > MOST_NODES_PER_POOL) {
    return `A ${mode === "SYSTEM" ? "system" : "user"} pool has ${fewest} to ${MOST_NODES_PER_POOL} nodes.`;
  }
  return undefined;
}

export function checkKubernetesVersion(version: string): string | undefined {
  return /^\d+\.\d+(\.\d+)?$/.test(version) ? undefined : "A Kubernetes version looks like 1.34 or 1.34.2.";
}

export function checkTagName(name: string): string | undefined {
  if (name.length < 1 || name.length > 512) return "A tag name has 1 to 512 characters.";
  if (/[<>%&\\?/]/.test(name)) return "A tag name can't contain < > % & \\ ? /.";
  if (/^(microsoft|azure|windows)/i.test(name))
    return "Tag names that begin with microsoft, azure or windows are Azure's own.";
  return undefined;
}

export function checkTagValue(value: string): string | undefined {
  return value.length > 256 ? "A tag value has at most 256 characters." : undefined;
}
