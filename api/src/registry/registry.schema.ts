import type { GraphQLContext } from "../context.ts";
import { builder } from "../graphql/builder.ts";
import { notFound } from "../graphql/error-interface.ts";
import { encodeId, tryDecodeId } from "../graphql/global-id.ts";
import { RemedyType } from "../graphql/remedy-type.ts";
import { portalUrl } from "../shared/portal-url.ts";
import { AcrBuildType } from "./builds/build.schema.ts";
import type { RegistryHead } from "./registry-head.ts";
import type { RegistryProblem } from "./registry-problem.ts";
import type { KnownRegistry } from "./registry-service.ts";
import type { AcrTag, Registry } from "./registry.ts";
import { isPlaceholder, repositoryState, type AcrRepository, type AcrRepositoryState } from "./repository.ts";

const AcrRepositoryStateEnum = builder.enumType("AcrRepositoryState", {
  description:
    "A build in flight decides, the newest; else AVAILABLE when there are tags; else how the last build ended. DELETED is kept for a day; UNKNOWN when nothing can be said.",
  values: {
    AVAILABLE: { description: "It has images to pull, and no build is in flight." },
    QUEUED: { description: "The newest build in flight waits for an agent." },
    STARTED: { description: "The newest build in flight is being prepared." },
    RUNNING: { description: "The newest build in flight is building." },
    FAILED: { description: "It has no images, and the last build failed." },
    CANCELED: { description: "It has no images, and the last build was canceled." },
    ERROR: { description: "It has no images, and the registry could not run the last build." },
    TIMEOUT: { description: "It has no images, and the last build took longer than it was allowed to." },
    DELETED: { description: "It is gone from the registry." },
    UNKNOWN: {
      description: "Nothing can be said of it, such as before its first look or while a build's own status is unknown.",
    },
  } as const satisfies Record<AcrRepositoryState, object>,
});

const AcrTagType = builder.objectRef<AcrTag>("AcrTag").implement({
  description: "A tag of an image repository.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name." }),
    digest: t.exposeString("digest", { description: "Digest of the manifest it points to." }),
    createdAt: t.field({ type: "DateTime", description: "When it was first pushed.", resolve: (tag) => tag.createdAt }),
    sizeBytes: t.float({
      nullable: true,
      description: "Size of the image, when known.",
      resolve: (tag) => tag.sizeBytes ?? null,
    }),
  }),
});

const AcrRepositoryType = builder.objectRef<AcrRepository>("AcrRepository").implement({
  description:
    "An image repository with its newest tags and with any build in flight for it, even one that has not pushed yet.",
  fields: (t) => ({
    id: t.id({
      description: "Opaque id.",
      resolve: ({ registryArmId, name }) => encodeId("AcrRepository", `${registryArmId}#${name}`),
    }),
    name: t.exposeString("name", { description: "Name within its registry." }),
    state: t.field({
      type: AcrRepositoryStateEnum,
      description: "Tags and builds in one word.",
      resolve: repositoryState,
    }),
    placeholder: t.boolean({
      description:
        "True for a row that is no repository: of a run whose image nobody knows, named by its task or run, or of an image whose build did not come about. Without a build in flight or a last one it is gone: drop it.",
      resolve: isPlaceholder,
    }),
    version: t.exposeInt("version", { description: "Rises with every change: drop what is older than you have." }),
    observedAt: t.field({
      type: "DateTime",
      description: "When it was last found changed, or its tags were listed.",
      resolve: ({ observedAt }) => observedAt,
    }),
    tagsObservedAt: t.field({
      type: "DateTime",
      nullable: true,
      description:
        "When its tags were last found changed by a listing; null before its first. They are also as new as the registry's imagesObservedAt.",
      resolve: ({ tagsObservedAt }) => tagsObservedAt ?? null,
    }),
    tagCount: t.exposeInt("tagCount", { description: "Tags it has in all." }),
    tags: t.field({
      type: [AcrTagType],
      description: "Its newest tags, at most ten.",
      resolve: ({ tags }) => [...tags],
    }),
    activeBuilds: t.field({
      type: [AcrBuildType],
      description: "Builds in flight, newest first.",
      resolve: ({ activeBuilds }) => [...activeBuilds],
    }),
    lastBuild: t.field({
      type: AcrBuildType,
      nullable: true,
      description: "The newest build that has ended.",
      resolve: ({ lastBuild }) => lastBuild ?? null,
    }),
  }),
});

