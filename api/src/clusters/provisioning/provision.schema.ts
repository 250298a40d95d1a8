import { builder } from "../../graphql/builder.ts";
import { notFound } from "../../graphql/error-interface.ts";
import { encodeId, tryDecodeId } from "../../graphql/global-id.ts";
import { badArgument, DEFAULT_PAGE, LARGEST_PAGE, readPageArgs, toConnection } from "../../graphql/page-args.ts";
import { portalUrl } from "../../shared/portal-url.ts";
import { FailureType } from "../failures/failure.schema.ts";
import { RequestedNodePoolType } from "../node-pool.schema.ts";
import { DurationComparisonType } from "./duration-comparison.schema.ts";
import { KEPT_SAMPLES } from "./duration-history.ts";
import { ProvisionStatusEnum } from "./provision-enums.schema.ts";
import { ProvisionProgressType, TimelineEntryType } from "./provision-progress.schema.ts";
import {
  needsAttention,
  type Amendment,
  type AmendmentKind,
  type Leftover,
  type Provision,
  type TimelineEntry,
} from "./provision.ts";

const CURSOR = /^\d{16}:[0-9a-f]{24}\.[0-9a-f-]{36}$/;

const RequestedTagType = builder
  .objectRef<{ readonly name: string; readonly value: string }>("RequestedTag")
  .implement({
    description: "A tag as it was asked for.",
    fields: (t) => ({
      name: t.exposeString("name", { description: "Its name." }),
      value: t.exposeString("value", { description: "Its value." }),
    }),
  });

const AmendmentKindEnum = builder.enumType("AmendmentKind", {
  description: "What became of a cluster after its provision had ended.",
  values: {
    CLUSTER_SUCCEEDED: { description: "Azure reports it as Succeeded after all." },
    CLUSTER_FAILED: { description: "Azure reports it as Failed after all." },
    CLUSTER_STOPPED: { description: "It was stopped." },
    CLUSTER_STARTED: { description: "It was started again." },
    CLUSTER_CHANGED: { description: "Its node pools were changed." },
    CLUSTER_DELETED: { description: "It is gone." },
    ROLES_GRANTED: { description: "The roles that were asked for are granted now." },
    ROLES_REFUSED: { description: "The roles that were asked for were refused." },
  } as const satisfies Record<AmendmentKind, object>,
});

const AmendmentType = builder.objectRef<Amendment>("Amendment").implement({
  description: "Something that became of the cluster after the provision had ended.",
  fields: (t) => ({
    at: t.field({ type: "DateTime", description: "When Slipway found it out.", resolve: ({ at }) => at }),
    kind: t.field({ type: AmendmentKindEnum, description: "What it is.", resolve: ({ kind }) => kind }),
    message: t.exposeString("message", { description: "The same for people." }),
  }),
});

const LeftoverType = builder.objectRef<Leftover>("Leftover").implement({
  description: "Something that an attempt left at Azure. It may cost money until it is deleted.",
  fields: (t) => ({
    resourceId: t.exposeString("resourceId", { description: "Its ARM id." }),
    kind: t.exposeString("kind", {
      description: "CLUSTER, NODE_RESOURCE_GROUP (goes with the cluster) or RESOURCE_GROUP.",
    }),
    portalUrl: t.string({
      description: "Its page in the Azure portal.",
      resolve: (leftover) => portalUrl(leftover.resourceId),
    }),
  }),
});

export const ProvisionType = builder.objectRef<Provision>("Provision");

