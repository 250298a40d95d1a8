import { wrappedError } from "../arm-errors.ts";
import { AZURE_LOCATIONS, findAzureLocation } from "../azure-locations.ts";
import type { AzureLocation } from "../azure-locations.ts";
import { restrictionsOf, VM_FAMILIES, vmSizesIn } from "../compute-catalogue.ts";
import type { ComputeOffer, SizeRestriction, VmSize } from "../compute-catalogue.ts";
import { quotaIn } from "../compute-quota.ts";
import type { EmulatedSubscription } from "../emulated-subscriptions.ts";
import type { ArmRequest, Provider, World } from "../provider.ts";
import { locationOf, subscriptionOf } from "../request-scope.ts";

/** Which sizes a subscription may use and how much of them: `resourceSkus` and `usages`, both read-only. */
export const microsoftCompute: Provider = {
  namespace: "Microsoft.Compute",
  resourceTypes: ["skus", "locations/usages"],
  routes: [
    {
      method: "GET",
      path: "/subscriptions/{subscriptionId}/providers/Microsoft.Compute/skus",
      operation: "resourceSkus.list",
      handle: (request) => ({ status: 200, body: { value: listSkus(subscriptionOf(request), request) } }),
    },
    {
      method: "GET",
      path: "/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/usages",
      operation: "usage.list",
      handle: (request, world) => ({ status: 200, body: { value: listUsages(request, world) } }),
    },
  ],
};

/** https://learn.microsoft.com/rest/api/compute/resource-skus/list: the location filter is the only one there is. */
function listSkus(subscription: EmulatedSubscription, request: ArmRequest) {
  const locations = filteredLocations(request.query.get("$filter"));
  return locations.flatMap((location) => [
    toAvailabilitySetSku(location),
    toDiskSku(location),
    ...vmSizesIn(location.name).map((size) => toVmSku(subscription.compute, location, size)),
  ]);
}

function filteredLocations(filter: string | null): readonly AzureLocation[] {
  if (filter === null || filter.trim() === "") return AZURE_LOCATIONS;
  const match = /^\s*location\s+eq\s+'([^']*)'\s*$/i.exec(filter);
  if (match === null) {
    throw wrappedError(
      400,
      "InvalidParameter",
      `The filter '${filter}' is not supported. Use "location eq '<name>'".`,
      {
        target: "$filter",
      },
    );
  }
  const location = findAzureLocation(match[1] ?? "");
  return location === undefined ? [] : [location];
}

function toVmSku(offer: ComputeOffer, location: AzureLocation, size: VmSize) {
  return {
    resourceType: "virtualMachines",
    name: size.name,
    tier: "Standard",
    size: size.name.replace(/^Standard_/, ""),
    family: size.family,
    locations: [location.name],
    locationInfo: [{ location: location.name, zones: zonesOf(location), zoneDetails: toZoneDetails(location) }],
    capabilities: toCapabilities(size),
    restrictions: restrictionsOf(offer, location.name, size).map((restriction) => toRestriction(restriction, location)),
  };
}

function toRestriction({ zones, reason }: SizeRestriction, location: AzureLocation) {
  return {
    type: zones === undefined ? "Location" : "Zone",
    values: [location.name],
    restrictionInfo: { locations: [location.name], ...(zones !== undefined && { zones }) },
    reasonCode: reason,
  };
}

function toZoneDetails(location: AzureLocation) {
  const zones = zonesOf(location);
  return zones.length === 0 ? [] : [{ name: zones, capabilities: [{ name: "UltraSSDAvailable", value: "True" }] }];
}

function toCapabilities(size: VmSize) {
  const values: Record<string, string | number | boolean> = {
    MaxResourceVolumeMB: size.tempDiskMb,
    OSVhdSizeMB: 1_047_552,
    vCPUs: size.vCpus,
    HyperVGenerations: size.architecture === "Arm64" ? "V2" : "V1,V2",
    MemoryGB: size.memoryGb,
    MaxDataDiskCount: size.maxDataDisks,
    CpuArchitectureType: size.architecture,
    LowPriorityCapable: size.family !== "standardBSFamily",
    PremiumIO: true,
    VMDeploymentTypes: "IaaS",
    vCPUsAvailable: size.vCpus,
    vCPUsPerCore: size.architecture === "Arm64" ? 1 : 2,
    EphemeralOSDiskSupported: size.tempDiskMb > 0,
    EncryptionAtHostSupported: true,
    AcceleratedNetworkingEnabled: size.family !== "standardBSFamily",
    RdmaEnabled: false,
    MaxNetworkInterfaces: size.maxNics,
    ...(size.gpus > 0 && { GPUs: size.gpus }),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value: toCapabilityValue(value) }));
}

/** Compute writes all capability values as strings, truth as `True` and `False`. */
function toCapabilityValue(value: string | number | boolean): string {
  if (typeof value !== "boolean") return String(value);
  return value ? "True" : "False";
}

function toAvailabilitySetSku(location: AzureLocation) {
  return {
    resourceType: "availabilitySets",
    name: "Aligned",
    locations: [location.name],
    locationInfo: [{ location: location.name, zones: [], zoneDetails: [] }],
    capabilities: [{ name: "MaximumPlatformFaultDomainCount", value: "3" }],
    restrictions: [],
  };
}

function toDiskSku(location: AzureLocation) {
  return {
    resourceType: "disks",
    name: "Premium_LRS",
    tier: "Premium",
    size: "P10",
    locations: [location.name],
    locationInfo: [{ location: location.name, zones: zonesOf(location), zoneDetails: [] }],
    capabilities: [
      { name: "MaxSizeGiB", value: "128" },
      { name: "MinSizeGiB", value: "64" },
      { name: "MaxIOps", value: "500" },
    ],
    restrictions: [],
  };
}

function zonesOf(location: AzureLocation): string[] {
  return location.physicalZones.map((_, index) => String(index + 1));
}

/** https://learn.microsoft.com/rest/api/compute/usage/list: all families are listed, those without quota as 0 of 0. */
function listUsages(request: ArmRequest, world: World) {
  const { subscriptionId } = subscriptionOf(request);
  const location = locationOf(request, "Microsoft.Compute", "locations/usages");
  const { regional, families } = quotaIn(world, subscriptionId, location.name);
  return [
    toUsage("availabilitySets", "Availability Sets", 0, 2_500),
    toUsage("cores", "Total Regional vCPUs", regional.used, regional.limit),
    toUsage("virtualMachines", "Virtual Machines", 0, 25_000),
    toUsage("virtualMachineScaleSets", "Virtual Machine Scale Sets", 0, 2_500),
    toUsage("lowPriorityCores", "Total Regional Spot vCPUs", 0, Math.min(100, regional.limit)),
    ...VM_FAMILIES.map(({ name, displayName }) => {
      const family = families.get(name);
      return toUsage(name, displayName, family?.used ?? 0, family?.limit ?? 0);
    }),
  ];
}

function toUsage(value: string, localizedValue: string, currentValue: number, limit: number) {
  return { unit: "Count", currentValue, limit, name: { value, localizedValue } };
}
