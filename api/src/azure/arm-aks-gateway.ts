import { restorePoller } from "@azure/arm-containerservice";
import type { ContainerServiceClient, ManagedCluster } from "@azure/arm-containerservice";
import type { AksGateway, ClusterSpec } from "../clusters/aks-gateway.ts";
import type { Cluster, ClusterRef } from "../clusters/cluster.ts";
import { tryParseArmId } from "../shared/arm-id.ts";
import { abortable } from "./abortable.ts";
import { toAgentPool, toAgentPoolFields, toNodePool } from "./arm-agent-pool.ts";
import type { ArmClients } from "./arm-clients.ts";
import { callAzure } from "./arm-errors.ts";
import { undefinedWhenNotFound } from "./arm-not-found.ts";
import { lookAtOperation, submitOperation } from "./arm-operation.ts";
import type { ArmPoller } from "./arm-operation.ts";

export function createArmAksGateway(clients: ArmClients): AksGateway {
  return {
    getCluster: (ref, signal) =>
      undefinedWhenNotFound(async () => {
        const found = await clients
          .aks(ref.subscriptionId)
          .managedClusters.get(ref.resourceGroup, ref.name, abortable(signal));
        return toCluster(ref.subscriptionId, found);
      }),

    listClusters: (subscriptionId, signal) =>
      callAzure(async () => {
        const clusters: Cluster[] = [];
        for await (const found of clients.aks(subscriptionId).managedClusters.list(abortable(signal))) {
          const cluster = toCluster(subscriptionId, found);
          if (cluster) clusters.push(cluster);
        }
        return clusters;
      }),

    submitCluster: (ref, spec, signal) =>
      submitOperation(() =>
        clients
          .aks(ref.subscriptionId)
          .managedClusters.createOrUpdate(ref.resourceGroup, ref.name, toManagedCluster(spec), {
            ifNoneMatch: "*",
            ...abortable(signal),
          }),
      ),

    startCluster: ({ subscriptionId, resourceGroup, name }, signal) =>
      submitOperation(() => clients.aks(subscriptionId).managedClusters.start(resourceGroup, name, abortable(signal))),

    stopCluster: ({ subscriptionId, resourceGroup, name }, signal) =>
      submitOperation(() => clients.aks(subscriptionId).managedClusters.stop(resourceGroup, name, abortable(signal))),

    deleteCluster: ({ subscriptionId, resourceGroup, name }, signal) =>
      submitOperation(() => clients.aks(subscriptionId).managedClusters.delete(resourceGroup, name, abortable(signal))),

    addNodePool: ({ subscriptionId, resourceGroup, name }, pool, signal) =>
      submitOperation(() =>
        clients.aks(subscriptionId).agentPools.createOrUpdate(resourceGroup, name, pool.name, toAgentPool(pool), {
          ifNoneMatch: "*",
          ...abortable(signal),
        }),
      ),

    async scaleNodePool({ subscriptionId, resourceGroup, name }, poolName, count, signal) {
      const { agentPools } = clients.aks(subscriptionId);
      const asRead = await callAzure(() => agentPools.get(resourceGroup, name, poolName, abortable(signal)));
      return submitOperation(() =>
        agentPools.createOrUpdate(
          resourceGroup,
          name,
          poolName,
          { ...asRead, count },
          {
            ...(asRead.eTag !== undefined && { ifMatch: asRead.eTag }),
            ...abortable(signal),
          },
        ),
      );
    },

    removeNodePool: ({ subscriptionId, resourceGroup, name }, poolName, signal) =>
      submitOperation(() =>
        clients.aks(subscriptionId).agentPools.delete(resourceGroup, name, poolName, abortable(signal)),
      ),

    async abortLatestOperation({ subscriptionId, resourceGroup, name }, signal) {
      // How it goes is seen at the cluster itself.
      await submitOperation(() =>
        clients.aks(subscriptionId).managedClusters.abortLatestOperation(resourceGroup, name, abortable(signal)),
      );
    },

    lookAtOperation: (subscriptionId, state, signal) =>
      lookAtOperation(state, (stored) => restore(clients.aks(subscriptionId), stored), signal),
  };
}

/** The client finds out from the state which operation it was; the named one is only for its types. */
function restore(client: ContainerServiceClient, state: string): ArmPoller {
  return restorePoller(client, state, client.managedClusters.createOrUpdate);
}

function toManagedCluster(spec: ClusterSpec): ManagedCluster {
  return {
    location: spec.location,
    tags: { ...spec.tags },
    identity: { type: "SystemAssigned" },
    dnsPrefix: spec.dnsPrefix,
    ...(spec.kubernetesVersion !== undefined && { kubernetesVersion: spec.kubernetesVersion }),
    agentPoolProfiles: spec.nodePools.map((pool) => ({
      ...toAgentPoolFields(pool),
      name: pool.name,
      type: "VirtualMachineScaleSets",
    })),
  };
}

/** Undefined for what has no name, which no answer should hold. */
function toCluster(subscriptionId: string, found: ManagedCluster): Cluster | undefined {
  const id = tryParseArmId(found.id ?? "");
  if (!id || found.id === undefined) return undefined;
  const ref: ClusterRef = { subscriptionId, resourceGroup: id.resourceGroup, name: found.name ?? id.name };
  return {
    ...ref,
    armId: found.id,
    location: found.location,
    kubernetesVersion: found.currentKubernetesVersion ?? found.kubernetesVersion ?? "",
    provisioningState: found.provisioningState ?? "",
    powerState: found.powerState?.code ?? "",
    nodeResourceGroup: found.nodeResourceGroup,
    fqdn: found.fqdn ?? found.privateFqdn,
    kubeletObjectId: found.identityProfile?.["kubeletidentity"]?.objectId,
    tags: found.tags ?? {},
    ...(found.systemData?.lastModifiedBy !== undefined && { lastModifiedBy: found.systemData.lastModifiedBy }),
    nodePools: (found.agentPoolProfiles ?? []).map((pool) => toNodePool(pool.name, pool)),
  };
}
