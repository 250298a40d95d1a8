import type { ActivityTarget } from "../activity/activity.ts";
import type { GraphQLContext } from "../context.ts";
import { encodeId, tryDecodeId } from "../graphql/global-id.ts";
import { formatArmId, tryParseArmId } from "../shared/arm-id.ts";
import type { ClusterRef } from "./cluster.ts";

/** A cluster as the activity names it, whether or not there is one. */
export function clusterTarget({ subscriptionId, resourceGroup, name }: ClusterRef): ActivityTarget {
  const armId = formatArmId({
    subscriptionId,
    resourceGroup,
    type: "Microsoft.ContainerService/managedClusters",
    name,
  });
  return { id: encodeId("Cluster", armId.toLowerCase()), name };
}

/** The same by the id that a client sent. */
export function clusterTargetOf(clusterId: string, detail?: string): ActivityTarget {
  const name = tryParseArmId(tryDecodeId("Cluster", clusterId) ?? "")?.name ?? "";
  return { id: clusterId, name, ...(detail === undefined ? {} : { detail }) };
}

/** A provision, named after its cluster and found among what is done to that. @throws ForbiddenError, StoreUnavailableError */
export async function provisionTarget(provisionId: string, ctx: GraphQLContext): Promise<ActivityTarget> {
  const id = tryDecodeId("Provision", provisionId);
  const provision = id === undefined ? undefined : await ctx.services.provisions.get(ctx.viewer, id);
  if (!provision) return { id: provisionId, name: "" };
  const cluster = clusterTarget(provision.cluster);
  return { id: provisionId, name: cluster.name, withinId: cluster.id };
}
