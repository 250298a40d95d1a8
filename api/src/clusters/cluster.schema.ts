import { builder } from "../graphql/builder.ts";
import { tryDecodeId } from "../graphql/global-id.ts";
import { portalUrl } from "../shared/portal-url.ts";
import type { KnownCluster } from "./cluster-service.ts";
import { clusterStatus, type ClusterStatus } from "./cluster-status.ts";
import { NodePoolType } from "./node-pool.schema.ts";
import { isMadeBySlipway } from "./provisioning/cluster-spec.ts";

const ClusterStatusEnum = builder.enumType("ClusterStatus", {
  description: "Provisioning and power state in one word. READY is only what is both provisioned and running.",
  values: {
    READY: { description: "Provisioned and running: it can be used." },
    CREATING: { description: "Azure is making it; it can't be used yet." },
    UPDATING: { description: "Azure is changing it: an update, an upgrade or a new number of nodes." },
    STARTING: { description: "It was stopped and is being started." },
    STOPPING: { description: "Its machines are being shut down." },
    STOPPED: { description: "Provisioned, but its machines are shut down; it can be started again." },
    DELETING: { description: "Azure is deleting it." },
    DELETED: { description: "It is gone." },
    CANCELING: { description: "An operation on it is being canceled." },
    CANCELED: { description: "The last operation on it was canceled; it may be incomplete." },
    FAILED: { description: "The last operation on it failed; it may be incomplete." },
    UNKNOWN: { description: "Azure says something that Slipway doesn't know; the cluster's own states tell what." },
  } as const satisfies Record<ClusterStatus, object>,
});

export const ClusterType = builder.objectRef<KnownCluster>("Cluster");

builder.node(ClusterType, {
  description: "An AKS managed cluster, as Slipway last saw it at Azure.",
  id: { resolve: ({ cluster }) => cluster.armId.toLowerCase(), description: "Opaque id." },
  isTypeOf: (value) => "cluster" in (value as object) && "version" in (value as object),
  loadOne: async (armId, ctx) => (await ctx.services.clusters.find(ctx.viewer, armId)) ?? null,
  fields: (t) => ({
    name: t.string({ description: "Name, unique in its resource group.", resolve: ({ cluster }) => cluster.name }),
    subscriptionId: t.string({
      description: "GUID of its subscription.",
      resolve: ({ cluster }) => cluster.subscriptionId,
    }),
    resourceGroup: t.string({
      description: "Resource group it lies in.",
      resolve: ({ cluster }) => cluster.resourceGroup,
    }),
    location: t.string({
      description: "Azure location, for example westeurope.",
      resolve: ({ cluster }) => cluster.location,
    }),
    kubernetesVersion: t.string({
      description: "Version of its control plane.",
      resolve: ({ cluster }) => cluster.kubernetesVersion,
    }),
    provisioningState: t.string({
      description: "Azure's own word; `Deleted` once it is gone.",
      resolve: ({ cluster }) => cluster.provisioningState,
    }),
    powerState: t.string({
      description: "Azure's own word: Running or Stopped.",
      resolve: ({ cluster }) => cluster.powerState,
    }),
    status: t.field({
      type: ClusterStatusEnum,
      description: "Both states in one word.",
      resolve: ({ cluster }) => clusterStatus(cluster),
    }),
    version: t.exposeInt("version", {
      description: "Rises with every change of this cluster: drop what is older than you have.",
    }),
    observedAt: t.field({
      type: "DateTime",
      description: "When Slipway last saw it at Azure.",
      resolve: (known) => known.observedAt,
    }),
    portalUrl: t.string({
      description: "Its page in the Azure portal.",
      resolve: ({ cluster }) => portalUrl(cluster.armId),
    }),
    fqdn: t.string({
      nullable: true,
      description: "Host name of its API server.",
      resolve: ({ cluster }) => cluster.fqdn ?? null,
    }),
    nodeResourceGroup: t.string({
      nullable: true,
      description: "The resource group in which AKS keeps its machines; it goes with the cluster.",
      resolve: ({ cluster }) => cluster.nodeResourceGroup ?? null,
    }),
    isMadeBySlipway: t.boolean({
      description: "Whether Slipway created it, by its tags; else it was made elsewhere.",
      resolve: ({ cluster }) => isMadeBySlipway(cluster.tags),
    }),
    nodePools: t.field({
      type: [NodePoolType],
      description: "Its node pools.",
      resolve: ({ cluster }) => [...cluster.nodePools],
    }),
  }),
});

builder.queryFields((t) => ({
  cluster: t.field({
    type: ClusterType,
    nullable: true,
    description: "One cluster as last seen, also a deleted one; null when there is none with this id.",
    args: { id: t.arg.id({ required: true, description: "Id of the cluster." }) },
    resolve: async (_root, args, ctx) => {
      const armId = tryDecodeId("Cluster", args.id);
      return armId === undefined ? null : ((await ctx.services.clusters.find(ctx.viewer, armId)) ?? null);
    },
  }),
  clusters: t.field({
    type: [ClusterType],
    description:
      "All clusters that Slipway's identity may read, by name. Never asks Azure itself: a watcher does, once for everybody.",
    resolve: async (_root, _args, ctx) => [...(await ctx.services.clusters.list(ctx.viewer))],
  }),
}));

builder.subscriptionField("clusterUpdated", (t) =>
  t.field({
    type: ClusterType,
    description:
      "Each cluster now, then each change of any cluster. One that is deleted comes once more, with status DELETED.",
    extensions: { shared: true },
    subscribe: (_root, _args, ctx) => ctx.services.clusters.watch(ctx.viewer),
    resolve: (cluster) => cluster,
  }),
);
