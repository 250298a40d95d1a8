import type { SearchOptionGroup } from "../../ui/search-select.tsx";
import type { Option } from "../../ui/select-field.tsx";
import type { Catalogue, VmSize } from "./cluster-documents.ts";

/** AKS refuses system pools with less. https://learn.microsoft.com/azure/aks/use-system-pools */
const SYSTEM_POOL_MIN_CPUS = 2;
const SYSTEM_POOL_MIN_MEMORY_GB = 4;

/** Sensible for a system pool, best known first. */
const PREFERRED_SIZES = ["Standard_D4s_v5", "Standard_D4s_v4", "Standard_D4s_v3", "Standard_D2s_v5", "Standard_D2s_v3"];
const PREFERRED_LOCATIONS = ["westeurope", "northeurope", "eastus2", "eastus"];

/** Sizes by family, small before large; what can't be deployed stays in its place with the reason. */
export function sizeGroups(sizes: readonly VmSize[]): SearchOptionGroup[] {
  const families = new Map<string, VmSize[]>();
  for (const size of sizes) families.set(size.family, [...(families.get(size.family) ?? []), size]);
  return [...families]
    .sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }))
    .map(([family, members]) => ({
      value: familyLabel(family),
      items: members
        .toSorted((one, other) => one.vCpus - other.vCpus || one.name.localeCompare(other.name))
        .map((size) => ({
          value: size.name,
          label: size.name,
          detail: `${size.vCpus} vCPU · ${size.memoryGb} GB`,
          unavailable: size.restriction === null ? undefined : restrictionText(size.restriction),
        })),
    }));
}

/** Azure writes `standardDSv3Family`; people read `DSv3 family`. Other spellings stay. */
export function familyLabel(family: string): string {
  const short = /^standard(.+)family$/i.exec(family)?.[1]?.trim();
  return short ? `${short} family` : family;
}

/** Azure's reason code in words. https://learn.microsoft.com/rest/api/compute/resource-skus/list names them; others stay as they are. */
export function restrictionText(restriction: string): string {
  if (restriction === "NotAvailableForSubscription") return "Not available to this subscription in this location";
  if (restriction === "QuotaId") return "Not offered to this kind of subscription";
  return restriction;
}

/** The size to start with, or empty when nothing can be deployed. */
export function defaultSize(sizes: readonly VmSize[]): string {
  const usable = sizes.filter(
    (size) =>
      size.restriction === null && size.vCpus >= SYSTEM_POOL_MIN_CPUS && size.memoryGb >= SYSTEM_POOL_MIN_MEMORY_GB,
  );
  const preferred = PREFERRED_SIZES.find((name) => usable.some((size) => size.name === name));
  return preferred ?? usable[0]?.name ?? "";
}

export function defaultLocation(locations: readonly { name: string }[]): string {
  return (
    PREFERRED_LOCATIONS.find((name) => locations.some((location) => location.name === name)) ?? locations[0]?.name ?? ""
  );
}

/**
 * The versions that can be chosen, newest first; before them the one that AKS takes by itself.
 * @param chosen is among them whatever AKS lists, such as a version without its patch that an earlier provision asked for
 */
export function versionOptions(versions: Catalogue["kubernetesVersions"] | undefined, chosen = ""): Option[] {
  const known = versions ?? [];
  const usual = known.find((version) => version.isDefault);
  const offered = [
    { value: "", label: usual ? `Azure's default (${usual.version})` : "Azure's default" },
    ...known
      .flatMap((version) => {
        const suffix = version.isPreview ? " (preview)" : "";
        const patches = version.patchVersions.length > 0 ? version.patchVersions : [version.version];
        return patches.map((patch) => ({ value: patch, label: `${patch}${suffix}` }));
      })
      .sort((one, other) => other.value.localeCompare(one.value, "en", { numeric: true })),
  ];
  if (offered.some(({ value }) => value === chosen)) return offered;
  const isMinor = known.some(({ version }) => version === chosen);
  return [...offered, { value: chosen, label: isMinor ? `${chosen} (newest patch)` : chosen }];
}

/** The vCPUs that all pools ask for together, or undefined while a size or a count is not known. */
export function totalCpus(
  pools: readonly { vmSize: string; count: number | null }[],
  sizes: readonly VmSize[],
): number | undefined {
  let total = 0;
  for (const pool of pools) {
    const size = sizes.find((known) => known.name === pool.vmSize);
    if (!size || pool.count === null) return undefined;
    total += size.vCpus * pool.count;
  }
  return total;
}
