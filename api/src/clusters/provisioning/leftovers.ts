import { formatArmId } from "../../shared/arm-id.ts";
import type { ClusterRef } from "../cluster.ts";
import type { Leftover } from "./provision.ts";

/** What of an attempt is known to be at Azure. */
export interface LeftAtAzure {
  readonly isClusterLeft: boolean;
  /** The group that AKS made for the nodes; it goes with the cluster. */
  readonly nodeResourceGroup: string | undefined;
  readonly isGroupOurs: boolean;
}

/** In the order in which one would delete them. */
export function leftoversOf(
  { subscriptionId, resourceGroup, name }: ClusterRef,
  left: LeftAtAzure,
): readonly Leftover[] {
  const type = "Microsoft.ContainerService/managedClusters";
  const groupId = (group: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const leftovers: Leftover[] = [];
  if (left.isClusterLeft) {
    leftovers.push({ kind: "CLUSTER", resourceId: formatArmId({ subscriptionId, resourceGroup, type, name }) });
    if (left.nodeResourceGroup !== undefined)
      leftovers.push({ kind: "NODE_RESOURCE_GROUP", resourceId: groupId(left.nodeResourceGroup) });
  }
  if (left.isGroupOurs) leftovers.push({ kind: "RESOURCE_GROUP", resourceId: groupId(resourceGroup) });
  return leftovers;
}
