import { invalidRequestContent, wrappedError, flatError } from "../../arm-errors.ts";
import { AZURE_LOCATIONS, findAzureLocation } from "../../azure-locations.ts";
import type { ArmRequest } from "../../provider.ts";
import { resolveKubernetesVersion } from "../kubernetes-versions.ts";
import { invalidParameter, onlyWithLongTermSupport, versionNotSupported } from "./aks-errors.ts";
import { defaultNodeResourceGroup, type ClusterSpec } from "./cluster-spec.ts";
import { CLUSTER_TYPE } from "./managed-cluster.ts";
import { parsePool, type Fields } from "./pool-request.ts";

/** Rules of names and numbers: https://aka.ms/aks-naming-rules */

/** What only AKS writes; a caller that sends back what it has read changes nothing by it. */
const READ_ONLY = [
  "provisioningState",
  "powerState",
  "currentKubernetesVersion",
  "fqdn",
  "privateFQDN",
  "azurePortalFQDN",
  "maxAgentPools",
  "identityProfile",
  "resourceUID",
  "status",
  "agentPoolProfiles",
  "kubernetesVersion",
  "dnsPrefix",
  "nodeResourceGroup",
];

const CLUSTER_NAME = /^[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const DNS_PREFIX = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,52}[a-zA-Z0-9])?$/;
const MAX_NODE_RESOURCE_GROUP_CHARACTERS = 80;

/**
 * Reads the body of a PUT managedClusters.
 * @throws ArmError in AKS's or ARM's words for whatever AKS would refuse by looking at the body alone
 */
export function parseClusterRequest(request: ArmRequest): ClusterSpec {
  const { subscriptionId = "", resourceGroupName = "", resourceName = "" } = request.params;
  const body = toFields(request.body);
  const properties = toFields(body["properties"] ?? {});
  const location = parseLocation(body["location"]);
  checkName(resourceName);
  const tier = parseTier(body["sku"]);
  const kubernetesVersion = String(properties["kubernetesVersion"] ?? "");
  const patchVersion = parseVersion(kubernetesVersion, location, resourceName, tier, properties["supportPlan"]);
  const version = kubernetesVersion === "" ? patchVersion : kubernetesVersion;
  const nodeResourceGroup = String(
    properties["nodeResourceGroup"] || defaultNodeResourceGroup(resourceGroupName, resourceName, location),
  );
  checkNodeResourceGroup(nodeResourceGroup);
  const pools = parsePools(properties["agentPoolProfiles"], { version, patchVersion, location });
  const { tags, identity } = body;
  return {
    subscriptionId,
    resourceGroup: resourceGroupName,
    name: resourceName,
    location,
    kubernetesVersion: version,
    patchVersion,
    dnsPrefix: parseDnsPrefix(properties["dnsPrefix"]),
    nodeResourceGroup,
    tier,
    pools,
    ...(isFields(tags) && { tags: tags as Record<string, string> }),
    ...(isFields(identity) && { identity }),
    other: toWritable(properties),
  };
}

function checkName(name: string): void {
  if (!CLUSTER_NAME.test(name)) {
    throw invalidParameter(
      "name",
      `"${name}" managed cluster name is invalid because it must be 1 to 63 characters long, begin and end with a letter or a number, and have only letters, numbers, underscores and hyphens`,
    );
  }
  if (["azure", "microsoft", "windows"].includes(name.toLowerCase())) {
    throw invalidParameter("name", `"${name}" managed cluster name is invalid because it is reserved.`);
  }
}

function parseLocation(value: unknown): string {
  if (typeof value !== "string" || value === "") {
    throw wrappedError(400, "LocationRequired", "The location property is required for this definition.");
  }
  const location = findAzureLocation(value);
  if (location) return location.name;
  const known = AZURE_LOCATIONS.map(({ name }) => name).join(",");
  throw wrappedError(
    400,
    "LocationNotAvailableForResourceType",
    `The provided location '${value}' is not available for resource type '${CLUSTER_TYPE}'. List of available regions for the resource type is '${known}'.`,
  );
}

function parseTier(sku: unknown): ClusterSpec["tier"] {
  const tier = isFields(sku) ? (sku["tier"] ?? "Free") : "Free";
  if (tier === "Free" || tier === "Standard" || tier === "Premium") return tier;
  throw invalidParameter("sku.tier", `"${String(tier)}" is not one of Free, Standard and Premium`);
}

function parseVersion(
  asked: string,
  location: string,
  clusterName: string,
  tier: ClusterSpec["tier"],
  supportPlan: unknown,
): string {
  const found = resolveKubernetesVersion(location, asked);
  if (!found) throw versionNotSupported(asked);
  const hasLongTermSupport = tier === "Premium" && supportPlan === "AKSLongTermSupport";
  if (!found.minor.supportPlan.includes("KubernetesOfficial") && !hasLongTermSupport) {
    throw onlyWithLongTermSupport(clusterName, found.patch);
  }
  return found.patch;
}

function parseDnsPrefix(value: unknown): string {
  if (typeof value === "string" && DNS_PREFIX.test(value)) return value;
  throw invalidParameter(
    "dnsPrefix",
    "The DNS prefix must contain between 1 and 54 characters, begin and end with a letter or a number, and have only letters, numbers and hyphens",
  );
}

function checkNodeResourceGroup(name: string): void {
  if (name.length <= MAX_NODE_RESOURCE_GROUP_CHARACTERS) return;
  throw flatError(
    400,
    "InvalidParameter",
    `The length of the node resource group name is too long. The maximum length is ${MAX_NODE_RESOURCE_GROUP_CHARACTERS} and the length of the value provided is ${name.length}. Please see https://aka.ms/aks-naming-rules for more details.`,
    { target: "nodeResourceGroup" },
  );
}

function parsePools(
  value: unknown,
  cluster: { version: string; patchVersion: string; location: string },
): ClusterSpec["pools"] {
  const profiles = Array.isArray(value) ? (value as unknown[]) : [];
  const pools = profiles.map((profile) => {
    const fields = toFields(profile);
    return parsePool(String(fields["name"] ?? ""), fields, cluster);
  });
  if (!pools.some(({ mode, osType }) => mode === "System" && osType === "Linux")) {
    throw flatError(400, "MustDefineAtLeastOneSystemPool", "Must define at least one system pool.");
  }
  const names = pools.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw invalidParameter("agentPoolProfile.name", `The agent pool name "${twice}" is used more than once`);
  }
  return pools;
}

/** Keeps what a caller may set and AKS answers; secrets are never answered. */
function toWritable(properties: Fields): Record<string, unknown> {
  const writable = Object.fromEntries(Object.entries(properties).filter(([name]) => !READ_ONLY.includes(name)));
  for (const [profile, secret] of [
    ["servicePrincipalProfile", "secret"],
    ["windowsProfile", "adminPassword"],
  ] as const) {
    const value = writable[profile];
    if (!isFields(value)) continue;
    writable[profile] = Object.fromEntries(Object.entries(value).filter(([name]) => name !== secret));
  }
  return writable;
}

export function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function toFields(value: unknown): Fields {
  if (isFields(value)) return value;
  throw invalidRequestContent("The request body must be a JSON object");
}
