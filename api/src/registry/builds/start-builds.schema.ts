import { builder } from "../../graphql/builder.ts";
import {
  ErrorInterface,
  ForbiddenErrorType,
  ServiceUnavailableErrorType,
  toErrorShape,
  toSharedError,
  type ErrorShape,
} from "../../graphql/error-interface.ts";
import { encodeId, tryDecodeId } from "../../graphql/global-id.ts";
import { InvalidInputErrorType } from "../../graphql/invalid-input.ts";
import { InvalidInputError } from "../../shared/invalid-input-error.ts";
import { registryTarget } from "../activity-targets.schema.ts";
import { imageName } from "./acr-build.ts";
import { toAzureRefusal } from "./azure-refusals.schema.ts";
import type { BuildImageRequest } from "./build-input.ts";
import type { StartBuildResult } from "./build-service.ts";
import { BuildRefusedError, DuplicateBuildError } from "./build.errors.ts";
import { AcrBuildType } from "./build.schema.ts";

const BuildSourceInput = builder.inputType("BuildSourceInput", {
  description: "Where the source of a build comes from. ACR fetches it.",
  fields: (t) => ({
    gitUrl: t.string({ required: true, description: "https address of an allowed host, without credentials." }),
    ref: t.string({ description: "Branch, tag or commit; the default branch when unset." }),
    contextPath: t.string({ description: "Folder within the repository; its root when unset." }),
  }),
});

const BuildArgInput = builder.inputType("BuildArgInput", {
  description: "A build argument.",
  fields: (t) => ({
    name: t.string({ required: true, description: "Named like a variable." }),
    value: t.string({ required: true, description: "Its value; goes to Azure, and when secret nowhere else." }),
    secret: t.boolean({ description: "Never shown again, logged or stored." }),
  }),
});

const BuildImageInput = builder.inputType("BuildImageInput", {
  description: "An image to build.",
  fields: (t) => ({
    image: t.string({ required: true, description: "Repository within the registry, for example team/service." }),
    tag: t.string({ required: true, description: "Tag to push." }),
    source: t.field({ type: BuildSourceInput, required: true, description: "Where its source comes from." }),
    dockerfile: t.string({ description: "Path of the Dockerfile; Dockerfile when unset." }),
    platform: t.string({ description: "linux/amd64 when unset." }),
    buildArgs: t.field({ type: [BuildArgInput], description: "Build arguments." }),
    timeoutSeconds: t.int({ description: "300 to 28800; 3600 when unset." }),
  }),
});

const StartBuildsInput = builder.inputType("StartBuildsInput", {
  description: "Images to build in one registry.",
  fields: (t) => ({
    registryId: t.id({ required: true, description: "Id of the registry." }),
    images: t.field({ type: [BuildImageInput], required: true, description: "1 to 20 images." }),
  }),
});

builder.objectRef<ErrorShape<DuplicateBuildError>>("DuplicateBuildError").implement({
  description: "The same image:tag is being built already.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof DuplicateBuildError,
  fields: (t) => ({
    build: t.field({ type: AcrBuildType, description: "The build that runs.", resolve: ({ error }) => error.build }),
  }),
});

builder.objectRef<ErrorShape<BuildRefusedError>>("BuildRefusedError").implement({
  description: "Azure refused to start the build. Nothing was scheduled.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof BuildRefusedError,
});

const StartBuildResultType = builder.objectRef<StartBuildResult>("StartBuildResult").implement({
  description: "What came of one requested image: a build, or an error.",
  fields: (t) => ({
    image: t.exposeString("image", { description: "As requested." }),
    tag: t.exposeString("tag", { description: "As requested." }),
    build: t.field({
      type: AcrBuildType,
      nullable: true,
      description: "The build; without run id while Azure's answer is being looked for.",
      resolve: ({ build }) => build ?? null,
    }),
    error: t.field({
      type: ErrorInterface,
      nullable: true,
      description: "Why there is no build.",
      resolve: (result) => toErrorResult(result) ?? null,
    }),
  }),
});

const StartBuildsSuccessType = builder
  .objectRef<{ readonly results: readonly StartBuildResult[] }>("StartBuildsSuccess")
  .implement({
    description: "One result for each requested image, in order.",
    isTypeOf: (value) => "results" in (value as object),
    fields: (t) => ({
      results: t.field({
        type: [StartBuildResultType],
        description: "In the order of the request.",
        resolve: ({ results }) => [...results],
      }),
    }),
  });

const StartBuildsResult = builder.unionType("StartBuildsResult", {
  description: "What came of startBuilds.",
  types: [StartBuildsSuccessType, InvalidInputErrorType, ForbiddenErrorType, ServiceUnavailableErrorType],
});

builder.mutationField("startBuilds", (t) =>
  t.field({
    type: StartBuildsResult,
    description:
      "Starts a build of each image. Answers as soon as ACR has given run ids, image by image; never waits for a build.",
    args: { input: t.arg({ type: StartBuildsInput, required: true, description: "What to build." }) },
    activity: {
      action: "START_BUILDS",
      target: ({ input }) => registryTarget(input.registryId, input.images.map((image) => imageName(image)).join(", ")),
      started: ({ results }) =>
        results.map((result) => toErrorResult(result) ?? encodeId("AcrBuild", result.build?.id ?? "")),
    },
    resolve: async (_root, { input }, ctx) => {
      try {
        const results = await ctx.services.builds.start(
          ctx.viewer,
          tryDecodeId("Registry", input.registryId) ?? "",
          input.images.map(toRequest),
        );
        return { results };
      } catch (error) {
        const shape = error instanceof InvalidInputError ? toErrorShape(error, "INVALID_INPUT") : toSharedError(error);
        if (!shape) throw error;
        return shape;
      }
    },
  }),
);

function toErrorResult({ error }: StartBuildResult): ErrorShape | undefined {
  if (error instanceof DuplicateBuildError) return toErrorShape(error, "DUPLICATE_BUILD");
  if (error instanceof BuildRefusedError) return toErrorShape(error, "BUILD_REFUSED");
  return error && (toAzureRefusal(error) ?? toSharedError(error));
}

function toRequest(input: typeof BuildImageInput.$inferInput): BuildImageRequest {
  const { image, tag, source } = input;
  return {
    image,
    tag,
    source: { gitUrl: source.gitUrl, ref: source.ref ?? undefined, contextPath: source.contextPath ?? undefined },
    dockerfile: input.dockerfile ?? undefined,
    platform: input.platform ?? undefined,
    buildArgs: (input.buildArgs ?? []).map((arg) => ({
      name: arg.name,
      value: arg.value,
      isSecret: arg.secret ?? false,
    })),
    timeoutSeconds: input.timeoutSeconds ?? undefined,
  };
}
