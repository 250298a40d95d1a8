import { RETRY, command, edit, link } from "../../../shared/remedy.ts";
import { aksGuide, withValue, type FailureRule } from "../failure-rule.ts";
import { poolField, subscriptionOption } from "../remedies.ts";

/** Subnets and address ranges, registries and their images. */
export const NETWORK_RULES: readonly FailureRule[] = [
  {
    name: "subnet-full",
    category: "SUBNET_FULL",
    fault: "YOURS",
    codes: ["SubnetIsFull", "InsufficientSubnetSize", "SubnetFull", "InsufficientSubnetIPs"],
    words:
      /not have enough capacity for \S+ IP|pre-allocated ips \d+ exceeds|subnet .{0,80}(?:is full|has no (?:free|available)|not enough (?:free |available )?ip)/i,
    tell: (facts) =>
      `The subnet${withValue(" ", facts.subnet)}${withValue(" (", facts.prefix, ")")} has too few free addresses: ${withValue("", facts.ipsNeeded, " are", "more are")} needed${withValue(", ", facts.ipsLeft, " are free")}.`,
    remedies: (facts, about) => [
      edit("Use fewer nodes", poolField(facts, about, "count")),
      command("List the networks", "az", "network", "vnet", "list", ...subscriptionOption(facts), "--output", "table"),
      link("When a subnet is full", aksGuide("create-upgrade-delete/error-code-subnetisfull")),
      RETRY,
    ],
    source: aksGuide("create-upgrade-delete/error-code-subnetisfull"),
  },
  {
    name: "cidr-overlap",
    category: "NETWORK",
    fault: "YOURS",
    codes: [
      "ServiceCidrOverlapExistingSubnetsCidr",
      "NetworkProfileCIDROverlapVNET",
      "PodCidrOverlap",
      "NetcfgInvalidSubnet",
      "NetcfgSubnetRangesOverlap",
      "VnetAddressSpacesOverlap",
      "ServiceCidrOverlap",
      "ReservedCidrOverlap",
    ],
    words:
      /(?:cidr|address (?:range|prefix|space)|subnet|range) .{0,200}overlap|overlapp(?:s|ed|ing)? .{0,80}(?:cidr|address|subnet|range)/i,
    tell: (facts) =>
      `The address range ${withValue("", facts.cidr, " ")}overlaps ${withValue("", facts.otherCidr, "", "another one")}. Nodes, pods, services and networks that are joined need ranges of their own.`,
    remedies: () => [
      link(
        "Plan the ranges of a cluster",
        "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
      ),
      RETRY,
    ],
    source: aksGuide("create-upgrade-delete/error-code-servicecidroverlapexistingsubnetscidr"),
  },
  {
    name: "network-invalid",
    category: "NETWORK",
    fault: "YOURS",
    codes: [
      "InvalidSubnet",
      "SubnetNotFound",
      "InvalidCIDRNotation",
      "InvalidNetworkProfile",
      "SubnetWithDelegationsCannotBeUsed",
      "SubnetAlreadyInUse",
      "InUseSubnetCannotBeDeleted",
      "InvalidLoadBalancerProfile",
      "LoadBalancerInUseByVirtualMachineScaleSet",
      "CustomerRouteTableAssociated",
      "ExistingRouteTableNotAssociatedWithSubnet",
      "InvalidDNSServiceIP",
      "PrivateDNSZoneNotFound",
    ],
    words:
      /subnet \S+ (?:is|was) not found|subnet .{0,100}(?:is delegated|has delegation)|outbound ?type \S+ (?:requires|needs|is not (?:allowed|supported))/i,
    tell: (facts) =>
      `The network does not fit${withValue(": subnet ", facts.subnet)}${withValue(" (", facts.cidr, ")")}. Azure's own words say what is wrong with it.`,
    remedies: () => [link("Networks of AKS", "https://learn.microsoft.com/azure/aks/concepts-network"), RETRY],
    source: "https://learn.microsoft.com/azure/aks/concepts-network",
  },
  {
    name: "registry-firewall",
    category: "REGISTRY",
    fault: "YOURS",
    codes: ["DENIED"],
    when: (_facts, words) => /not allowed access|firewall/i.test(words),
    words: /client with IP .{1,60}? is not allowed access/i,
    tell: (facts) =>
      `The firewall of the registry${withValue(" ", facts.registry)} does not let ${withValue("", facts.clientIp, "", "this address")} in.`,
    remedies: (facts) => [
      command(
        "Let the address in",
        ...["az", "acr", "network-rule", "add", ...subscriptionOption(facts)],
        ...["--name", facts.registry?.split(".")[0] ?? "<registry>", "--ip-address", facts.clientIp ?? "<address>"],
      ),
      link("Firewall of a registry", "https://aka.ms/acr/firewall"),
      RETRY,
    ],
    source:
      "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/client-ip-address-not-allowed-access",
  },
  {
    name: "acr-tasks-not-allowed",
    category: "REGISTRY",
    fault: "AZURE",
    codes: ["TasksOperationsNotAllowed"],
    words: /acr tasks requests for .{1,200}? are not permitted/i,
    tell: (facts) =>
      `Azure does not let the subscription build images${withValue(" in the registry ", facts.registry)} (ACR Tasks). Only Azure support can change that.`,
    remedies: () => [link("Ask Azure support", "https://aka.ms/azuresupport"), RETRY],
    source: "https://learn.microsoft.com/azure/container-registry/container-registry-tasks-overview",
  },
  {
    name: "image-pull",
    category: "REGISTRY",
    fault: "YOURS",
    codes: ["ImagePullBackOff", "ErrImagePull", "MANIFEST_UNKNOWN", "NAME_UNKNOWN", "ImageNotFound"],
    words:
      /pull access denied|unable to find image|failed to pull (?:and unpack )?image|imagepullbackoff|errimagepull|manifest unknown|repository name not known/i,
    tell: (facts) =>
      `The image${withValue(" ", facts.image)} can't be pulled: it is not there, or the registry does not let this identity read it.`,
    remedies: () => [
      link(
        "Let a cluster pull from a registry",
        "https://learn.microsoft.com/azure/aks/cluster-container-registry-integration",
      ),
      link("When an image can't be pulled", aksGuide("extensions/cannot-pull-image-from-acr-to-aks-cluster")),
      RETRY,
    ],
    source: aksGuide("extensions/cannot-pull-image-from-acr-to-aks-cluster"),
  },
  {
    name: "registry-refuses",
    category: "REGISTRY",
    fault: "YOURS",
    codes: ["DENIED", "UNAUTHORIZED"],
    when: (_facts, words) =>
      /authentication required|requested access to the resource is denied|aka\.ms\/acr|insufficient_scope|registry/i.test(
        words,
      ),
    words:
      /failed to (?:login|log in) to (?:the )?registry|failed to set docker credentials|requested access to the resource is denied/i,
    tell: (facts) =>
      `The registry${withValue(" ", facts.registry)} does not let this identity in. It needs AcrPull to read and AcrPush to write.`,
    remedies: () => [link("Roles of a registry", "https://aka.ms/acr/authorization"), RETRY],
    source: "https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview",
  },
];
