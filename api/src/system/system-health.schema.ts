import { builder } from "../graphql/builder.ts";
import type { JobCount } from "../jobs/job-census.ts";
import type { AzureLimit, AzureRequestCount, StoreHealth, StoreState, SystemHealth, Watcher } from "./system-health.ts";

const toTime = (ms: number): string => new Date(ms).toISOString();

const StoreKindEnum = builder.enumType("StoreKind", {
  description: "Where Slipway keeps what it knows.",
  values: {
    EMBEDDED: { description: "In a database of this process." },
    TABLES: { description: "In Azure Tables, which several processes may share." },
  } as const satisfies Record<StoreHealth["kind"], object>,
});

const StoreHealthType = builder.objectRef<StoreHealth>("StoreHealth").implement({
  description: "Whether what Slipway knows can be read and written.",
  fields: (t) => ({
    kind: t.field({ type: StoreKindEnum, description: "Where it is kept.", resolve: ({ kind }) => kind }),
    problem: t.string({
      nullable: true,
      description: "Why it can't be used now; null while it can.",
      resolve: ({ problem }) => problem ?? null,
    }),
  }),
});

const JobStateEnum = builder.enumType("OpenJobState", {
  description: "What a job that has not ended waits for.",
  values: {
    WAITING: { description: "For its next look, which has a time." },
    PARKED: { description: "For somebody who asks; no timer runs." },
  } as const satisfies Record<JobCount["state"], object>,
});

const JobCountType = builder.objectRef<JobCount>("JobCount").implement({
  description: "Jobs of one kind in one state.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Kind of the job, for example provision or watch-registry." }),
    state: t.field({ type: JobStateEnum, description: "What they wait for.", resolve: ({ state }) => state }),
    count: t.exposeInt("count", { description: "How many there are." }),
    oldestAt: t.field({
      type: "DateTime",
      description: "When the oldest of them was begun.",
      resolve: ({ oldestMs }) => toTime(oldestMs),
    }),
    overdueSeconds: t.int({
      description: "Whole seconds by which the most overdue look is late; 0 when none is.",
      resolve: ({ overdueMs }) => Math.floor(overdueMs / 1000),
    }),
    failingCount: t.exposeInt("failing", { description: "Those whose last look failed by a defect of Slipway." }),
  }),
});

const WatcherKindEnum = builder.enumType("WatcherKind", {
  description: "What a watcher looks at.",
  values: {
    CLUSTERS: { description: "The clusters of a subscription." },
    REGISTRY: { description: "The builds and images of a registry." },
  } as const satisfies Record<Watcher["kind"], object>,
});

const WatcherType = builder.objectRef<Watcher>("Watcher").implement({
  description: "A job that looks at something of Azure, once for everybody who wants to know.",
  fields: (t) => ({
    kind: t.field({ type: WatcherKindEnum, description: "What it looks at.", resolve: ({ kind }) => kind }),
    name: t.exposeString("name", { description: "GUID of the subscription, or name of the registry." }),
    isResting: t.exposeBoolean("isResting", {
      description: "Whether it has stopped looking, because nobody wants to know.",
    }),
    lookedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it last got an answer; null when never.",
      resolve: ({ lookedAt }) => lookedAt ?? null,
    }),
    problem: t.string({
      nullable: true,
      description: "What stood in the way of its last look; null when nothing did.",
      resolve: ({ problem }) => problem ?? null,
    }),
  }),
});

const AzureLimitType = builder.objectRef<AzureLimit>("AzureLimit").implement({
  description: "What Azure last said is left of one of its limits on requests.",
  fields: (t) => ({
    subscriptionId: t.string({
      nullable: true,
      description: "GUID of the subscription that it holds for; null for limits of a tenant.",
      resolve: ({ subscriptionId }) => subscriptionId ?? null,
    }),
    bucket: t.exposeString("bucket", {
      description: "Azure's name for it, for example subscription-reads or Microsoft.Compute/HighCostGet3Min.",
    }),
    remainingCount: t.exposeInt("remaining", { description: "Requests that were left then." }),
    observedAt: t.field({
      type: "DateTime",
      description: "When Azure said so.",
      resolve: ({ seenAtMs }) => toTime(seenAtMs),
    }),
  }),
});

