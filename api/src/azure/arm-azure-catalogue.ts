import type { ResourceSku, ResourceSkuRestrictions } from "@azure/arm-compute";
import type { KubernetesVersion as ArmKubernetesVersion } from "@azure/arm-containerservice";
import type { AzureCatalogue, KubernetesVersion, Location, Subscription, VmSize } from "../clusters/azure-catalogue.ts";
import { abortable } from "./abortable.ts";
import type { ArmClients } from "./arm-clients.ts";
import { callAzure } from "./arm-errors.ts";

// https://learn.microsoft.com/azure/aks/quotas-skus-regions#restricted-vm-sizes
const FEWEST_VCPUS = 2;
const UNUSABLE_SUBSCRIPTIONS = new Set(["Disabled", "Deleted"]);

export function createArmAzureCatalogue(clients: ArmClients): AzureCatalogue {
  return {
    listSubscriptions: (signal) =>
      callAzure(async () => {
        const subscriptions: Subscription[] = [];
        for await (const { subscriptionId, displayName, state } of clients
          .subscriptions()
          .subscriptions.list(abortable(signal))) {
          if (subscriptionId === undefined || UNUSABLE_SUBSCRIPTIONS.has(state ?? "")) continue;
          subscriptions.push({ subscriptionId, displayName: displayName ?? subscriptionId });
        }
        return subscriptions;
      }),

    listLocations: (subscriptionId, signal) =>
      callAzure(async () => {
        const locations: Location[] = [];
        for await (const { name, displayName, type, metadata } of clients
          .subscriptions()
          .subscriptions.listLocations(subscriptionId, abortable(signal))) {
          if (name === undefined || type === "EdgeZone" || metadata?.regionType === "Logical") continue;
          locations.push({ name, displayName: displayName ?? name });
        }
        return locations;
      }),

    listVmSizes: (subscriptionId, location, signal) =>
      callAzure(async () => {
        const sizes: VmSize[] = [];
        // Without the filter the answer is tens of megabytes.
        const options = { filter: `location eq '${location}'`, ...abortable(signal) };
        for await (const sku of clients.compute(subscriptionId).resourceSkus.list(options)) {
          const size = toVmSize(sku, location);
          if (size && size.vCpus >= FEWEST_VCPUS) sizes.push(size);
        }
        return sizes;
      }),

    listKubernetesVersions: (subscriptionId, location, signal) =>
      callAzure(async () => {
        const { values } = await clients
          .aks(subscriptionId)
          .managedClusters.listKubernetesVersions(location, abortable(signal));
        return (values ?? []).filter(isOpenToAll).flatMap((version) => toKubernetesVersion(version) ?? []);
      }),
  };
}

/** Undefined for what is no size of virtual machines. */
function toVmSize(sku: ResourceSku, location: string): VmSize | undefined {
  if (sku.resourceType !== "virtualMachines" || sku.name === undefined) return undefined;
  const capability = (name: string): number =>
    Number(sku.capabilities?.find((candidate) => candidate.name === name)?.value ?? 0);
  // A restriction of type Zone leaves the other zones, and clusters without zones.
  const restriction = sku.restrictions?.find(
    ({ type, values }) =>
      type === "Location" && (values ?? []).some((value) => value.toLowerCase() === location.toLowerCase()),
  );
  const here = sku.locationInfo?.find((info) => info.location?.toLowerCase() === location.toLowerCase());
  const barred = sku.restrictions?.filter(({ type }) => type === "Zone") ?? [];
  const barredZones = new Set(barred.flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []));
  return {
    name: sku.name,
    family: sku.family ?? "",
    vCpus: capability("vCPUs"),
    memoryGb: capability("MemoryGB"),
    restriction: restriction && reasonOf(restriction),
    zones: (here?.zones ?? []).filter((zone) => !barredZones.has(zone)).sort(),
    zoneRestriction: barred[0] && reasonOf(barred[0]),
  };
}

function reasonOf({ reasonCode }: ResourceSkuRestrictions): string {
  return reasonCode ?? "NotAvailableForSubscription";
}

/** Versions under long-term support alone need another tier than the clusters that are made here. */
function isOpenToAll({ capabilities }: ArmKubernetesVersion): boolean {
  return capabilities?.supportPlan?.includes("KubernetesOfficial") ?? true;
}

function toKubernetesVersion({
  version,
  patchVersions,
  isDefault,
  isPreview,
}: ArmKubernetesVersion): KubernetesVersion | undefined {
  if (version === undefined) return undefined;
  return {
    version,
    patchVersions: Object.keys(patchVersions ?? {}).sort(newestFirst),
    isDefault: isDefault ?? false,
    isPreview: isPreview ?? false,
  };
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, "en", { numeric: true });
}
