import type { Cluster } from "./cluster.ts";

export const CLUSTER_STATUSES = [
  "READY",
  "CREATING",
  "UPDATING",
  "STARTING",
  "STOPPING",
  "STOPPED",
  "DELETING",
  "DELETED",
  "CANCELING",
  "CANCELED",
  "FAILED",
  "UNKNOWN",
] as const;
export type ClusterStatus = (typeof CLUSTER_STATUSES)[number];

const BY_PROVISIONING_STATE: Readonly<Record<string, ClusterStatus>> = {
  creating: "CREATING",
  updating: "UPDATING",
  upgrading: "UPDATING",
  scaling: "UPDATING",
  migrating: "UPDATING",
  starting: "STARTING",
  stopping: "STOPPING",
  deleting: "DELETING",
  deleted: "DELETED",
  canceling: "CANCELING",
  canceled: "CANCELED",
  failed: "FAILED",
};

/**
 * One word for both of Azure's. Ready is only what is provisioned and running: AKS says powerState Running from the first
 * moment of a create on.
 */
export function clusterStatus(cluster: Pick<Cluster, "provisioningState" | "powerState">): ClusterStatus {
  const provisioningState = cluster.provisioningState.toLowerCase();
  if (provisioningState !== "succeeded") return BY_PROVISIONING_STATE[provisioningState] ?? "UNKNOWN";
  switch (cluster.powerState.toLowerCase()) {
    case "running":
      return "READY";
    case "stopped":
      return "STOPPED";
    default:
      return "UNKNOWN";
  }
}