const AzureRequestCountType = builder.objectRef<AzureRequestCount>("AzureRequestCount").implement({
  description: "What this process has asked one handler of Azure for since it began.",
  fields: (t) => ({
    operation: t.exposeString("operation", {
      description: "Method and type, for example GET microsoft.containerservice/managedclusters.",
    }),
    requestCount: t.exposeInt("requests", { description: "All requests." }),
    throttledCount: t.exposeInt("throttled", { description: "Those that were answered with 429." }),
    failedCount: t.exposeInt("failed", { description: "Those that were answered with 5xx, or not at all." }),
  }),
});

const SubscriberCountType = builder
  .objectRef<SystemHealth["process"]["subscribers"][number]>("SubscriberCount")
  .implement({
    description: "Open subscriptions of one field, in this process.",
    fields: (t) => ({
      field: t.exposeString("field", { description: "Field of Subscription." }),
      count: t.exposeInt("count", { description: "How many are open." }),
    }),
  });

const SystemHealthType = builder.objectRef<SystemHealth>("SystemHealth").implement({
  description:
    "How Slipway itself is. Store, jobs and watchers are the same in all processes; the rest is of the process that was asked.",
  fields: (t) => ({
    observedAt: t.field({ type: "DateTime", description: "As of when.", resolve: ({ observedAt }) => observedAt }),
    version: t.exposeString("version", { description: "Slipway's version." }),
    startedAt: t.field({
      type: "DateTime",
      description: "When this process began.",
      resolve: ({ startedAt }) => startedAt,
    }),
    store: t.field({ type: StoreHealthType, description: "Whether the store works.", resolve: ({ store }) => store }),
    jobs: t.field({
      type: [JobCountType],
      nullable: true,
      description: "The jobs that have not ended, by kind and state; null while the store can't be read.",
      resolve: ({ jobs }) => jobs && [...jobs],
    }),
    watchers: t.field({
      type: [WatcherType],
      nullable: true,
      description: "Everything that has been watched, by kind and name; null while the store can't be read.",
      resolve: ({ watchers }) => watchers && [...watchers],
    }),
    azureLimits: t.field({
      type: [AzureLimitType],
      description: "What is left of Azure's limits, the tightest first.",
      resolve: ({ azureLimits }) => [...azureLimits],
    }),
    azureRequests: t.field({
      type: [AzureRequestCountType],
      description: "What Azure was asked for, most often first.",
      resolve: ({ process }) => [...process.azureRequests],
    }),
    connectionCount: t.int({
      description: "WebSockets and event streams that are open.",
      resolve: ({ process }) => process.connections,
    }),
    subscribers: t.field({
      type: [SubscriberCountType],
      description: "Open subscriptions, by field.",
      resolve: ({ process }) => [...process.subscribers],
    }),
  }),
});

builder.queryField("systemHealth", (t) =>
  t.field({
    type: SystemHealthType,
    description: "How Slipway itself is, for administrators.",
    resolve: (_root, _args, ctx) => ctx.services.system.read(ctx.viewer),
  }),
);

builder.subscriptionField("systemHealthUpdated", (t) =>
  t.field({
    type: SystemHealthType,
    description: "How Slipway itself is now, then every two seconds; for administrators.",
    extensions: { shared: true },
    subscribe: (_root, _args, ctx) => ctx.services.system.watch(ctx.viewer),
    resolve: (health) => health,
  }),
);

const StoreStateType = builder.objectRef<StoreState>("StoreState").implement({
  description:
    "Whether Slipway's own store can be used. While it can't, what is shown is the last known, and nothing can be begun.",
  fields: (t) => ({
    isAvailable: t.exposeBoolean("isAvailable", { description: "Whether it can be read and written." }),
    since: t.field({
      type: "DateTime",
      description: "Since when it has been so, as far as this process of Slipway knows.",
      resolve: ({ since }) => since,
    }),
  }),
});

builder.subscriptionField("storeStateUpdated", (t) =>
  t.field({
    type: StoreStateType,
    description: "Whether Slipway's own store can be used now, then each change.",
    extensions: { shared: true },
    subscribe: (_root, _args, ctx) => ctx.services.system.watchStore(ctx.viewer),
    resolve: (state) => state,
  }),
);
