import type { Failure, ProvisionDetail, Progress } from "./provision-documents.ts";

/** What happened, in plain words, by category. The server may know more categories than this build. */
const HEADLINES: Record<string, string> = {
  CLUSTER_EXISTS: "A cluster with this name exists already",
  QUOTA: "The subscription's quota is too small",
  SKU_NOT_AVAILABLE: "A VM size can't be had in this location",
  FORBIDDEN: "Slipway is not allowed to do this",
  PERMISSIONS_INCOMPLETE: "The cluster was created, but its permissions are incomplete",
  RESOURCE_GROUP: "The resource group can't be used",
  INVALID_REQUEST: "Azure refused the request as invalid",
  CONFLICT: "Another operation runs on this cluster",
  THROTTLED: "Azure is limiting requests",
  AZURE_UNAVAILABLE: "Azure could not be reached",
  CANCELED_OUTSIDE: "The creation was canceled outside of Slipway",
  DELETED_OUTSIDE: "The cluster was deleted outside of Slipway",
  TIMED_OUT: "Azure didn't finish in time",
  CAPACITY: "Azure has no machines of this size left in this location",
  OUTBOUND_CONNECTIVITY: "The nodes can't reach what they need on the internet",
  NODES_NOT_READY: "The machines of a node pool did not become ready",
  VERSION_NOT_AVAILABLE: "The Kubernetes version can't be had in this location",
  SLIPWAY_ERROR: "Slipway itself failed",
  UNKNOWN: "The cluster could not be created",
};

export function failureHeadline(category: string): string {
  return HEADLINES[category] ?? "The cluster could not be created";
}

/** Everything a support case asks for, as text to paste. */
export function supportText(provision: ProvisionDetail, progress: Progress, failure: Failure): string {
  const lines: [string, string | null][] = [
    ["Cluster", provision.clusterName],
    ["Subscription", provision.subscriptionId],
    ["Resource group", provision.resourceGroup],
    ["Location", provision.location],
    ["Kubernetes version", provision.kubernetesVersion ?? "Azure's default"],
    [
      "Failed in",
      `step ${progress.step}/${progress.totalSteps} (${progress.label}) after ${progress.elapsedSeconds} s`,
    ],
    ["AKS state", progress.clusterState],
    ["Category", failure.category],
    ["Code", failure.code],
    ["Message", failure.message],
    ["Correlation id", failure.correlationId],
    ["Started", progress.startedAt],
    ["Last observed", progress.observedAt],
    ["Provision", provision.id],
    ...progress.nodePools.map((pool): [string, string] => [
      `Node pool ${pool.name}`,
      `${pool.provisioningState}, ${pool.count} × ${pool.vmSize}${pool.error ? `, ${pool.error.code}: ${pool.error.message}` : ""}`,
    ]),
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n");
}
