import { may } from "../auth/viewer.ts";
import { builder } from "../graphql/builder.ts";
import { ErrorCodeEnum, type ErrorCode } from "../graphql/error-interface.ts";
import { badArgument, DEFAULT_PAGE, LARGEST_PAGE, readPageArgs, toConnection } from "../graphql/page-args.ts";
import { ACTIONS, TARGET_KINDS } from "./activity-action.ts";
import type { ActivityEntry, ActivityFilter, ActivityOutcome, ActivityScope } from "./activity.ts";

const CURSOR = /^\d{1,13}$/;

const ActionEnum = builder.enumType("ActivityAction", {
  description: "What somebody asked Slipway to do: the name of the mutation. More may follow.",
  values: ACTIONS,
});

const TargetKindEnum = builder.enumType("ActivityTargetKind", {
  description: "What kind of thing somebody acted on. More may follow.",
  values: TARGET_KINDS,
});

const OutcomeEnum = builder.enumType("ActivityOutcome", {
  description: "What Slipway answered. How the thing goes on that was begun, it tells itself.",
  values: {
    ACCEPTED: { description: "It was done, or will be, whatever happens to the server." },
    REFUSED: { description: "It was not done; code and message say why." },
    UNKNOWN: { description: "Slipway ended or failed while it did this: it may have been done or not." },
  } as const satisfies Record<ActivityOutcome, object>,
});

const ScopeEnum = builder.enumType("ActivityScope", {
  description: "What part of the activity.",
  values: {
    CHANGES: { description: "What people asked Slipway to do." },
    ACCESS: { description: "Who was let in, and who was refused before anything was begun. For administrators alone." },
  } as const satisfies Record<ActivityScope, object>,
});

const ActivityTargetType = builder.objectRef<ActivityEntry>("ActivityTarget").implement({
  description: "What somebody acted on, as it was called then.",
  fields: (t) => ({
    kind: t.field({
      type: TargetKindEnum,
      description: "What kind of thing it is.",
      resolve: ({ action }) => ACTIONS[action].target,
    }),
    id: t.id({
      description: "Its id, whether or not there is such a thing; empty when the viewer might not see it.",
      resolve: ({ target }) => target.id,
    }),
    name: t.string({
      description: "Its name then; empty when nobody knew it.",
      resolve: ({ target }) => target.name,
    }),
    detail: t.string({
      nullable: true,
      description: "What exactly, when action and name don't say it all, for example 'apps to 5 nodes'.",
      resolve: ({ target }) => target.detail ?? null,
    }),
    withinId: t.id({
      nullable: true,
      description: "Id of the cluster or registry that it belongs to.",
      resolve: ({ target }) => target.withinId ?? null,
    }),
  }),
});

const ActivityEntryType = builder.objectRef<ActivityEntry>("ActivityEntry");

builder.node(ActivityEntryType, {
  description: "Who did what, when, to what, with what outcome. Written once, never changed.",
  id: { resolve: ({ sequence }) => String(sequence), description: "Opaque id." },
  isTypeOf: (value) => "viewerId" in (value as object) && "outcome" in (value as object),
  loadOne: async (id, ctx) =>
    (CURSOR.test(id) ? await ctx.services.activity.get(ctx.viewer, Number(id)) : undefined) ?? null,
  fields: (t) => ({
    sequence: t.exposeInt("sequence", {
      description: "1, 2, 3 … without a gap, in the order in which the outcomes were known.",
    }),
    at: t.field({ type: "DateTime", description: "When it was asked for.", resolve: ({ at }) => at }),
    viewerId: t.exposeString("viewerId", { description: "Whoever did it: stays the same when the name changes." }),
    viewerName: t.exposeString("viewerName", { description: "Whoever did it, for people." }),
    address: t.string({
      nullable: true,
      description: "Where the request came from; null when that is not known, and for whoever is no administrator.",
      resolve: ({ address }, _args, ctx) => (may(ctx.viewer, "access:read") ? (address ?? null) : null),
    }),
    action: t.field({ type: ActionEnum, description: "What was done.", resolve: ({ action }) => action }),
    target: t.field({ type: ActivityTargetType, description: "What it was done to.", resolve: (entry) => entry }),
    outcome: t.field({ type: OutcomeEnum, description: "What Slipway answered.", resolve: ({ outcome }) => outcome }),
    code: t.field({
      type: ErrorCodeEnum,
      nullable: true,
      description: "Why it was refused, for programs.",
      resolve: ({ code }) => (code as ErrorCode | undefined) ?? null,
    }),
    message: t.string({
      nullable: true,
      description: "Why it was refused, in part or altogether, or why the outcome is unknown; for people.",
      resolve: ({ message }) => message ?? null,
    }),
    started: t.nodeList({
      description: "The provision, builds or operation that it began, as they are now; null for what is gone.",
      ids: ({ started }) => [...started],
    }),
  }),
});

