import { findAzureLocation } from "../azure-locations.ts";
import type { Provider } from "../provider.ts";
import { locationOf, subscriptionOf } from "../request-scope.ts";

export type SupportPlan = "KubernetesOfficial" | "AKSLongTermSupport";

export type KubernetesMinor = {
  /** E.g. `1.35`. */
  readonly version: string;
  /** E.g. `1.35.3`, oldest first, never empty. */
  readonly patches: readonly string[];
  readonly supportPlan: readonly SupportPlan[];
  readonly isDefault: boolean;
  readonly isPreview: boolean;
};

const MINORS: readonly KubernetesMinor[] = [
  minor("1.32", [10, 11], ["AKSLongTermSupport"]),
  minor("1.33", [7, 8], ["AKSLongTermSupport"]),
  minor("1.34", [4, 6], ["KubernetesOfficial", "AKSLongTermSupport"]),
  { ...minor("1.35", [1, 3], ["KubernetesOfficial", "AKSLongTermSupport"]), isDefault: true },
  minor("1.36", [0, 1], ["KubernetesOfficial", "AKSLongTermSupport"]),
  { ...minor("1.37", [0], ["KubernetesOfficial"]), isPreview: true },
];

/** Releases reach regions one after the other: https://releases.aks.azure.com */
const NOT_YET_IN: Readonly<Record<string, readonly string[]>> = {
  germanywestcentral: ["1.37.0"],
  uksouth: ["1.37.0", "1.36.1"],
  westus: ["1.37.0", "1.36.1", "1.36.0"],
};

function minor(version: string, patches: readonly number[], supportPlan: readonly SupportPlan[]): KubernetesMinor {
  return {
    version,
    patches: patches.map((patch) => `${version}.${patch}`),
    supportPlan,
    isDefault: false,
    isPreview: false,
  };
}

/** The versions AKS offers in a location, oldest first; empty for an unknown location. */
export function kubernetesVersionsIn(location: string): readonly KubernetesMinor[] {
  const name = findAzureLocation(location)?.name;
  if (name === undefined) return [];
  const missing = NOT_YET_IN[name] ?? [];
  return MINORS.map((known) => ({
    ...known,
    patches: known.patches.filter((patch) => !missing.includes(patch)),
  })).filter(({ patches }) => patches.length > 0);
}

/**
 * The patch version AKS installs for what a caller asks: `1.35` is its newest patch, empty is the newest patch of the
 * location's default. `undefined` when the location doesn't have it.
 */
export function resolveKubernetesVersion(
  location: string,
  asked: string,
): { readonly patch: string; readonly minor: KubernetesMinor } | undefined {
  for (const known of kubernetesVersionsIn(location)) {
    const newest = known.patches.at(-1);
    if (newest === undefined) continue;
    if (asked === "" ? known.isDefault : asked === known.version) return { patch: newest, minor: known };
    if (known.patches.includes(asked)) return { patch: asked, minor: known };
  }
  return undefined;
}

/** What a cluster on this patch version may be upgraded to: later patches of its minor version and all of the next. */
export function upgradesOf(location: string, patch: string): readonly string[] {
  const offered = kubernetesVersionsIn(location);
  const index = offered.findIndex(({ patches }) => patches.includes(patch));
  const own = offered[index];
  if (own === undefined) return [];
  return [...own.patches.slice(own.patches.indexOf(patch) + 1), ...(offered[index + 1]?.patches ?? [])];
}

/** https://learn.microsoft.com/rest/api/aks/managed-clusters/list-kubernetes-versions */
export const kubernetesVersions: Provider = {
  namespace: "Microsoft.ContainerService",
  resourceTypes: ["locations/kubernetesVersions"],
  routes: [
    {
      method: "GET",
      path: "/subscriptions/{subscriptionId}/providers/Microsoft.ContainerService/locations/{location}/kubernetesVersions",
      operation: "managedClusters.listKubernetesVersions",
      handle: (request) => {
        subscriptionOf(request);
        const { name } = locationOf(request, "Microsoft.ContainerService", "locations/kubernetesVersions");
        return { status: 200, body: { values: kubernetesVersionsIn(name).map((known) => toAnswer(name, known)) } };
      },
    },
  ],
};

/** One page without `value`: AKS answers `values`, and leaves out the flags that are false. */
function toAnswer(location: string, { version, patches, supportPlan, isDefault, isPreview }: KubernetesMinor) {
  return {
    version,
    ...(isDefault && { isDefault }),
    ...(isPreview && { isPreview }),
    capabilities: { supportPlan },
    patchVersions: Object.fromEntries(patches.map((patch) => [patch, { upgrades: upgradesOf(location, patch) }])),
  };
}