type ProblemSubject = "IMAGES" | "BUILDS";

/** A problem with what it keeps from being read, and how old what is shown of that is. */
interface ShownProblem extends RegistryProblem {
  readonly subject: ProblemSubject;
  readonly lastKnownAt: string | undefined;
}

const ProblemSubjectEnum = builder.enumType("RegistryProblemSubject", {
  description: "What of a registry can't be read.",
  values: {
    IMAGES: { description: "Its repositories and tags, which the registry itself tells (the data plane)." },
    BUILDS: { description: "Its runs, which Azure Resource Manager tells." },
  } as const satisfies Record<ProblemSubject, object>,
});

const RegistryProblemType = builder.objectRef<ShownProblem>("RegistryProblem").implement({
  description: "Why a registry can't be asked.",
  fields: (t) => ({
    subject: t.field({
      type: ProblemSubjectEnum,
      description: "What can't be read; the rest goes on.",
      resolve: ({ subject }) => subject,
    }),
    lastKnownAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "As of when that is shown; null when it has never been read.",
      resolve: ({ lastKnownAt }) => lastKnownAt ?? null,
    }),
    code: t.exposeString("code", { description: "Azure's own error code." }),
    message: t.exposeString("message", { description: "What is wrong and what to do, for people." }),
    remedies: t.field({
      type: [RemedyType],
      description: "Commands and pages that help, the likeliest first.",
      resolve: ({ remedies }) => [...(remedies ?? [])],
    }),
  }),
});

const RegistryType = builder.objectRef<Registry | KnownRegistry>("Registry");

builder.node(RegistryType, {
  description: "An Azure Container Registry.",
  id: { resolve: (value) => registryOf(value).armId, description: "Opaque id." },
  isTypeOf: (value) => "loginServer" in (value as object) || "head" in (value as object),
  loadOne: async (armId, ctx) => (await ctx.services.registries.find(ctx.viewer, armId)) ?? null,
  fields: (t) => ({
    name: t.string({ description: "Name, unique in all of Azure.", resolve: (value) => registryOf(value).name }),
    subscriptionId: t.string({
      description: "GUID of its subscription.",
      resolve: (value) => registryOf(value).subscriptionId,
    }),
    resourceGroup: t.string({
      description: "Resource group it lies in.",
      resolve: (value) => registryOf(value).resourceGroup,
    }),
    location: t.string({
      description: "Azure location, for example westeurope.",
      resolve: (value) => registryOf(value).location,
    }),
    loginServer: t.string({
      description: "Host name that images are pushed to and pulled from.",
      resolve: (value) => registryOf(value).loginServer,
    }),
    sku: t.string({ description: "Basic, Standard or Premium.", resolve: (value) => registryOf(value).sku }),
    portalUrl: t.string({
      description: "Its page in the Azure portal.",
      resolve: (value) => portalUrl(registryOf(value).armId),
    }),
    reachable: t.boolean({
      description: "False while Azure Resource Manager or the data plane refuses; what was last known stays.",
      resolve: async (value, _args, ctx) => problemOf(await headOf(value, ctx)) === null,
    }),
    problem: t.field({
      type: RegistryProblemType,
      nullable: true,
      description: "Why it is not reachable, and what to do.",
      resolve: async (value, _args, ctx) => problemOf(await headOf(value, ctx)),
    }),
    repositoryCount: t.int({
      description: "Repositories that Azure has, as far as they are known.",
      resolve: async (value, _args, ctx) => (await headOf(value, ctx)).counts?.listed ?? 0,
    }),
    builtCount: t.int({
      description: "Repositories that have images, as far as they are known.",
      resolve: async (value, _args, ctx) => (await headOf(value, ctx)).counts?.built ?? 0,
    }),
    buildingCount: t.int({
      description: "Builds in flight.",
      resolve: async (value, _args, ctx) => (await headOf(value, ctx)).counts?.building ?? 0,
    }),
    failedCount: t.int({
      description:
        "Repositories whose last build failed, with the runs of the last day that failed before anybody knew their image.",
      resolve: async (value, _args, ctx) => (await headOf(value, ctx)).counts?.failed ?? 0,
    }),
    listingComplete: t.boolean({
      description: "A listing of all repositories has gone through to the end.",
      resolve: async (value, _args, ctx) => (await headOf(value, ctx)).isListingComplete,
    }),
    snapshotVersion: t.int({
      description: "Highest version that any repository has had so far.",
      resolve: async (value, _args, ctx) => (await headOf(value, ctx)).sequence,
    }),
    observedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When Azure Resource Manager last answered about its builds.",
      resolve: async (value, _args, ctx) => (await headOf(value, ctx)).observedAt ?? null,
    }),
    imagesObservedAt: t.field({
      type: "DateTime",
      nullable: true,
      description:
        "When the last whole listing of its images began: every row is at least as new. Null before the first.",
      resolve: async (value, _args, ctx) => (await headOf(value, ctx)).imagesObservedAt ?? null,
    }),
    repositories: t.field({
      type: [AcrRepositoryType],
      description: "Every repository that is known, by name. Rows keep what was last known while Azure can't be asked.",
      resolve: async (value, _args, ctx) => [
        ...(await ctx.services.registries.repositories(ctx.viewer, registryOf(value))),
      ],
    }),
  }),
});

