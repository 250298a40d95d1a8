import type { EarlierInput, StartProvisionInput } from "./cluster-documents.ts";
import { noPoolOptions, type PoolOptions, poolOptionsFrom, toOptionsInput } from "./pool-options.ts";

/** One node pool as it stands in the form. `key` only tells rows apart. */
export interface PoolValues extends PoolOptions {
  key: number;
  name: string;
  mode: "SYSTEM" | "USER";
  vmSize: string;
  count: number | null;
}

export interface TagValues {
  key: number;
  name: string;
  value: string;
}

/** The create form's content. Empty strings stand for "not chosen". */
export interface CreateClusterValues {
  clusterName: string;
  subscriptionId: string;
  resourceGroup: string;
  /** The resource group has been edited, so it no longer follows the name. */
  isResourceGroupOwn: boolean;
  location: string;
  kubernetesVersion: string;
  nodePools: readonly PoolValues[];
  registryId: string;
  tags: readonly TagValues[];
}

/** A form for a new cluster in this subscription, or one filled in with an earlier provision's input. */
export function initialValues(subscriptionId: string, earlier?: EarlierInput): CreateClusterValues {
  if (!earlier) {
    return {
      clusterName: "",
      subscriptionId,
      resourceGroup: "",
      isResourceGroupOwn: false,
      location: "",
      kubernetesVersion: "",
      nodePools: [{ key: 0, name: "systempool", mode: "SYSTEM", vmSize: "", count: 1, ...noPoolOptions() }],
      registryId: "",
      tags: [],
    };
  }
  return {
    clusterName: earlier.clusterName,
    subscriptionId: earlier.subscriptionId,
    resourceGroup: earlier.resourceGroup,
    isResourceGroupOwn: true,
    location: earlier.location,
    kubernetesVersion: earlier.kubernetesVersion ?? "",
    nodePools: earlier.requestedNodePools.map((pool, key) => ({
      key,
      name: pool.name,
      mode: pool.mode,
      vmSize: pool.vmSize,
      count: pool.count,
      ...poolOptionsFrom(pool),
    })),
    registryId: earlier.registryId ?? "",
    tags: earlier.requestedTags.map((tag, key) => ({ key, name: tag.name, value: tag.value })),
  };
}

/** The values with a new cluster name; the resource group follows until it has been edited. */
export function withClusterName(values: CreateClusterValues, clusterName: string): CreateClusterValues {
  if (values.isResourceGroupOwn) return { ...values, clusterName };
  return { ...values, clusterName, resourceGroup: clusterName === "" ? "" : `rg-${clusterName}` };
}

/** One more pool: a user pool with a free name and the size of the last one. */
export function newPool(pools: readonly PoolValues[]): PoolValues {
  const taken = new Set(pools.map((pool) => pool.name));
  let name = "userpool";
  for (let number = 2; taken.has(name); number += 1) name = `userpool${number}`;
  return { key: nextKey(pools), name, mode: "USER", vmSize: pools.at(-1)?.vmSize ?? "", count: 1, ...noPoolOptions() };
}

export function newTag(tags: readonly TagValues[]): TagValues {
  return { key: nextKey(tags), name: "", value: "" };
}

function nextKey(rows: readonly { key: number }[]): number {
  return Math.max(-1, ...rows.map((row) => row.key)) + 1;
}

/** What is sent. To create something the values must have passed the rules; a question has no key. */
export function toInput(values: CreateClusterValues, idempotencyKey: string | null): StartProvisionInput {
  return {
    subscriptionId: values.subscriptionId,
    resourceGroup: values.resourceGroup,
    location: values.location,
    clusterName: values.clusterName,
    nodePools: values.nodePools.map((pool) => {
      const { name, mode, vmSize, count } = pool;
      return { name, mode, vmSize, count: count ?? 0, ...toOptionsInput(pool) };
    }),
    kubernetesVersion: values.kubernetesVersion || null,
    registryId: values.registryId || null,
    tags: values.tags.length > 0 ? values.tags.map(({ name, value }) => ({ name, value })) : null,
    idempotencyKey,
  };
}

/** A random key for one intention to create. `crypto.randomUUID` is missing on plain-HTTP pages, so it isn't used. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What stands at a path such as `nodePools.0.vmSize`, as text to compare. A path into a list that is typed as one text gives that text. */
export function valueAt(values: CreateClusterValues, path: string): string {
  let node: unknown = values;
  for (const step of path.split("."))
    if (typeof node === "object" && node !== null) node = (node as Record<string, unknown>)[step];
  return JSON.stringify(node) ?? "";
}
