import { RETRY, command, edit, link } from "../../../shared/remedy.ts";
import type { FailureAbout, Facts } from "../failure-facts.ts";
import { aksGuide, armGuide, inLocation, withValue, type FailureRule } from "../failure-rule.ts";
import { poolField, quotaPage, quotaUsage, subscriptionOption } from "../remedies.ts";

const QUOTA_GUIDE = aksGuide("create-upgrade-delete/quota-exceeded-during-creation-upgrade");
const ALLOCATION_GUIDE = aksGuide("create-upgrade-delete/error-code-zonalallocationfailed-allocationfailed");

const VCPU_CODES = ["InsufficientVCPUQuota", "QuotaExceeded", "ResourceQuotaExceeded", "OperationQuotaExceeded"];

/** `needs 8 vCPUs, but only 1 of 450 is free: 449 are in use`, as far as Azure gives the numbers. */
function quotaNumbers({ limit, used, needed, left, newLimit }: Facts): string {
  const wanted = needed === undefined ? "more than is left" : `${needed} vCPUs`;
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
    codes: ["PublicIPCountLimitReached", "PublicIPAddressCountLimitReached"],
    refines: VCPU_CODES,
    words: /\bcannot create more than \S+ public ip|public ip address(?:es)? (?:count )?(?:limit|quota)/i,
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
      `${withValue("Zone ", facts.zone, "", "A zone that was asked for")} can't be had${inLocation(facts)}${withValue(" for pool ", poolOf(facts))}.${withValue(" Offered: ", facts.zonesOffered, ".")}`,
    remedies: (facts, about) => [
      edit("Choose other zones", poolField(facts, about, "vmSize").replace(/\.vmSize$/, ".availabilityZones")),
      otherLocation,
      link("Availability zones of AKS", "https://learn.microsoft.com/azure/aks/availability-zones-overview"),
    ],
    source: aksGuide("create-upgrade-delete/error-code-availabilityzonenotsupported"),
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
      `${withValue("The VM size ", facts.vmSize, "", "The VM size")} can't be had${inLocation(facts)}${withValue(" in zone ", facts.zone)} with this subscription.`,
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
    name: "no-capacity",
    category: "CAPACITY",
    fault: "AZURE",
    codes: [
      "AllocationFailed",
      "ZonalAllocationFailed",
      "OutOfCapacity",
      "SkuCapacityRestricted",
      "AKSCapacityError",
      "CapacityError",
    ],
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

/** AKS calls the pool a resource here. */
function poolOf(facts: Facts): string | undefined {
  return (
    facts.pool ?? (facts.resource !== undefined && /^[a-z0-9]{1,12}$/.test(facts.resource) ? facts.resource : undefined)
  );
}