builder.queryFields((t) => ({
  registries: t.field({
    type: [RegistryType],
    description: "All registries that Slipway's identity may read, at most a minute old.",
    resolve: async (_root, _args, ctx) => [...(await ctx.services.registries.list(ctx.viewer))],
  }),
  registry: t.field({
    type: RegistryType,
    nullable: true,
    description: "One registry; null when there is none with this id.",
    args: { id: t.arg.id({ required: true, description: "Id of the registry." }) },
    resolve: async (_root, args, ctx) => (await findRegistry(ctx, args.id)) ?? null,
  }),
}));

builder.subscriptionFields((t) => ({
  registryUpdated: t.field({
    type: RegistryType,
    description: "How a registry is now, at once, then each change: reachable or not, how many repositories.",
    args: { registryId: t.arg.id({ required: true, description: "Id of the registry." }) },
    extensions: { shared: true },
    subscribe: async (_root, args, ctx) =>
      ctx.services.registries.watch(ctx.viewer, await requireRegistry(ctx, args.registryId)),
    resolve: (known: KnownRegistry) => known,
  }),
  acrRepositoryUpdated: t.field({
    type: AcrRepositoryType,
    description: "Each repository now, tombstones of the last day included, then each change of any.",
    args: { registryId: t.arg.id({ required: true, description: "Id of the registry." }) },
    extensions: { shared: true },
    subscribe: async (_root, args, ctx) =>
      ctx.services.registries.watchRepositories(ctx.viewer, await requireRegistry(ctx, args.registryId)),
    resolve: (repository: AcrRepository) => repository,
  }),
}));

function registryOf(value: Registry | KnownRegistry): Registry {
  return "head" in value ? value.registry : value;
}

async function headOf(value: Registry | KnownRegistry, ctx: GraphQLContext): Promise<RegistryHead> {
  return "head" in value ? value.head : ctx.services.registries.head(ctx.viewer, value);
}

function problemOf(head: RegistryHead): ShownProblem | null {
  const { armProblem, dataPlaneProblem, observedAt, imagesObservedAt } = head;
  if (dataPlaneProblem) return { ...dataPlaneProblem, subject: "IMAGES", lastKnownAt: imagesObservedAt };
  return armProblem && { ...armProblem, subject: "BUILDS", lastKnownAt: observedAt };
}

async function findRegistry(ctx: GraphQLContext, id: string): Promise<Registry | undefined> {
  const armId = tryDecodeId("Registry", id);
  return armId === undefined ? undefined : ctx.services.registries.find(ctx.viewer, armId);
}

async function requireRegistry(ctx: GraphQLContext, id: string): Promise<Registry> {
  const registry = await findRegistry(ctx, id);
  if (!registry) throw notFound("registry");
  return registry;
}
