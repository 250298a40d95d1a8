import { flatError } from "../../arm-errors.ts";
import { resolveKubernetesVersion } from "../kubernetes-versions.ts";
import { invalidParameter } from "./aks-errors.ts";
import type { PoolSpec } from "./cluster-spec.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** The cluster that a pool is or will be part of: its version is the default of its pools. */
export type PoolContext = { readonly version: string; readonly patchVersion: string; readonly location: string };

/** What AKS writes itself, or what `PoolSpec` names. */
const NOT_OTHER = [
  "name",
  "type",
  "count",
  "vmSize",
  "mode",
  "osType",
  "orchestratorVersion",
  "currentOrchestratorVersion",
  "provisioningState",
  "powerState",
  "nodeImageVersion",
  "eTag",
  "status",
];

const LINUX_NAME = /^[a-z][a-z0-9]{0,11}$/;
const WINDOWS_NAME = /^[a-z][a-z0-9]{0,5}$/;
const MAX_COUNT = 1000;

/**
 * Reads one pool, of a cluster's `agentPoolProfiles` or of a PUT agentPools.
 * @throws ArmError in AKS's words
 */
export function parsePool(name: string, fields: Fields, cluster: PoolContext): PoolSpec {
  const osType = String(fields["osType"] ?? "Linux").toLowerCase() === "windows" ? "Windows" : "Linux";
  const mode = String(fields["mode"] ?? "User").toLowerCase() === "system" ? "System" : "User";
  checkPoolName(name, osType);
  const vmSize = fields["vmSize"];
  if (typeof vmSize !== "string" || vmSize === "") {
    throw invalidParameter("agentPoolProfile.vmSize", "The VM size is required");
  }
  const { version, patch } = parseVersion(fields["orchestratorVersion"], cluster);
  return {
    name,
    count: parseCount(fields["count"] ?? 1, parseBounds(fields, mode)),
    vmSize,
    mode,
    osType,
    orchestratorVersion: version,
    patchVersion: patch,
    other: Object.fromEntries(Object.entries(fields).filter(([field]) => !NOT_OTHER.includes(field))),
  };
}

function checkPoolName(name: string, osType: "Linux" | "Windows"): void {
  if ((osType === "Windows" ? WINDOWS_NAME : LINUX_NAME).test(name)) return;
  const length = osType === "Windows" ? 6 : 12;
  throw invalidParameter(
    "agentPoolProfile.name",
    `Agent pool names must start with a lowercase letter, have max length of ${length}, and only have characters a-z0-9.`,
  );
}

interface Bounds {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * System pools must have a node; user pools may have none. The autoscaler's bounds lie within these, and the count of a pool
 * that it scales within them: https://learn.microsoft.com/azure/aks/cluster-autoscaler
 */
function parseBounds(fields: Fields, mode: "System" | "User"): Bounds {
  const widest: Bounds = { lowest: mode === "System" ? 1 : 0, highest: MAX_COUNT };
  if (fields["enableAutoScaling"] !== true) return widest;
  const lowest = parseCount(fields["minCount"], widest, "minCount");
  return { lowest, highest: parseCount(fields["maxCount"], { ...widest, lowest }, "maxCount") };
}

function parseCount(value: unknown, { lowest, highest }: Bounds, field = "count"): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw invalidParameter(
    `agentPoolProfile.${field}`,
    `agentPoolProfile.${field} was ${String(value)}. It must be greater or equal to minCount:${lowest} and less than or equal to maxCount:${highest}`,
  );
}

function parseVersion(value: unknown, cluster: PoolContext): { version: string; patch: string } {
  const asked = typeof value === "string" ? value : "";
  if (asked === "" || asked === cluster.version || asked === cluster.patchVersion) {
    return { version: asked || cluster.version, patch: cluster.patchVersion };
  }
  const found = resolveKubernetesVersion(cluster.location, asked);
  if (found) return { version: asked, patch: found.patch };
  throw flatError(
    400,
    "AgentPoolK8sVersionNotSupported",
    `Version ${asked} is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`,
  );
}
