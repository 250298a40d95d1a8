import { tryParseArmId } from "../../shared/arm-id.ts";
import { AzureError } from "../../shared/azure-error.ts";
import type { AksGateway } from "../aks-gateway.ts";
import type { ClusterSnapshotStore } from "../cluster-snapshot-store.ts";
import { clusterStatus } from "../cluster-status.ts";
import type { Cluster, ClusterRef } from "../cluster.ts";
import { checkClusterName, checkResourceGroup, checkSubscriptionId } from "../naming-rules.ts";

/** What Azure is asked before a request is answered must come within this time. */
const ASK_AZURE_LIMIT_MS = 700;

export interface FoundCluster {
  readonly ref: ClusterRef;
  /** Undefined when it was deleted. */
  readonly cluster: Cluster | undefined;
  /** Azure itself has just said so; else it is what the watcher saw last. */
  readonly isCertain: boolean;
}

/** Finds the cluster that a request is about: at Azure when it answers in time, else as it was last seen. */
export interface ClusterLookup {
  /** Undefined for what nobody knows, or what is no cluster's id. @throws AzureError when it can't be told. */
  find(clusterArmId: string): Promise<FoundCluster | undefined>;
  /** The cluster at Azure; undefined when there is none, or when Azure does not answer in time. */
  ask(ref: ClusterRef): Promise<Cluster | undefined>;
}

export function createClusterLookup(deps: {
  readonly aks: AksGateway;
  readonly snapshots: ClusterSnapshotStore;
}): ClusterLookup {
  async function atAzure(ref: ClusterRef): Promise<{ readonly cluster: Cluster | undefined } | AzureError> {
    try {
      return { cluster: await deps.aks.getCluster(ref, AbortSignal.timeout(ASK_AZURE_LIMIT_MS)) };
    } catch (error) {
      if (error instanceof AzureError) return error;
      const body = { code: "RequestTimedOut", message: "Azure did not answer in time. Try again." };
      return new AzureError({ kind: "transient", body }, { cause: error });
    }
  }

  return {
    async find(clusterArmId) {
      const ref = tryParseClusterId(clusterArmId);
      if (!ref) return undefined;
      const [answer, snapshot] = await Promise.all([atAzure(ref), deps.snapshots.find(ref)]);
      if (answer instanceof AzureError) {
        if (!snapshot) throw answer;
        const isGone = clusterStatus(snapshot.cluster) === "DELETED";
        return { ref: snapshot.cluster, cluster: isGone ? undefined : snapshot.cluster, isCertain: false };
      }
      const known = answer.cluster ?? snapshot?.cluster;
      return known && { ref: known, cluster: answer.cluster, isCertain: true };
    },
    async ask(ref) {
      const answer = await atAzure(ref);
      return answer instanceof AzureError ? undefined : answer.cluster;
    },
  };
}

/** The id becomes part of requests to Azure, so its form is checked as strictly as Azure's own. */
function tryParseClusterId(armId: string): ClusterRef | undefined {
  const id = tryParseArmId(armId);
  const isCluster =
    id?.type.toLowerCase() === "microsoft.containerservice/managedclusters" &&
    checkSubscriptionId(id.subscriptionId) === undefined &&
    checkResourceGroup(id.resourceGroup) === undefined &&
    checkClusterName(id.name) === undefined;
  return id && isCluster ? id : undefined;
}