const ActivityEntryConnection = builder.connectionObject(
  {
    type: ActivityEntryType,
    name: "ActivityEntryConnection",
    description: "A page of the activity, newest first.",
    fields: (t) => ({
      newestSequence: t.int({
        description: "Sequence of the newest entry of all, whether it matches or not: where to subscribe from.",
        resolve: (page) => (page as unknown as { readonly newestSequence: number }).newestSequence,
      }),
    }),
  },
  { name: "ActivityEntryEdge", description: "An entry in a page." },
);

const ABOUT =
  "Only what was done to this thing (a cluster, registry, provision, build or operation), to its parts, or began it.";

builder.queryField("activity", (t) =>
  t.field({
    type: ActivityEntryConnection,
    description:
      "What people have done, newest first. A page may be short, even empty, where several filters match little: there is more while hasNextPage says so.",
    args: {
      action: t.arg({ type: ActionEnum, description: "Only this action." }),
      aboutId: t.arg.id({ description: ABOUT }),
      viewerId: t.arg.string({ description: "Only what this viewer did." }),
      outcome: t.arg({ type: OutcomeEnum, description: "Only what had this outcome." }),
      scope: t.arg({ type: ScopeEnum, description: "Only this part; without it all that the viewer may see." }),
      first: t.arg.int({ description: `Largest number of entries, 1 to ${LARGEST_PAGE}.`, defaultValue: DEFAULT_PAGE }),
      after: t.arg.string({ description: "Cursor of the last entry of the page before, or its endCursor." }),
    },
    resolve: async (_root, args, ctx) => {
      const { first, after } = readPageArgs(args, CURSOR);
      const page = await ctx.services.activity.list(ctx.viewer, toFilter(args), {
        limit: first,
        after: after === undefined ? undefined : Number(after),
      });
      const connection = toConnection(
        page.entries.map((node) => ({ cursor: String(node.sequence), node })),
        { hasNextPage: page.hasNextPage, after, endCursor: page.endCursor?.toString() },
      );
      return { ...connection, newestSequence: page.newestSequence };
    },
  }),
);

builder.subscriptionField("activityRecorded", (t) =>
  t.field({
    type: ActivityEntryType,
    description:
      "Every entry of the activity once, in order: those after a sequence, or from now on. Without a filter an administrator is left out none.",
    args: {
      afterSequence: t.arg.int({ description: "Sequence of the last entry that is known already; 0 for all." }),
      action: t.arg({ type: ActionEnum, description: "Only this action." }),
      aboutId: t.arg.id({ description: ABOUT }),
      viewerId: t.arg.string({ description: "Only what this viewer does." }),
      outcome: t.arg({ type: OutcomeEnum, description: "Only what had this outcome." }),
      scope: t.arg({ type: ScopeEnum, description: "Only this part; without it all that the viewer may see." }),
    },
    extensions: { shared: true, cursor: "afterSequence" },
    subscribe: async (_root, args, ctx) => {
      const afterSequence = args.afterSequence ?? undefined;
      if (afterSequence !== undefined && afterSequence < 0) throw badArgument("'afterSequence' is 0 or more.");
      return ctx.services.activity.watch(ctx.viewer, toFilter(args), afterSequence);
    },
    resolve: (entry: ActivityEntry) => entry,
  }),
);

function toFilter(args: {
  readonly action?: keyof typeof ACTIONS | null | undefined;
  readonly aboutId?: string | null | undefined;
  readonly viewerId?: string | null | undefined;
  readonly outcome?: ActivityOutcome | null | undefined;
  readonly scope?: ActivityScope | null | undefined;
}): ActivityFilter {
  return {
    action: args.action ?? undefined,
    aboutId: args.aboutId ?? undefined,
    viewerId: args.viewerId ?? undefined,
    outcome: args.outcome ?? undefined,
    scope: args.scope ?? undefined,
  };
}