builder.node(ProvisionType, {
  description: "One attempt to create one cluster: what was asked for, how it went, what came of it. Kept for good.",
  id: { resolve: (provision) => provision.id, description: "Opaque id." },
  isTypeOf: (value) => "timelineSequence" in (value as object),
  loadOne: async (id, ctx) => (await ctx.services.provisions.get(ctx.viewer, id)) ?? null,
  fields: (t) => ({
    clusterName: t.string({ description: "Name of the cluster.", resolve: ({ cluster }) => cluster.name }),
    subscriptionId: t.string({
      description: "GUID of the Azure subscription.",
      resolve: ({ cluster }) => cluster.subscriptionId,
    }),
    resourceGroup: t.string({
      description: "Resource group of the cluster.",
      resolve: ({ cluster }) => cluster.resourceGroup,
    }),
    location: t.exposeString("location", { description: "Azure location, for example westeurope." }),
    kubernetesVersion: t.string({
      nullable: true,
      description: "Version asked for; null for Azure's default.",
      resolve: (provision) => provision.kubernetesVersion ?? null,
    }),
    registryId: t.id({
      nullable: true,
      description: "Registry that the cluster may pull from.",
      resolve: ({ registryArmId }) => (registryArmId === undefined ? null : encodeId("Registry", registryArmId)),
    }),
    requestedNodePools: t.field({
      type: [RequestedNodePoolType],
      description: "Node pools as they were asked for.",
      resolve: ({ nodePoolSpecs }) => [...nodePoolSpecs],
    }),
    requestedTags: t.field({
      type: [RequestedTagType],
      description: "Tags as they were asked for.",
      resolve: ({ tags }) => Object.entries(tags).map(([name, value]) => ({ name, value })),
    }),
    status: t.field({
      type: ProvisionStatusEnum,
      description: "Where it stands as a whole.",
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
    portalUrl: t.string({
      nullable: true,
      description: "The cluster's page in the Azure portal, once it exists.",
      resolve: (provision) => provision.portalUrl ?? null,
    }),
    progress: t.field({
      type: ProvisionProgressType,
      description: "Its state in full, as the progress subscription gives it.",
      resolve: (provision) => provision,
    }),
    timeline: t.field({
      type: [TimelineEntryType],
      description: "What happened, oldest first.",
      resolve: async ({ id }, _args, ctx) => [...(await ctx.services.provisions.timeline(ctx.viewer, id))],
    }),
    durations: t.field({
      type: DurationComparisonType,
      description: "How long it takes beside earlier provisions like it.",
      args: {
        last: t.arg.int({ description: "Largest number of earlier ones, 1 to 24.", defaultValue: KEPT_SAMPLES }),
      },
      resolve: async (provision, { last }, ctx) => {
        const limit = last ?? KEPT_SAMPLES;
        if (limit < 1 || limit > KEPT_SAMPLES) throw badArgument(`'last' is 1 to ${KEPT_SAMPLES}.`);
        return { provision, similar: await ctx.services.provisions.similar(ctx.viewer, provision, limit) };
      },
    }),
    leftovers: t.field({
      type: [LeftoverType],
      description: "What a failed or canceled attempt left at Azure, as far as is known now.",
      resolve: ({ leftovers }) => [...leftovers],
    }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      description: "Why it did not succeed.",
      resolve: ({ failure }) => failure ?? null,
    }),
    isGrantingRoles: t.boolean({
      description: "Its roles are being granted again.",
      resolve: ({ grantingBy }) => grantingBy !== undefined,
    }),
    retryOf: t.field({
      type: ProvisionType,
      nullable: true,
      description: "The failed or canceled provision that this one tries again.",
      resolve: async ({ retryOf }, _args, ctx) =>
        retryOf === undefined ? null : ((await ctx.services.provisions.get(ctx.viewer, retryOf)) ?? null),
    }),
    retriedBy: t.field({
      type: ProvisionType,
      nullable: true,
      description: "The newest provision that tries this one again.",
      resolve: async ({ retriedBy }, _args, ctx) =>
        retriedBy === undefined ? null : ((await ctx.services.provisions.get(ctx.viewer, retriedBy)) ?? null),
    }),
    canceledBy: t.string({
      nullable: true,
      description: "Who asked for its end.",
      resolve: ({ canceledBy }) => canceledBy ?? null,
    }),
    amendments: t.field({
      type: [AmendmentType],
      description: "What became of the cluster since it has ended, oldest first; in the timeline as well.",
      resolve: ({ amendments }) => [...(amendments ?? [])],
    }),
    needsAttention: t.boolean({
      description:
        "It failed or was canceled, and was neither dismissed nor retried nor made moot by a later success or by the cluster's deletion.",
      resolve: needsAttention,
    }),
    dismissedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it was dismissed.",
      resolve: ({ dismissedAt }) => dismissedAt ?? null,
    }),
    dismissedBy: t.string({
      nullable: true,
      description: "Who dismissed it.",
      resolve: ({ dismissedBy }) => dismissedBy ?? null,
    }),
  }),
});

