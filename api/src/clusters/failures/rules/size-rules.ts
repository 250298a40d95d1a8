import { RETRY, command, edit, link } from "../../../shared/remedy.ts";
import type { FailureAbout, Facts } from "../failure-facts.ts";
import { aksGuide, armGuide, inLocation, withValue, type FailureRule } from "../failure-rule.ts";
import { poolField, quotaPage, quotaUsage, subscriptionOption } from "../remedies.ts";

const QUOTA_GUIDE = aksGuide("create-upgrade-delete/quota-exceeded-during-creation-upgrade");
const ALLOCATION_GUIDE = aksGuide("create-upgrade-delete/error-code-zonalallocationfailed-allocationfailed");

const VCPU_CODES = ["InsufficientVCPUQuota", "QuotaExceeded", "ResourceQuotaExceeded", "OperationQuotaExceeded"];

/** `needs 8 vCPUs, but only 1 of 450 is free: 449 are in use`, as far as Azure gives the numbers. */
function quotaNumbers({ limit, used, needed, left, newLimit, quota }: Facts): string {
  const isOfVcpus = quota === undefined || /cores?\b|vcpu|family/i.test(quota);
  const unit = isOfVcpus ? `vCPU${needed === "1" ? "" : "s"}` : "more";
  const wanted = needed === undefined ? "more than is left" : `${needed} ${unit}`;
  if (limit === "0") return `needs ${wanted}, but the limit is 0.${withValue(" A limit of ", newLimit, " would do.")}`;
  const free =
    left === undefined
      ? ""
      : `, but ${left === "0" ? "none" : `only ${left}`}${limit === undefined ? "" : ` of ${limit}`} ${left === "1" ? "is" : "are"} free`;
  const inUse = used === undefined ? "" : ` (${used} in use)`;
  const enough = newLimit === undefined ? "" : ` A limit of ${newLimit} would do.`;
  return `needs ${wanted}${free}${inUse}.${enough}`;
}

function fewerNodes(facts: Facts, about: FailureAbout) {
  return edit("Use fewer or smaller nodes", poolField(facts, about, "count"));
}

function otherSize(facts: Facts, about: FailureAbout) {
  return edit("Choose another size", poolField(facts, about, "vmSize"));
}

const otherLocation = edit("Choose another location", "location");

function sizeList(facts: Facts) {
  return command(
    "List the sizes that can be had",
    ...["az", "vm", "list-skus", ...subscriptionOption(facts)],
    ...["--location", facts.location ?? "<location>", "--resource-type", "virtualMachines", "--output", "table"],
  );
}

