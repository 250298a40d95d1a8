import type { Provider } from "../provider.ts";
import { aborted, cancelOutside, deleteOutside, gone, operationEnds } from "./containerservice/change-cluster.ts";
import { findClustersNamed } from "./containerservice/cluster-facts.ts";
import { clusterRoutes } from "./containerservice/cluster-routes.ts";
import { createEnds, heals, identityReady, poolEnds } from "./containerservice/create-cluster.ts";
import { AKS_NAMESPACE } from "./containerservice/managed-cluster.ts";
import { operationRoutes } from "./containerservice/operation-routes.ts";
import { poolDone, poolGone, poolRoutes } from "./containerservice/pool-routes.ts";

/** AKS: managed clusters, their node pools and operations. */
export const microsoftContainerService: Provider = {
  namespace: AKS_NAMESPACE,
  resourceTypes: [
    "managedClusters",
    "managedClusters/agentPools",
    "locations/operations",
    "locations/operationresults",
  ],
  routes: [...clusterRoutes, ...poolRoutes, ...operationRoutes],
  agenda: {
    "aks.identityReady": identityReady,
    "aks.poolEnds": poolEnds,
    "aks.createEnds": createEnds,
    "aks.heals": heals,
    "aks.operationEnds": operationEnds,
    "aks.aborted": aborted,
    "aks.gone": gone,
    "aks.poolDone": poolDone,
    "aks.poolGone": poolGone,
    "aks.canceledOutside": ({ payload }, world) => cancelOutside(world, String(payload["clusterId"])),
    "aks.deletedOutside": ({ payload }, world) => deleteOutside(world, String(payload["clusterId"])),
  },
  // What somebody else does can also happen to a cluster that stands already.
  onScenario({ subject, name, scenario }, world) {
    if (subject !== "cluster") return;
    for (const { id } of findClustersNamed(world, name)) {
      if (scenario === "canceled-outside") cancelOutside(world, id);
      if (scenario === "deleted-outside") deleteOutside(world, id);
    }
  },
};