const ProvisionConnection = builder.connectionObject(
  { type: ProvisionType, name: "ProvisionConnection", description: "A page of provisions, newest first." },
  { name: "ProvisionEdge", description: "A provision in a page." },
);

builder.queryFields((t) => ({
  provision: t.field({
    type: ProvisionType,
    nullable: true,
    description: "One provision; null when there is none with this id.",
    args: { id: t.arg.id({ required: true, description: "Id of the provision." }) },
    resolve: async (_root, args, ctx) => {
      const id = tryDecodeId("Provision", args.id);
      return id === undefined ? null : ((await ctx.services.provisions.get(ctx.viewer, id)) ?? null);
    },
  }),
  provisions: t.field({
    type: ProvisionConnection,
    description: "All provisions, newest first, or those alone that ask for attention.",
    args: {
      first: t.arg.int({ description: `Largest number of entries, 1 to ${LARGEST_PAGE}.`, defaultValue: DEFAULT_PAGE }),
      after: t.arg.string({ description: "Cursor of the last entry of the page before." }),
      needsAttention: t.arg.boolean({
        description: "Only those that did not succeed and that nobody has taken care of.",
        defaultValue: false,
      }),
    },
    resolve: async (_root, args, ctx) => {
      const { first, after } = readPageArgs(args, CURSOR);
      const { provisions } = ctx.services;
      const page = args.needsAttention
        ? await provisions.listNeedingAttention(ctx.viewer, first, after)
        : await provisions.listNewest(ctx.viewer, first, after);
      const entries = page.provisions.map(({ cursor, provision }) => ({ cursor, node: provision }));
      return toConnection(entries, { hasNextPage: page.hasNextPage, after });
    },
  }),
}));

builder.subscriptionFields((t) => ({
  provisionProgress: t.field({
    type: ProvisionProgressType,
    description:
      "The state of a provision now, at once, then each change. Completes after the message with a final status.",
    args: { provisionId: t.arg.id({ required: true, description: "Id of the provision." }) },
    extensions: { shared: true },
    subscribe: async (_root, args, ctx) => {
      const id = tryDecodeId("Provision", args.provisionId);
      const stream = id === undefined ? undefined : await ctx.services.provisions.watch(ctx.viewer, id);
      if (!stream) throw notFound("provision");
      return stream;
    },
    resolve: (provision: Provision) => provision,
  }),
  provisionTimeline: t.field({
    type: TimelineEntryType,
    description:
      "What happens in a provision: every entry once, in order, from the first or after one. Completes when the provision has ended.",
    args: {
      provisionId: t.arg.id({ required: true, description: "Id of the provision." }),
      afterSequence: t.arg.int({ description: "Sequence of the last entry that is known already." }),
    },
    extensions: { shared: true, cursor: "afterSequence" },
    subscribe: async (_root, args, ctx) => {
      const after = args.afterSequence ?? 0;
      if (after < 0) throw badArgument("'afterSequence' is 0 or more.");
      const id = tryDecodeId("Provision", args.provisionId);
      const stream = id === undefined ? undefined : await ctx.services.provisions.watchTimeline(ctx.viewer, id, after);
      if (!stream) throw notFound("provision");
      return stream;
    },
    resolve: (entry: TimelineEntry) => entry,
  }),
  provisionUpdated: t.field({
    type: ProvisionType,
    description: "The provisions under way now, then every provision that starts or changes, whoever started it.",
    extensions: { shared: true },
    subscribe: (_root, _args, ctx) => ctx.services.provisions.watchAll(ctx.viewer),
    resolve: (provision: Provision) => provision,
  }),
}));