/** Cores, sizes, machines, zones, versions, places: what Azure has and lets a subscription have. */
export const SIZE_RULES: readonly FailureRule[] = [
  {
    name: "public-ip-quota",
    category: "QUOTA",
    fault: "YOURS",
    codes: ["PublicIPCountLimitReached", "PublicIPAddressCountLimitReached", "IPv4BasicSkuPublicIpCountLimitReached"],
    refines: VCPU_CODES,
    words: /\bcannot create more than \S+ (?:\w+ ){0,4}public ip|public ip address(?:es)? (?:count )?(?:limit|quota)/i,
    tell: (facts) =>
      `The subscription may have no more public IP addresses${inLocation(facts)}${withValue(": the limit is ", facts.limit)}.`,
    remedies: (facts) => [
      quotaPage(facts),
      command(
        "See what is used",
        ...["az", "network", "list-usages", ...subscriptionOption(facts)],
        ...["--location", facts.location ?? "<location>", "--output", "table"],
      ),
      RETRY,
    ],
    source: aksGuide("create-upgrade-delete/error-code-publicipcountlimitreached"),
  },
  {
    name: "resource-count-quota",
    category: "QUOTA",
    fault: "YOURS",
    codes: [
      "LoadBalancersCountLimitReached",
      "NetworkInterfaceCountLimitReached",
      "VirtualNetworkCountLimitReached",
      "ResourceGroupQuotaExceeded",
    ],
    words: /\bcannot create more than \d|reached the limit of \d/i,
    tell: (facts) =>
      `The subscription may have no more ${facts.limitedThing ?? "resources of this kind"}${inLocation(facts)}${withValue(": the limit is ", facts.limit)}.`,
    remedies: (facts) => [quotaPage(facts), otherLocation, RETRY],
    source: armGuide("management/azure-subscription-service-limits"),
  },
  {
    name: "cluster-count-quota",
    category: "QUOTA",
    fault: "YOURS",
    codes: ["ManagedClusterCountExceedsQuotaLimit", "ClusterCountExceeded", "ManagedClusterQuotaExceeded"],
    refines: VCPU_CODES,
    words:
      /(?:number|count) of managed ?clusters|managed ?clusters? (?:count|quota|limit)|maximum number of (?:aks|managed|kubernetes) clusters/i,
    tell: (facts) =>
      `The subscription has as many clusters${inLocation(facts)} as it may have${withValue(": the limit is ", facts.limit)}.`,
    remedies: (facts) => [quotaPage(facts), otherLocation, RETRY],
    source: "https://learn.microsoft.com/azure/aks/quotas-skus-regions",
  },
  {
    name: "regional-vcpu-quota",
    category: "QUOTA",
    fault: "YOURS",
    refines: VCPU_CODES,
    words:
      /insufficient regional vcpu|total regional (?:\w+ )?(?:cores|vcpus)|exceeding quota limits? (?:of|for) core\b|exceeding approved cores quota/i,
    tell: (facts) =>
      `The subscription's quota for all vCPUs${inLocation(facts)} is too small: the request ${quotaNumbers(facts)}`,
    remedies: (facts, about) => [fewerNodes(facts, about), quotaPage(facts), quotaUsage(facts), RETRY],
    source: QUOTA_GUIDE,
  },
  {
    name: "spot-quota",
    category: "QUOTA",
    fault: "YOURS",
    refines: VCPU_CODES,
    words: /exceeding approved (?:total )?(?:regional )?(?:low ?priority|spot)/i,
    tell: (facts) =>
      `The subscription's quota for spot vCPUs (LowPriorityCores)${inLocation(facts)} is too small: the request ${quotaNumbers(facts)}`,
    remedies: (facts, about) => [fewerNodes(facts, about), quotaPage(facts), quotaUsage(facts), RETRY],
    source: QUOTA_GUIDE,
  },
  {
    name: "vcpu-quota",
    category: "QUOTA",
    fault: "YOURS",
    codes: VCPU_CODES,
    words:
      /exceeding (?:the )?(?:approved|quota)|exceeds? (?:the )?(?:approved |available |maximum )?quota|insufficient (?:\w+ ){0,3}quota|quota (?:has been |was |is )?exceeded|not enough (?:\w+ ){0,3}quota/i,
    tell: (facts) =>
      `The subscription's quota${withValue(" for ", facts.quota)}${inLocation(facts)} is too small: the request ${quotaNumbers(facts)}`,
    remedies: (facts, about) => [fewerNodes(facts, about), quotaPage(facts), quotaUsage(facts), RETRY],
    source: QUOTA_GUIDE,
  },
  {
    name: "zone-not-available",
    category: "ZONE_NOT_AVAILABLE",
    fault: "YOURS",
    codes: [
      "AvailabilityZoneNotSupported",
      "InvalidAvailabilityZone",
      "ZonesNotAllowedForResource",
      "UnsupportedEdgeZone",
    ],
    words:
      /zone\(s\) \S+ for resource \S+ (?:is|are) not supported|availability zones? (?:is|are) not (?:supported|available)|edge zone \S+ not found/i,
    tell: (facts) =>
      `${withValue(isMany(facts.zone) ? "Zones " : "Zone ", facts.zone, "", "A zone that was asked for")} can't be had${inLocation(facts)}${withValue(" for pool ", poolOf(facts))}.${withValue(" Offered: ", facts.zonesOffered, ".")}`,
    remedies: (facts, about) => [
      edit("Choose other zones", poolField(facts, about, "availabilityZones")),
      otherLocation,
      link("Availability zones of AKS", "https://learn.microsoft.com/azure/aks/availability-zones-overview"),
    ],
    source: aksGuide("create-upgrade-delete/error-code-availabilityzonenotsupported"),
  },
  {
    name: "size-too-small",
    category: "SKU_NOT_AVAILABLE",
    fault: "YOURS",
    codes: ["SystemPoolSkuTooLow", "VMCacheSizeIsTooSmall"],
    words:
      /\bSKU chosen for this \w+ pool .{1,80} is too small|ephemeral (?:VM|OS disk) .{0,60}(?:is not allowed|greater than)/i,
    tell: (facts) =>
      `${withValue("The VM size ", facts.vmSize, "", "The VM size")} is too small for this${withValue(": it takes at least ", facts.leastSize)}.`,
    remedies: (facts, about) => [
      otherSize(facts, about),
      sizeList(facts),
      link("Sizes that AKS does not take", "https://aka.ms/aks/restrictedSKUs"),
    ],
    source: "https://learn.microsoft.com/azure/aks/quotas-skus-regions",
  },
  {
    name: "sku-not-available",
    category: "SKU_NOT_AVAILABLE",
    fault: "YOURS",
    codes: [
      "SkuNotAvailable",
      "VMSizeNotSupported",
      "InvalidVMSize",
      "VMSizeDoesNotSupportFeature",
      "AgentPoolSkuNotSupported",
    ],
    words:
      /\bVM size of \S+ is not (?:allowed|supported|available)|virtual machine size: \S+ is not supported|requested (?:VM )?size for resource .{1,200} is (?:currently )?not available|\bVM ?size \S+ is not (?:allowed|supported|available)|\bSKU \S+ is not available|following SKUs have failed/i,
    tell: (facts) =>
      `${withValue("The VM size ", facts.vmSize, "", "The VM size")} can't be had${inLocation(facts)}${withValue(isMany(facts.zone) ? " in zones " : " in zone ", facts.zone)} with this subscription.`,
    remedies: (facts, about) => [
      otherSize(facts, about),
      otherLocation,
      sizeList(facts),
      link("Sizes and regions of AKS", "https://aka.ms/aks/quotas-skus-regions"),
    ],
    source: armGuide("troubleshooting/error-sku-not-available"),
  },
  {
    name: "overconstrained",
    category: "CAPACITY",
    fault: "AZURE",
    codes: ["OverconstrainedAllocationRequest", "OverconstrainedZonalAllocationRequest"],
    words: /condition is too restrictive/i,
    tell: (facts) =>
      `Azure has no machines now${inLocation(facts)} that meet all conditions together${withValue(" (", facts.vmSize, ")")}${withValue(": ", listed(facts.constraints))}. Loosen one of them, or try later.`,
    remedies: (facts, about) => [
      otherSize(facts, about),
      RETRY,
      link("How to get machines", "https://aka.ms/allocation-guidance"),
    ],
    source: ALLOCATION_GUIDE,
  },
  {
    name: "location-is-full",
    category: "CAPACITY",
    fault: "AZURE",
    codes: ["AKSCapacityHeavyUsage", "AKSCapacityError"],
    words: /is experiencing heavy usage|creating new clusters in (?:this|the) region .{0,40}not allowed/i,
    tell: (facts) => `AKS takes no new clusters${inLocation(facts)} for now: too much is in use there.`,
    remedies: () => [otherLocation, RETRY, link("Regions of AKS", "https://aka.ms/aks/quotas-skus-regions")],
    source: aksGuide("error-codes/aks-capacity-heavy-usage"),
  },
  {
    name: "no-capacity",
    category: "CAPACITY",
    fault: "AZURE",
    codes: ["AllocationFailed", "ZonalAllocationFailed", "OutOfCapacity", "SkuCapacityRestricted", "CapacityError"],
    words:
      /(?:do|does) not have (?:sufficient|enough) capacity for the requested|allocation failed|insufficient capacity|(?:aks|region|cluster).{0,60}capacity (?:constraint|restriction)/i,
    tell: (facts) =>
      `Azure has no free machines of ${withValue("size ", facts.vmSize, "", "the size that was asked for")}${withValue(" in zone ", facts.zone)}${inLocation(facts)} now.`,
    remedies: (facts, about) => [
      RETRY,
      otherSize(facts, about),
      otherLocation,
      link("How to get machines", "https://aka.ms/allocation-guidance"),
    ],
    source: ALLOCATION_GUIDE,
  },
  {
    name: "long-term-support-only",
    category: "VERSION_NOT_AVAILABLE",
    fault: "YOURS",
    refines: ["K8sVersionNotSupported"],
    words: /only available for long-term support/i,
    tell: (facts) =>
      `Kubernetes ${facts.version ?? "of this version"} is kept only with Long-Term Support, which needs AKS's Premium tier. Choose a newer version.`,
    remedies: (facts) => [
      edit("Choose another version", "kubernetesVersion"),
      versionList(facts),
      link("Long-Term Support", "https://aka.ms/aks/enable-lts"),
    ],
    source: "https://learn.microsoft.com/azure/aks/long-term-support",
  },
  {
    name: "versions-apart",
    category: "VERSION_NOT_AVAILABLE",
    fault: "YOURS",
    codes: ["NodePoolMcVersionIncompatible"],
    words: /node pool version \S+ and control plane version \S+ are incompatible/i,
    tell: (facts) =>
      `A node pool of Kubernetes ${facts.poolVersion ?? "its version"} does not go with the cluster's ${facts.planeVersion ?? "own version"}: it may not be newer, nor more than two minor versions older.`,
    remedies: (facts) => [
      edit("Choose another version", "kubernetesVersion"),
      versionList(facts),
      link("Which versions go together", "https://aka.ms/aks/UpgradeVersionRules"),
    ],
    source: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
  },
  {
    name: "upgrade-too-far",
    category: "VERSION_NOT_AVAILABLE",
    fault: "YOURS",
    refines: ["OperationNotAllowed", "BadRequest"],
    words: /upgrading kubernetes version \S+ to \S+ is not allowed/i,
    tell: (facts) =>
      `Kubernetes ${facts.version ?? "of this version"} can't become ${facts.wantedVersion ?? "the wanted version"} in one step.${withValue(" Offered: ", facts.versionsOffered, ".")}`,
    remedies: (facts) => [versionList(facts), link("Supported versions", "https://aka.ms/supported-version-list")],
    source: "https://learn.microsoft.com/azure/aks/upgrade-aks-cluster",
  },
  {
    name: "version-not-available",
    category: "VERSION_NOT_AVAILABLE",
    fault: "YOURS",
    codes: [
      "K8sVersionNotSupported",
      "AgentPoolK8sVersionNotSupported",
      "UnsupportedKubernetesVersion",
      "InvalidKubernetesVersion",
    ],
    words:
      /(?:kubernetes )?version \S+ is not supported|unsupported kubernetes version|version \S+ (?:has been|is) deprecated/i,
    tell: (facts) => `Kubernetes ${facts.version ?? "of this version"} is not offered${inLocation(facts)}.`,
    remedies: (facts) => [
      edit("Choose another version", "kubernetesVersion"),
      versionList(facts),
      link("Supported versions", "https://aka.ms/supported-version-list"),
    ],
    source: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
  },
  {
    name: "location-closed",
    category: "LOCATION_NOT_AVAILABLE",
    fault: "AZURE",
    codes: ["RequestDisallowedByAzure"],
    words: /disallowed by azure: .{0,40}best available regions/i,
    tell: (facts) =>
      `Azure lets the subscription make new things in some locations only, and${withValue(" ", facts.location, "", " this")} is none of them.`,
    remedies: () => [
      otherLocation,
      link("Ask for a region", "https://learn.microsoft.com/troubleshoot/azure/general/region-access-request-process"),
    ],
    source: "https://learn.microsoft.com/troubleshoot/azure/general/region-access-request-process",
  },
  {
    name: "location-not-available",
    category: "LOCATION_NOT_AVAILABLE",
    fault: "YOURS",
    codes: [
      "LocationNotAvailableForResourceType",
      "InvalidLocation",
      "LocationNotAvailable",
      "RegionNotSupported",
      "LocationNotAvailableForResourceGroup",
    ],
    words:
      /provided location \S+ is not available|region \S+ is not (?:supported|available)|location \S+ is (?:not (?:available|supported)|currently not accepting)/i,
    tell: (facts) => `Azure does not offer this${inLocation(facts)} to the subscription.`,
    remedies: () => [otherLocation, link("Regions of AKS", "https://aka.ms/aks/quotas-skus-regions")],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
];

function versionList(facts: Facts) {
  return command(
    "List the versions that are offered",
    ...["az", "aks", "get-versions", ...subscriptionOption(facts)],
    ...["--location", facts.location ?? "<location>", "--output", "table"],
  );
}

/** Azure has them a line each. */
function listed(lines: string | undefined): string | undefined {
  return lines
    ?.split(/(?:\s|\\n)*- /)
    .map((line) => line.replaceAll("\\n", "").trim())
    .filter((line) => line !== "")
    .join(", ");
}

/** `1,2` */
function isMany(zones: string | undefined): boolean {
  return zones?.includes(",") === true;
}

/** AKS calls the pool a resource here. */
function poolOf(facts: Facts): string | undefined {
  return (
    facts.pool ?? (facts.resource !== undefined && /^[a-z0-9]{1,12}$/.test(facts.resource) ? facts.resource : undefined)
  );
}
