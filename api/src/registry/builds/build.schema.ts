import { builder } from "../../graphql/builder.ts";
import {
  ErrorInterface,
  ForbiddenErrorType,
  ServiceUnavailableErrorType,
  notFound,
  toErrorShape,
  toSharedError,
  type ErrorShape,
} from "../../graphql/error-interface.ts";
import { encodeId, tryDecodeId } from "../../graphql/global-id.ts";
import { tryParseArmId } from "../../shared/arm-id.ts";
import { buildTarget } from "../activity-targets.schema.ts";
import { elapsedSeconds, type AcrBuild, type AcrBuildInput } from "./acr-build.ts";
import type { AcrBuildStatus } from "./acr-run.ts";
import { BuildRateLimitedErrorType, MissingRoleErrorType, toAzureRefusal } from "./azure-refusals.schema.ts";
import type { BuildLogMessage } from "./build-log.ts";
import { BuildNotFoundError, CannotCancelBuildError } from "./build.errors.ts";
import { BuildFailureType } from "./failures/build-failure.schema.ts";

export const AcrBuildStatusEnum = builder.enumType("AcrBuildStatus", {
  description: "ACR's own words. UNKNOWN while nobody knows, such as when Azure's answer to the request got lost.",
  values: {
    QUEUED: { description: "Waiting for an agent of the registry." },
    STARTED: { description: "An agent has been found and is being prepared." },
    RUNNING: { description: "Building." },
    SUCCEEDED: { description: "Final: the image is built and pushed." },
    FAILED: { description: "Final: a step of the build failed; its log says which." },
    CANCELED: { description: "Final: somebody canceled it." },
    ERROR: { description: "Final: the registry could not run it, through no fault of the build's steps." },
    TIMEOUT: { description: "Final: it took longer than it was allowed to." },
    UNKNOWN: {
      description:
        "Nobody knows yet, such as when Azure's answer to the request got lost, or Azure uses a word that is new.",
    },
  } as const satisfies Record<AcrBuildStatus, object>,
});

const BuildRequestArgType = builder.objectRef<AcrBuildInput["buildArgs"][number]>("BuildRequestArg").implement({
  description: "A build argument as it was asked for.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name." }),
    value: t.string({
      nullable: true,
      description: "Its value; null when it is secret.",
      resolve: ({ value }) => value ?? null,
    }),
    secret: t.exposeBoolean("isSecret", { description: "Its value was given to Azure and is kept nowhere." }),
  }),
});

const BuildRequestType = builder.objectRef<AcrBuildInput>("BuildRequest").implement({
  description: "What was asked to be built, to ask for the same again. Values of secret build arguments are not in it.",
  fields: (t) => ({
    gitUrl: t.exposeString("gitUrl", { description: "Git repository of the source." }),
    ref: t.string({
      nullable: true,
      description: "Branch, tag or commit; null for the default branch.",
      resolve: ({ ref }) => ref ?? null,
    }),
    contextPath: t.string({
      nullable: true,
      description: "Folder within the repository; null for its root.",
      resolve: ({ contextPath }) => contextPath ?? null,
    }),
    dockerfile: t.exposeString("dockerfile", { description: "Path of the Dockerfile." }),
    platform: t.exposeString("platform", { description: "For example linux/amd64." }),
    timeoutSeconds: t.exposeInt("timeoutSeconds", { description: "Longest time it may take." }),
    buildArgs: t.field({
      type: [BuildRequestArgType],
      description: "Build arguments.",
      resolve: ({ buildArgs }) => [...buildArgs],
    }),
  }),
});

export const AcrBuildType = builder.objectRef<AcrBuild>("AcrBuild");

