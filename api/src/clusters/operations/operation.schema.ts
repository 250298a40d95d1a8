import { builder } from "../../graphql/builder.ts";
import { notFound } from "../../graphql/error-interface.ts";
import { encodeId, tryDecodeId } from "../../graphql/global-id.ts";
import { DEFAULT_PAGE, LARGEST_PAGE, readPageArgs, toConnection } from "../../graphql/page-args.ts";
import { formatArmId } from "../../shared/arm-id.ts";
import { ClusterType } from "../cluster.schema.ts";
import { ProvisionType } from "../provisioning/provision.schema.ts";
import type { ClusterOperation } from "./cluster-operation.ts";
import {
  GroupOutcomeType,
  OperationEventType,
  OperationKindEnum,
  OperationStatusEnum,
} from "./operation-facts.schema.ts";
import { ClusterOperationProgressType } from "./operation-progress.schema.ts";

const CURSOR = /^\d{16}-[0-9a-f-]{36}$/;
/** Attempts to create one cluster are few; older ones are in the list of all provisions. */
const MOST_PROVISIONS = 20;

export const ClusterOperationType = builder.objectRef<ClusterOperation>("ClusterOperation");

builder.node(ClusterOperationType, {
  description: "Something that is done to a cluster that stands: who asked for what, how it goes, what came of it.",
  id: { resolve: (operation) => operation.id, description: "Opaque id." },
  isTypeOf: (value) => "target" in (value as object) && "events" in (value as object),
  loadOne: async (id, ctx) => (await ctx.services.operations.get(ctx.viewer, id)) ?? null,
  fields: (t) => ({
    kind: t.field({ type: OperationKindEnum, description: "What is done.", resolve: ({ target }) => target.kind }),
    clusterId: t.id({
      description: "Id of the cluster.",
      resolve: ({ cluster }) =>
        encodeId(
          "Cluster",
          formatArmId({ ...cluster, type: "Microsoft.ContainerService/managedClusters" }).toLowerCase(),
        ),
    }),
    clusterName: t.string({ description: "Name of the cluster.", resolve: ({ cluster }) => cluster.name }),
    resourceGroup: t.string({
      description: "Resource group of the cluster.",
      resolve: ({ cluster }) => cluster.resourceGroup,
    }),
    subscriptionId: t.string({
      description: "GUID of its subscription.",
      resolve: ({ cluster }) => cluster.subscriptionId,
    }),
    poolName: t.string({
      nullable: true,
      description: "The node pool that it is about.",
      resolve: ({ target }) =>
        target.kind === "ADD_NODE_POOL" ? target.pool.name : "poolName" in target ? target.poolName : null,
    }),
    nodeCount: t.int({
      nullable: true,
      description: "Nodes that the pool is to have.",
      resolve: ({ target }) =>
        target.kind === "ADD_NODE_POOL" ? target.pool.count : target.kind === "SCALE" ? target.count : null,
    }),
    provisionId: t.id({
      nullable: true,
      description: "The provision whose leftovers are cleaned up.",
      resolve: ({ target }) => (target.kind === "CLEAN_UP" ? encodeId("Provision", target.provisionId) : null),
    }),
    status: t.field({
      type: OperationStatusEnum,
      description: "Where it stands.",
      resolve: ({ status }) => status,
    }),
    startedBy: t.exposeString("startedBy", { description: "Who asked for it." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was asked for.",
      resolve: ({ createdAt }) => createdAt,
    }),
    finishedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it ended.",
      resolve: ({ finishedAt }) => finishedAt ?? null,
    }),
    progress: t.field({
      type: ClusterOperationProgressType,
      description: "Its state in full, as the progress subscription gives it.",
      resolve: (operation) => operation,
    }),
    events: t.field({
      type: [OperationEventType],
      description: "What happened, oldest first.",
      resolve: ({ events }) => [...events],
    }),
    resourceGroupOutcome: t.field({
      type: GroupOutcomeType,
      nullable: true,
      description: "What became of the resource group of a deleted cluster.",
      resolve: ({ group }) => group ?? null,
    }),
  }),
});

const ClusterOperationConnection = builder.connectionObject(
  {
    type: ClusterOperationType,
    name: "ClusterOperationConnection",
    description: "A page of operations, newest first.",
  },
  { name: "ClusterOperationEdge", description: "An operation in a page." },
);

builder.objectFields(ClusterType, (t) => ({
  currentOperation: t.field({
    type: ClusterOperationType,
    nullable: true,
    description: "What is being done to it now; null when nothing is that Slipway knows of.",
    resolve: async ({ cluster }, _args, ctx) => (await ctx.services.operations.current(ctx.viewer, cluster)) ?? null,
  }),
  operations: t.field({
    type: ClusterOperationConnection,
    description: "All that was done to it with Slipway, newest first.",
    args: {
      first: t.arg.int({ description: `Largest number of entries, 1 to ${LARGEST_PAGE}.`, defaultValue: DEFAULT_PAGE }),
      after: t.arg.string({ description: "Cursor of the last entry of the page before." }),
    },
    resolve: async ({ cluster }, args, ctx) => {
      const { first, after } = readPageArgs(args, CURSOR);
      const page = await ctx.services.operations.listOfCluster(ctx.viewer, cluster, first, after);
      const entries = page.operations.map(({ cursor, operation }) => ({ cursor, node: operation }));
      return toConnection(entries, { hasNextPage: page.hasNextPage, after });
    },
  }),
  provisions: t.field({
    type: [ProvisionType],
    description: `The newest attempts to create it, at most ${MOST_PROVISIONS}.`,
    resolve: async ({ cluster }, _args, ctx) => [
      ...(await ctx.services.provisions.listOfCluster(ctx.viewer, cluster, MOST_PROVISIONS)),
    ],
  }),
}));

builder.queryField("clusterOperation", (t) =>
  t.field({
    type: ClusterOperationType,
    nullable: true,
    description: "One operation; null when there is none with this id.",
    args: { id: t.arg.id({ required: true, description: "Id of the operation." }) },
    resolve: async (_root, args, ctx) => {
      const id = tryDecodeId("ClusterOperation", args.id);
      return id === undefined ? null : ((await ctx.services.operations.get(ctx.viewer, id)) ?? null);
    },
  }),
);

builder.subscriptionFields((t) => ({
  clusterOperationProgress: t.field({
    type: ClusterOperationProgressType,
    description:
      "The state of an operation now, at once, then each change. Completes after the message with a final status.",
    args: { operationId: t.arg.id({ required: true, description: "Id of the operation." }) },
    extensions: { shared: true },
    subscribe: async (_root, args, ctx) => {
      const id = tryDecodeId("ClusterOperation", args.operationId);
      const stream = id === undefined ? undefined : await ctx.services.operations.watch(ctx.viewer, id);
      if (!stream) throw notFound("operation");
      return stream;
    },
    resolve: (operation: ClusterOperation) => operation,
  }),
  clusterOperationUpdated: t.field({
    type: ClusterOperationType,
    description: "The operations under way now, then every one that begins or changes, on whatever cluster.",
    extensions: { shared: true },
    subscribe: (_root, _args, ctx) => ctx.services.operations.watchAll(ctx.viewer),
    resolve: (operation: ClusterOperation) => operation,
  }),
}));
