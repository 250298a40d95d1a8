import { CALLER } from "../arm-errors.ts";
import { EMULATED_SUBSCRIPTIONS } from "../emulated-subscriptions.ts";
import type { World } from "../provider.ts";
import { putRoleAssignment } from "../providers/authorization/role-assignment.ts";
import { findRoleDefinitionByRoleName } from "../providers/authorization/role-definitions.ts";
import { putRegistry } from "../providers/containerregistry/registry.ts";
import { allocationFailure } from "../providers/containerservice/aks-errors.ts";
import { updateCluster, type ManagedCluster } from "../providers/containerservice/managed-cluster.ts";
import { plantCluster } from "../providers/containerservice/plant-cluster.ts";
import { putResourceGroup } from "../resource-groups.ts";
import { DEMO } from "./demo-names.ts";
import { seedRegistry } from "./demo-registry.ts";

const DAY_MS = 86_400_000;

/**
 * A team that has used Azure for a while: a subscription with room, with a shop in production, its stopped twin for
 * development and a lab whose GPU nodes never came; and a free trial with hardly any quota, in which nothing runs.
 */
export function seedDemo(world: World): void {
  seedResourceGroups(world);
  const production = seedClusters(world);
  const registry = putRegistry(world, {
    subscriptionId: DEMO.subscriptionId,
    ...DEMO.registry,
    location: "westeurope",
    sku: "Standard",
    tags: { team: "platform" },
    createdMs: world.now() - 210 * DAY_MS,
  });
  seedRegistry(world, registry);
  for (const { subscriptionId } of EMULATED_SUBSCRIPTIONS) {
    putRoleAssignment(world, {
      scope: { id: `/subscriptions/${subscriptionId}`, subscriptionId, resourceGroup: "" },
      name: `0c1d5c3a-1b7e-4b5f-9d0a-${subscriptionId.slice(-12)}`,
      roleDefinitionName: findRoleDefinitionByRoleName("Owner").name,
      principalId: CALLER.objectId,
      principalType: "ServicePrincipal",
    });
  }
  putRoleAssignment(world, {
    scope: { id: registry.id, subscriptionId: registry.subscriptionId, resourceGroup: registry.resourceGroup },
    name: "3e5a1f0b-7c42-4c6e-8f1d-2b9d6a0c4e77",
    roleDefinitionName: findRoleDefinitionByRoleName("AcrPull").name,
    principalId: production.hidden.kubeletIdentity.objectId,
    principalType: "ServicePrincipal",
  });
}

function seedResourceGroups(world: World): void {
  const groups: readonly [subscriptionId: string, name: string, location: string, team: string][] = [
    [DEMO.subscriptionId, DEMO.registry.resourceGroup, "westeurope", "platform"],
    [DEMO.subscriptionId, DEMO.runningCluster.resourceGroup, "westeurope", "shop"],
    [DEMO.subscriptionId, DEMO.stoppedCluster.resourceGroup, "westeurope", "shop"],
    [DEMO.subscriptionId, DEMO.failedCluster.resourceGroup, "northeurope", "data"],
    [DEMO.sandboxSubscriptionId, "experiments", "westeurope", "data"],
  ];
  for (const [subscriptionId, name, location, team] of groups) {
    putResourceGroup(world, { subscriptionId, name, location, tags: { team } });
  }
}

/** @returns the cluster in production */
function seedClusters(world: World): ManagedCluster {
  const { subscriptionId } = DEMO;
  const production = plantCluster(world, {
    subscriptionId,
    ...DEMO.runningCluster,
    location: "westeurope",
    kubernetesVersion: "1.35.1",
    tier: "Standard",
    tags: { team: "shop", environment: "production" },
    pools: [
      { name: "systempool", mode: "System", count: 3, vmSize: "Standard_D2s_v3" },
      { name: "apps", mode: "User", count: 5, vmSize: "Standard_D4s_v3" },
    ],
    createdMs: world.now() - 190 * DAY_MS,
  });
  plantCluster(world, {
    subscriptionId,
    ...DEMO.stoppedCluster,
    location: "westeurope",
    kubernetesVersion: "1.35.3",
    tags: { team: "shop", environment: "development" },
    pools: [
      { name: "systempool", mode: "System", count: 1, vmSize: "Standard_B2ms" },
      { name: "apps", mode: "User", count: 2, vmSize: "Standard_B2ms" },
    ],
    power: "Stopped",
    createdMs: world.now() - 45 * DAY_MS,
  });
  const lab = plantCluster(world, {
    subscriptionId,
    ...DEMO.failedCluster,
    location: "northeurope",
    kubernetesVersion: "1.34.6",
    tags: { team: "data", environment: "lab" },
    pools: [
      { name: "systempool", mode: "System", count: 2, vmSize: "Standard_D2s_v5", state: "Succeeded" },
      { name: "gpu", mode: "User", count: 1, vmSize: "Standard_NC4as_T4_v3" },
    ],
    state: "Failed",
    createdMs: world.now() - 2 * DAY_MS,
  });
  updateCluster(world, lab.id, (body) => {
    const status = { provisioningError: allocationFailure("Standard_NC4as_T4_v3") };
    body.properties["status"] = status;
    for (const pool of body.properties.agentPoolProfiles) if (pool.name === "gpu") pool["status"] = status;
  });
  return production;
}
