import { resourceNotFound } from "../../arm-errors.ts";
import type { ArmRequest, World } from "../../provider.ts";
import type { Resource, ResourceStore } from "../../resource-store.ts";

export const REGISTRY_TYPE = "Microsoft.ContainerRegistry/registries";

/** The path of a registry in routes. */
export const REGISTRY_PATH = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${REGISTRY_TYPE}/{registryName}`;

export type RegistrySku = "Basic" | "Standard" | "Premium";

/** What a GET of api-version 2025-11-01 answers. */
export type RegistryBody = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku: { readonly name: RegistrySku; readonly tier: RegistrySku };
  readonly properties: {
    readonly loginServer: string;
    readonly creationDate: string;
    readonly [other: string]: unknown;
  };
};

export type Registry = Resource<RegistryBody>;

export function registryId(subscriptionId: string, resourceGroup: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${REGISTRY_TYPE}/${name}`;
}

export function findRegistry(
  resources: ResourceStore,
  subscriptionId: string,
  resourceGroup: string,
  name: string,
): Registry | undefined {
  return resources.get<RegistryBody>(registryId(subscriptionId, resourceGroup, name));
}

/**
 * The registry that the path names.
 * @throws ArmError 404 ResourceNotFound
 */
export function registryOf(request: ArmRequest, world: World): Registry {
  const { subscriptionId = "", resourceGroupName = "", registryName = "" } = request.params;
  const registry = findRegistry(world.resources, subscriptionId, resourceGroupName, registryName);
  if (registry === undefined) throw resourceNotFound(`${REGISTRY_TYPE}/${registryName}`, resourceGroupName);
  return registry;
}

/** The registry of that name in any subscription: names are host names. */
export function findRegistryByName(resources: ResourceStore, name: string): Registry | undefined {
  return listRegistries(resources).find((registry) => registry.name.toLowerCase() === name.toLowerCase());
}

export function listRegistries(
  resources: ResourceStore,
  filter: { subscriptionId?: string; resourceGroup?: string } = {},
): Registry[] {
  return resources.list<RegistryBody>({ type: REGISTRY_TYPE, ...filter });
}

/** Writes a registry that is ready, with the settings that `az acr create` leaves a registry of that SKU with. */
export function putRegistry(
  world: World,
  registry: {
    subscriptionId: string;
    resourceGroup: string;
    name: string;
    location: string;
    sku: RegistrySku;
    tags?: Record<string, string>;
    /** Virtual milliseconds. */
    createdMs: number;
  },
): Registry {
  const { subscriptionId, resourceGroup, name, location, sku, createdMs } = registry;
  const id = registryId(subscriptionId, resourceGroup, name);
  const created = new Date(createdMs).toISOString();
  const body: RegistryBody = {
    id,
    name,
    type: REGISTRY_TYPE,
    location,
    tags: registry.tags ?? {},
    sku: { name: sku, tier: sku },
    properties: {
      loginServer: `${name.toLowerCase()}.azurecr.io`,
      creationDate: created,
      provisioningState: "Succeeded",
      adminUserEnabled: false,
      networkRuleSet: { defaultAction: "Allow", ipRules: [] },
      policies: {
        quarantinePolicy: { status: "disabled" },
        trustPolicy: { type: "Notary", status: "disabled" },
        retentionPolicy: { days: 7, lastUpdatedTime: created, status: "disabled" },
        exportPolicy: { status: "enabled" },
        azureADAuthenticationAsArmPolicy: { status: "enabled" },
      },
      encryption: { status: "disabled" },
      status: null,
      dataEndpointEnabled: false,
      dataEndpointHostNames: [],
      privateEndpointConnections: [],
      publicNetworkAccess: "Enabled",
      networkRuleBypassOptions: "AzureServices",
      networkRuleBypassAllowedForTasks: false,
      zoneRedundancy: "Disabled",
      anonymousPullEnabled: false,
      roleAssignmentMode: "LegacyRegistryPermissions",
    },
  };
  return world.resources.put({
    id,
    type: REGISTRY_TYPE,
    subscriptionId,
    resourceGroup,
    name,
    createdMs,
    body,
    hidden: {},
  });
}

/** Closes or opens the registry's firewall, as its properties show it. */
export function setFirewall(world: World, name: string, isLocked: boolean): void {
  const registry = findRegistryByName(world.resources, name);
  if (registry === undefined) return;
  const networkRuleSet = { defaultAction: isLocked ? "Deny" : "Allow", ipRules: [] };
  const { body } = registry;
  world.resources.put({ ...registry, body: { ...body, properties: { ...body.properties, networkRuleSet } } });
}
