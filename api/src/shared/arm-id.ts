/**
 * Azure resource ids. Services differ in casing (`resourcegroups`, `ManagedClusters`), so ids are compared through
 * `armIdKey`, never as they come.
 */
export interface ArmResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** For example `Microsoft.ContainerService/managedClusters`. */
  readonly type: string;
  readonly name: string;
}

const PATTERN = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i;

/** Undefined when `id` is not the id of a top-level resource in a resource group. */
export function tryParseArmId(id: string): ArmResourceId | undefined {
  const match = PATTERN.exec(id);
  if (!match) return undefined;
  const [, subscriptionId, resourceGroup, type, name] = match;
  if (!subscriptionId || !resourceGroup || !type || !name) return undefined;
  return { subscriptionId, resourceGroup, type, name };
}

export function formatArmId(id: ArmResourceId): string {
  return `/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroup}/providers/${id.type}/${id.name}`;
}

/** Equal for ids of the same resource, however a service spells them. */
export function armIdKey(id: string): string {
  return id.toLowerCase().replace(/\/+$/, "");
}
