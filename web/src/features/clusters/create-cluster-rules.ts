import type { FieldErrors } from "../../lib/field-errors.ts";
import type { VmSize } from "./cluster-documents.ts";
import type { CreateClusterValues, PoolValues } from "./create-cluster-values.ts";
import { checkBounds, checkLabels, checkTaints, checkWithinBounds } from "./pool-option-rules.ts";

/**
 * AKS's own rules as far as a browser can check them; the server checks them again, and more.
 * Names: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules and
 * https://learn.microsoft.com/azure/aks/quotas-skus-regions
 */

const MAX_NODE_RESOURCE_GROUP = 80;
const MAX_NODES = 1000;
/** Azure takes 50; the server adds its own. */
const MAX_TAGS = 45;

/** Every error of the form, in the order of its fields. `sizes` are those of the chosen location, `undefined` while they are not known. */
export function checkValues(values: CreateClusterValues, sizes?: readonly VmSize[]): FieldErrors {
  const errors: Record<string, string> = {};
  const add = (path: string, message: string | undefined) => {
    if (message) errors[path] ??= message;
  };
  add("clusterName", checkClusterName(values.clusterName));
  add("subscriptionId", values.subscriptionId === "" ? "Choose a subscription." : undefined);
  add("resourceGroup", checkResourceGroup(values.resourceGroup));
  add("location", values.location === "" ? "Choose a location." : undefined);
  add("resourceGroup", checkNodeResourceGroup(values));
  values.nodePools.forEach((pool, index) => {
    const others = values.nodePools.filter((other) => other !== pool);
    add(`nodePools.${index}.name`, checkPoolName(pool.name, others));
    add(`nodePools.${index}.vmSize`, checkSize(pool.vmSize, values.location, sizes));
    add(`nodePools.${index}.count`, checkCount(pool));
    const bounds = checkBounds(pool.autoscale, fewestNodes(pool.mode));
    add(`nodePools.${index}.autoscale`, bounds);
    if (!bounds) add(`nodePools.${index}.count`, checkWithinBounds(pool.count ?? 0, pool.autoscale));
    add(`nodePools.${index}.taints`, checkTaints(pool.taints));
    add(`nodePools.${index}.labels`, checkLabels(pool.labels));
  });
  if (!values.nodePools.some((pool) => pool.mode === "SYSTEM"))
    add("nodePools", "A cluster needs at least one system pool.");
  if (values.tags.length > MAX_TAGS) add("tags", `At most ${MAX_TAGS} tags can be given.`);
  values.tags.forEach((tag, index) => {
    const isRepeated = values.tags.some(
      (other) => other !== tag && other.name.toLowerCase() === tag.name.toLowerCase(),
    );
    add(`tags.${index}.name`, checkTagName(tag.name, isRepeated));
    add(`tags.${index}.value`, tag.value.length > 256 ? "A tag's value has at most 256 characters." : undefined);
  });
  return errors;
}

export function checkClusterName(name: string): string | undefined {
  if (name === "") return "Give the cluster a name.";
  if (name.length > 63) return `A cluster name has at most 63 characters; this one has ${name.length}.`;
  if (!/^[A-Za-z0-9_-]+$/.test(name)) return "Use letters, digits, hyphens and underscores only.";
  if (!/^[A-Za-z0-9]/.test(name)) return "Start with a letter or a digit.";
  if (!/[A-Za-z0-9]$/.test(name)) return "End with a letter or a digit.";
  return undefined;
}

export function checkResourceGroup(name: string): string | undefined {
  if (name === "") return "Name the resource group.";
  if (name.length > 90) return `A resource group name has at most 90 characters; this one has ${name.length}.`;
  if (!/^[\p{L}\p{Nd}_().-]+$/u.test(name))
    return "Use letters, digits, hyphens, underscores, full stops and brackets only.";
  if (name.endsWith(".")) return "A resource group name can't end with a full stop.";
  return undefined;
}

/** AKS keeps a cluster's machines in a group of its own, whose name is made of three others and may not grow too long. */
function checkNodeResourceGroup(
  values: Pick<CreateClusterValues, "resourceGroup" | "clusterName" | "location">,
): string | undefined {
  const name = `MC_${values.resourceGroup}_${values.clusterName}_${values.location}`;
  if (name.length <= MAX_NODE_RESOURCE_GROUP) return undefined;
  return `Shorten this or the cluster name by ${name.length - MAX_NODE_RESOURCE_GROUP}: AKS names its node resource group “${name}”, which may have at most ${MAX_NODE_RESOURCE_GROUP} characters.`;
}

export function checkPoolName(name: string, others: readonly Pick<PoolValues, "name">[] = []): string | undefined {
  if (name === "") return "Give the pool a name.";
  if (!/^[a-z0-9]+$/.test(name)) return "Use lower-case letters and digits only.";
  if (!/^[a-z]/.test(name)) return "Start with a letter.";
  if (name.length > 12) return `A Linux pool's name has at most 12 characters; this one has ${name.length}.`;
  if (others.some((other) => other.name === name)) return "Another pool has this name already.";
  return undefined;
}

/** The cluster's own pods need a node; applications can do without. */
export function fewestNodes(mode: PoolValues["mode"]): number {
  return mode === "SYSTEM" ? 1 : 0;
}

export function checkCount({ count, mode }: Pick<PoolValues, "count" | "mode">): string | undefined {
  if (count === null || !Number.isInteger(count)) return "Give a whole number of nodes.";
  if (count < fewestNodes(mode))
    return mode === "SYSTEM" ? "A system pool has at least one node." : "A pool can't have fewer than no nodes.";
  if (count > MAX_NODES) return `A pool has at most ${MAX_NODES} nodes.`;
  return undefined;
}

function checkSize(vmSize: string, location: string, sizes: readonly VmSize[] | undefined): string | undefined {
  if (vmSize === "") return "Choose a size.";
  if (!sizes) return undefined;
  const size = sizes.find((known) => known.name.toLowerCase() === vmSize.toLowerCase());
  if (!size) return `${vmSize} is not offered in ${location}. Choose another size.`;
  if (size.restriction !== null) return `${vmSize} can't be used here (${size.restriction}). Choose another size.`;
  return undefined;
}

function checkTagName(name: string, isRepeated: boolean): string | undefined {
  if (name === "") return "Name the tag or remove it.";
  if (name.length > 512) return "A tag's name has at most 512 characters.";
  if (/[<>%&\\?/]/.test(name)) return "A tag's name can't contain < > % & \\ ? or /.";
  if (/^(microsoft|azure|windows)/i.test(name))
    return "Tag names that begin with microsoft, azure or windows are Azure's own.";
  if (isRepeated) return "Another tag has this name already.";
  return undefined;
}