builder.node(AcrBuildType, {
  description: "One ACR run that builds image:tag, whoever started it.",
  id: { resolve: (build) => build.id, description: "Opaque id." },
  isTypeOf: (value) => "isRecorded" in (value as object),
  loadOne: async (id, ctx) => (await ctx.services.builds.get(ctx.viewer, id)) ?? null,
  fields: (t) => ({
    registryId: t.id({
      description: "Registry it pushes to.",
      resolve: ({ registryArmId }) => encodeId("Registry", registryArmId),
    }),
    registryName: t.string({
      description: "Name of that registry.",
      resolve: ({ registryArmId }) => tryParseArmId(registryArmId)?.name ?? "",
    }),
    version: t.int({
      description: "Rises with every change: drop what is older than you have.",
      // Builds that were stored without one come before all that have one.
      resolve: (build) => (build as Partial<AcrBuild>).version ?? 0,
    }),
    observedAt: t.field({
      type: "DateTime",
      description: "When it was last found changed.",
      resolve: ({ observedAt }) => observedAt,
    }),
    runId: t.string({
      nullable: true,
      description: "ACR's id of the run, once it is known.",
      resolve: ({ runId }) => runId ?? null,
    }),
    image: t.exposeString("image", {
      description: "Repository it builds; the task's or run's name until Azure tells.",
    }),
    replacedBy: t.id({
      nullable: true,
      description: "Build that this run turned out to be, once its lost answer was found: drop this one for it.",
      resolve: ({ replacedBy }) => (replacedBy === undefined ? null : encodeId("AcrBuild", replacedBy)),
    }),
    withdrawn: t.boolean({
      description: "Azure has refused it, so that it never was: drop it.",
      resolve: ({ isWithdrawn }) => isWithdrawn === true,
    }),
    tag: t.exposeString("tag", { description: "Tag it pushes; empty until Azure tells." }),
    status: t.field({ type: AcrBuildStatusEnum, description: "Where it stands.", resolve: ({ status }) => status }),
    runsAheadCount: t.int({
      nullable: true,
      description:
        "Runs of the registry that wait before it; null unless it is QUEUED, and until they have been counted.",
      resolve: ({ status, runsAhead }) => (status === "QUEUED" ? (runsAhead ?? null) : null),
    }),
    startedBy: t.string({
      nullable: true,
      description: "Who started it here; null when it was started elsewhere.",
      resolve: ({ startedBy }) => startedBy ?? null,
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was asked for.",
      resolve: ({ createdAt }) => createdAt,
    }),
    queuedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When ACR queued it.",
      resolve: ({ queuedAt }) => queuedAt ?? null,
    }),
    startedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When ACR began.",
      resolve: ({ startedAt }) => startedAt ?? null,
    }),
    finishedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it ended.",
      resolve: ({ finishedAt }) => finishedAt ?? null,
    }),
    elapsedSeconds: t.int({
      description: "Whole seconds it has been queued or running, or took in all.",
      resolve: (build, _args, ctx) => elapsedSeconds(build, ctx.services.clock.now()),
    }),
    digest: t.string({
      nullable: true,
      description: "Digest of what it pushed.",
      resolve: ({ digest }) => digest ?? null,
    }),
    error: t.string({
      nullable: true,
      description: "Why it failed, ACR's own words.",
      resolve: ({ error }) => error ?? null,
    }),
    failure: t.field({
      type: BuildFailureType,
      nullable: true,
      description:
        "Why it failed and what can be done, as far as its log tells; null when Azure's words are all there is.",
      resolve: ({ failure }) => failure ?? null,
    }),
    input: t.field({
      type: BuildRequestType,
      nullable: true,
      description: "What was asked for; null when it was started elsewhere.",
      // A build that is shown with its repository comes without it.
      resolve: async (build, _args, ctx) =>
        build.input ??
        (build.startedBy === undefined ? null : ((await ctx.services.builds.get(ctx.viewer, build.id))?.input ?? null)),
    }),
  }),
});

