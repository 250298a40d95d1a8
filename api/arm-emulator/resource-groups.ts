import { wrappedError } from "./arm-errors.ts";
import type { World } from "./provider.ts";
import type { Resource, ResourceStore } from "./resource-store.ts";

/** Resource groups as stored: what ARM itself asks of them before a provider hears of a request. */

export const RESOURCE_GROUP_TYPE = "Microsoft.Resources/resourceGroups";

export type ResourceGroupBody = {
  id: string;
  name: string;
  type: string;
  location: string;
  managedBy?: string;
  tags?: Record<string, string>;
  properties: { provisioningState: string };
};

export type ResourceGroupHidden = {
  /** Until then ARM's other front ends do not know the group: reads answer 404. Virtual milliseconds. */
  visibleFromMs: number;
};

export type ResourceGroup = Resource<ResourceGroupBody, ResourceGroupHidden>;

export function resourceGroupId(subscriptionId: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
}

/** The group itself, visible or not. */
export function findResourceGroup(
  resources: ResourceStore,
  subscriptionId: string,
  name: string,
): ResourceGroup | undefined {
  return resources.get<ResourceGroupBody, ResourceGroupHidden>(resourceGroupId(subscriptionId, name));
}

/** The group as a reader sees it: absent until it has spread. */
export function findVisibleResourceGroup(
  world: World,
  subscriptionId: string,
  name: string,
): ResourceGroup | undefined {
  const group = findResourceGroup(world.resources, subscriptionId, name);
  return group && world.now() >= group.hidden.visibleFromMs ? group : undefined;
}

/** Writes a group that is there at once unless `visibleFromMs` says later; replaces tags and state of an existing one. */
export function putResourceGroup(
  world: World,
  group: {
    subscriptionId: string;
    name: string;
    location: string;
    tags?: Record<string, string>;
    managedBy?: string;
    provisioningState?: string;
    visibleFromMs?: number;
  },
): ResourceGroup {
  const before = findResourceGroup(world.resources, group.subscriptionId, group.name);
  const id = before?.id ?? resourceGroupId(group.subscriptionId, group.name);
  return world.resources.put<ResourceGroupBody, ResourceGroupHidden>({
    id,
    type: RESOURCE_GROUP_TYPE,
    subscriptionId: group.subscriptionId,
    resourceGroup: before?.name ?? group.name,
    name: before?.name ?? group.name,
    createdMs: before?.createdMs ?? world.now(),
    body: {
      id,
      name: before?.name ?? group.name,
      type: RESOURCE_GROUP_TYPE,
      location: group.location,
      ...(group.managedBy !== undefined && { managedBy: group.managedBy }),
      ...(group.tags && { tags: group.tags }),
      properties: { provisioningState: group.provisioningState ?? "Succeeded" },
    },
    hidden: { visibleFromMs: before?.hidden.visibleFromMs ?? group.visibleFromMs ?? world.now() },
  });
}

/** @throws ArmError 409 while the group is being deleted */
export function checkNotDeleting(group: ResourceGroup): void {
  if (group.body.properties.provisioningState !== "Deleting") return;
  throw wrappedError(
    409,
    "ResourceGroupBeingDeleted",
    `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`,
  );
}
