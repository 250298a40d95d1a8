import { findAzureLocation, normalizeLocation } from "./azure-locations.ts";

/** A quota family: its id as `resourceSkus` and `usages` spell it, and the name people read in the portal. */
export type VmFamily = {
  readonly name: string;
  readonly displayName: string;
};

export type VmSize = {
  readonly name: string;
  readonly family: string;
  readonly vCpus: number;
  readonly memoryGb: number;
  /** Size of the temporary disk in MB; 0 for sizes without one. */
  readonly tempDiskMb: number;
  readonly maxDataDisks: number;
  readonly maxNics: number;
  readonly gpus: number;
  readonly architecture: "x64" | "Arm64";
};

/** Why a size can't be deployed. Microsoft.Compute's own words. */
export type RestrictionReason = "NotAvailableForSubscription" | "QuotaId";

/** A size that a subscription can't use in a location, or not in some zones of it. `sizes` are names or families. */
export type SizeRestriction = {
  readonly location: string | "*";
  readonly sizes: readonly string[];
  readonly reason: RestrictionReason;
  /** Only these zones; without them, the whole location. */
  readonly zones?: readonly string[];
};

/** What one subscription may use. Limits are vCPUs per location. */
export type ComputeOffer = {
  readonly restrictions: readonly SizeRestriction[];
  /** All families together; by location, `*` for the rest. */
  readonly regionalLimits: Readonly<Record<string, number>>;
  /** By family, `*` for the rest. */
  readonly familyLimits: Readonly<Record<string, number>>;
  /** By location, where they differ from `familyLimits`. */
  readonly familyLimitsIn?: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

export const VM_FAMILIES: readonly VmFamily[] = [
  { name: "standardBSFamily", displayName: "Standard BS Family vCPUs" },
  { name: "standardDSv2Family", displayName: "Standard DSv2 Family vCPUs" },
  { name: "standardDSv3Family", displayName: "Standard DSv3 Family vCPUs" },
  { name: "standardDSv5Family", displayName: "Standard DSv5 Family vCPUs" },
  { name: "standardDDSv5Family", displayName: "Standard DDSv5 Family vCPUs" },
  { name: "standardDPSv5Family", displayName: "Standard DPSv5 Family vCPUs" },
  { name: "standardESv5Family", displayName: "Standard ESv5 Family vCPUs" },
  { name: "standardFSv2Family", displayName: "Standard FSv2 Family vCPUs" },
  { name: "Standard NCASv3_T4 Family", displayName: "Standard NCASv3_T4 Family vCPUs" },
  { name: "StandardNCADSA100v4Family", displayName: "Standard NCADS_A100_v4 Family vCPUs" },
];

type SizeRow = [
  name: string,
  family: string,
  vCpus: number,
  memoryGb: number,
  tempDiskMb: number,
  disks: number,
  nics: number,
  gpus?: number,
];

/** Figures from the size pages under https://learn.microsoft.com/azure/virtual-machines/sizes/overview */
const SIZE_ROWS: readonly SizeRow[] = [
  ["Standard_B2s", "standardBSFamily", 2, 4, 8192, 4, 3],
  ["Standard_B2ms", "standardBSFamily", 2, 8, 16384, 4, 3],
  ["Standard_B4ms", "standardBSFamily", 4, 16, 32768, 8, 4],
  ["Standard_DS2_v2", "standardDSv2Family", 2, 7, 14336, 8, 2],
  ["Standard_DS3_v2", "standardDSv2Family", 4, 14, 28672, 16, 4],
  ["Standard_D2s_v3", "standardDSv3Family", 2, 8, 16384, 4, 2],
  ["Standard_D4s_v3", "standardDSv3Family", 4, 16, 32768, 8, 2],
  ["Standard_D8s_v3", "standardDSv3Family", 8, 32, 65536, 16, 4],
  ["Standard_D16s_v3", "standardDSv3Family", 16, 64, 131072, 32, 8],
  ["Standard_D2s_v5", "standardDSv5Family", 2, 8, 0, 4, 2],
  ["Standard_D4s_v5", "standardDSv5Family", 4, 16, 0, 8, 2],
  ["Standard_D8s_v5", "standardDSv5Family", 8, 32, 0, 16, 4],
  ["Standard_D16s_v5", "standardDSv5Family", 16, 64, 0, 32, 8],
  ["Standard_D2ds_v5", "standardDDSv5Family", 2, 8, 76800, 4, 2],
  ["Standard_D4ds_v5", "standardDDSv5Family", 4, 16, 153600, 8, 2],
  ["Standard_D8ds_v5", "standardDDSv5Family", 8, 32, 307200, 16, 4],
  ["Standard_D2ps_v5", "standardDPSv5Family", 2, 8, 0, 4, 2],
  ["Standard_D4ps_v5", "standardDPSv5Family", 4, 16, 0, 8, 2],
  ["Standard_E2s_v5", "standardESv5Family", 2, 16, 0, 4, 2],
  ["Standard_E4s_v5", "standardESv5Family", 4, 32, 0, 8, 2],
  ["Standard_E8s_v5", "standardESv5Family", 8, 64, 0, 16, 4],
  ["Standard_F2s_v2", "standardFSv2Family", 2, 4, 16384, 4, 2],
  ["Standard_F4s_v2", "standardFSv2Family", 4, 8, 32768, 8, 2],
  ["Standard_F8s_v2", "standardFSv2Family", 8, 16, 65536, 16, 4],
  ["Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family", 4, 28, 180224, 8, 2, 1],
  ["Standard_NC8as_T4_v3", "Standard NCASv3_T4 Family", 8, 56, 368640, 16, 4, 1],
  ["Standard_NC24ads_A100_v4", "StandardNCADSA100v4Family", 24, 220, 65536, 8, 2, 1],
];

export const VM_SIZES: readonly VmSize[] = SIZE_ROWS.map(
  ([name, family, vCpus, memoryGb, tempDiskMb, maxDataDisks, maxNics, gpus = 0]) => ({
    name,
    family,
    vCpus,
    memoryGb,
    tempDiskMb,
    maxDataDisks,
    maxNics,
    gpus,
    architecture: family === "standardDPSv5Family" ? "Arm64" : "x64",
  }),
);

/** Sizes that Azure doesn't offer in a location to anybody: they are absent from the list instead of restricted. */
const NOT_OFFERED_IN: Readonly<Record<string, readonly string[]>> = {
  germanywestcentral: ["StandardNCADSA100v4Family"],
  uksouth: ["standardDPSv5Family"],
  westus: ["StandardNCADSA100v4Family", "standardDPSv5Family"],
};

/** The size of that name, in any casing; AKS takes `standard_d2s_v3` too. */
export function findVmSize(name: string): VmSize | undefined {
  const wanted = name.toLowerCase();
  return VM_SIZES.find((size) => size.name.toLowerCase() === wanted);
}

/** The sizes a location has, restricted ones included; empty for an unknown location. */
export function vmSizesIn(location: string): readonly VmSize[] {
  const name = findAzureLocation(location)?.name;
  if (name === undefined) return [];
  const absent = NOT_OFFERED_IN[name] ?? [];
  return VM_SIZES.filter((size) => !absent.includes(size.family));
}

/** What keeps a size from being deployed in a location; empty when nothing does. */
export function restrictionsOf(offer: ComputeOffer, location: string, size: VmSize): readonly SizeRestriction[] {
  const name = normalizeLocation(location);
  return offer.restrictions.filter(
    (restriction) =>
      (restriction.location === "*" || restriction.location === name) &&
      (restriction.sizes.includes(size.name) || restriction.sizes.includes(size.family)),
  );
}

/** The names, in lower case as AKS prints them, of the sizes that can be deployed in a location as a whole. */
export function deployableSizesIn(offer: ComputeOffer, location: string): readonly string[] {
  return vmSizesIn(location)
    .filter((size) => restrictionsOf(offer, location, size).every(({ zones }) => zones !== undefined))
    .map(({ name }) => name.toLowerCase());
}

/** vCPUs that all sizes together may take in a location. */
export function regionalLimit(offer: ComputeOffer, location: string): number {
  return offer.regionalLimits[normalizeLocation(location)] ?? offer.regionalLimits["*"] ?? 0;
}

/** vCPUs that one family may take in a location. */
export function familyLimit(offer: ComputeOffer, location: string, family: string): number {
  const here = offer.familyLimitsIn?.[normalizeLocation(location)] ?? {};
  return here[family] ?? offer.familyLimits[family] ?? offer.familyLimits["*"] ?? 0;
}