const BuildLogType = builder.objectRef<BuildLogMessage>("BuildLogChunk").implement({
  description: "Lines of a build's log.",
  fields: (t) => ({
    buildId: t.id({ description: "Id of the build.", resolve: ({ buildId }) => encodeId("AcrBuild", buildId) }),
    firstLine: t.exposeInt("firstLine", {
      description: "Number of the first of these lines, from 1; of the next one when there is none.",
    }),
    lines: t.stringList({ description: "The lines, without line ends.", resolve: ({ lines }) => [...lines] }),
    restarted: t.exposeBoolean("restarted", { description: "Azure has replaced the log: the lines begin again at 1." }),
    complete: t.exposeBoolean("complete", { description: "No line will follow." }),
    logId: t.exposeString("logId", {
      nullable: true,
      description:
        "Opaque; another one once Azure has replaced the log. Give it back with `afterLine`. Null before the first line.",
    }),
  }),
});

builder.subscriptionField("buildLog", (t) =>
  t.field({
    type: BuildLogType,
    description:
      "The whole log of a build from its first line, or after one, then each new line once, in order. Ends after the message that is complete. \
When Azure has replaced the log that `afterLine` was counted in, it begins again at line 1 and says so.",
    args: {
      buildId: t.arg.id({ required: true, description: "Id of the build." }),
      afterLine: t.arg.int({ description: "Number of the last line that is known already." }),
      logId: t.arg.string({
        description:
          "The log that `afterLine` was counted in. Without it a log that Azure replaced before this server read it can't be told from the one before.",
      }),
    },
    extensions: { shared: true, cursor: "afterLine" },
    subscribe: async (_root, args, ctx) => {
      const id = tryDecodeId("AcrBuild", args.buildId);
      const afterLine = Math.max(0, args.afterLine ?? 0);
      const logId = args.logId ?? undefined;
      const stream = id === undefined ? undefined : await ctx.services.builds.log(ctx.viewer, id, afterLine, logId);
      if (!stream) throw notFound("build");
      return stream;
    },
    resolve: (message: BuildLogMessage) => message,
  }),
);

const CannotCancelBuildErrorType = builder.objectRef<ErrorShape>("CannotCancelBuildError").implement({
  description: "The build has ended already, or Azure has not named its run yet.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof CannotCancelBuildError,
});

const BuildNotFoundErrorType = builder.objectRef<ErrorShape>("BuildNotFoundError").implement({
  description: "There is no such build.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof BuildNotFoundError,
});

const CancelBuildSuccessType = builder.objectRef<{ readonly build: AcrBuild }>("CancelBuildSuccess").implement({
  description: "Azure was asked to cancel the run; its status follows by itself.",
  isTypeOf: (value) => "build" in (value as object),
  fields: (t) => ({ build: t.field({ type: AcrBuildType, description: "The build.", resolve: ({ build }) => build }) }),
});

const CancelBuildResult = builder.unionType("CancelBuildResult", {
  description: "What came of cancelBuild.",
  types: [
    CancelBuildSuccessType,
    BuildNotFoundErrorType,
    CannotCancelBuildErrorType,
    MissingRoleErrorType,
    BuildRateLimitedErrorType,
    ForbiddenErrorType,
    ServiceUnavailableErrorType,
  ],
});

builder.mutationField("cancelBuild", (t) =>
  t.field({
    type: CancelBuildResult,
    description: "Asks Azure to cancel a build in flight.",
    args: { buildId: t.arg.id({ required: true, description: "Id of the build." }) },
    activity: {
      action: "CANCEL_BUILD",
      target: ({ buildId }, ctx) => buildTarget(buildId, ctx),
    },
    resolve: async (_root, args, ctx) => {
      try {
        return { build: await ctx.services.builds.cancel(ctx.viewer, tryDecodeId("AcrBuild", args.buildId) ?? "") };
      } catch (error) {
        const shape =
          error instanceof BuildNotFoundError
            ? toErrorShape(error, "NOT_FOUND")
            : error instanceof CannotCancelBuildError
              ? toErrorShape(error, "CANNOT_CANCEL")
              : (toAzureRefusal(error) ?? toSharedError(error));
        if (!shape) throw error;
        return shape;
      }
    },
  }),
);
