import { normalizeLocation } from "../../azure-locations.ts";
import { findVmSize } from "../../compute-catalogue.ts";
import type { World } from "../../provider.ts";
import { listClusters, type ManagedCluster } from "./managed-cluster.ts";

/** What other providers need to know about clusters. */

/** vCPUs that the nodes of all running clusters take in a location, by quota family. Stopped nodes take none. */
export function coresInUse(world: World, subscriptionId: string, location: string): ReadonlyMap<string, number> {
  const cores = new Map<string, number>();
  for (const { body } of listClusters(world.resources, { subscriptionId })) {
    if (body.location !== normalizeLocation(location)) continue;
    for (const pool of body.properties.agentPoolProfiles) {
      const size = findVmSize(pool.vmSize);
      if (!size || pool.powerState.code === "Stopped") continue;
      cores.set(size.family, (cores.get(size.family) ?? 0) + size.vCpus * pool.count);
    }
  }
  return cores;
}

/**
 * What becomes of a role assignment for this principal: refused for lack of rights (`rbac-denied`), not
 * known to the directory yet (`principal-not-found-at-first`: until 25 virtual seconds after its cluster
 * was made), or allowed, which is also the answer for principals that are no kubelet identity.
 */
export function roleAssignmentFate(world: World, principalId: string): "denied" | "principalNotFound" | "allowed" {
  const cluster = listClusters(world.resources).find(
    ({ body }) => body.properties.identityProfile?.kubeletidentity.objectId === principalId.toLowerCase(),
  );
  if (!cluster) return "allowed";
  const scenario = world.scenarios.find("cluster", cluster.name);
  if (scenario === "rbac-denied") return "denied";
  if (scenario !== "principal-not-found-at-first") return "allowed";
  const { createdEndMs } = cluster.hidden;
  const isReplicated = createdEndMs !== undefined && world.now() >= createdEndMs + DIRECTORY_LAG_MS;
  return isReplicated ? "allowed" : "principalNotFound";
}

const DIRECTORY_LAG_MS = 25_000;

/** Clusters of this name in any group and subscription, without regard to case: scenarios know names only. */
export function findClustersNamed(world: World, name: string): ManagedCluster[] {
  return listClusters(world.resources).filter((cluster) => cluster.name.toLowerCase() === name.toLowerCase());
}
