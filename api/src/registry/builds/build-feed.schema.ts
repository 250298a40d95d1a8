import { builder } from "../../graphql/builder.ts";
import { notFound } from "../../graphql/error-interface.ts";
import { tryDecodeId } from "../../graphql/global-id.ts";
import type { AcrBuild } from "./acr-build.ts";
import { AcrBuildType } from "./build.schema.ts";

builder.queryField("buildsInFlight", (t) =>
  t.field({
    type: [AcrBuildType],
    description: "The builds in flight of every registry that Slipway has seen, newest first, whoever started them.",
    resolve: async (_root, _args, ctx) => [...(await ctx.services.buildFeed.inFlight(ctx.viewer))],
  }),
);

builder.subscriptionFields((t) => ({
  buildUpdated: t.field({
    type: AcrBuildType,
    description:
      "Any build of any registry that starts or changes, for lists and dashboards; those in flight come first. Watching counts as looking at the runs of every registry that Slipway has seen.",
    args: { registryId: t.arg.id({ description: "Only builds of this registry." }) },
    extensions: { shared: true },
    subscribe: async (_root, { registryId }, ctx) => {
      if (typeof registryId !== "string") return ctx.services.buildFeed.watchAll(ctx.viewer);
      const stream = await ctx.services.buildFeed.watchRegistry(ctx.viewer, tryDecodeId("Registry", registryId) ?? "");
      if (!stream) throw notFound("registry");
      return stream;
    },
    resolve: (build: AcrBuild) => build,
  }),
  buildProgress: t.field({
    type: AcrBuildType,
    description: "One build: as it is now, at once, then each change. Completes after the message with its outcome.",
    args: { buildId: t.arg.id({ required: true, description: "Id of the build." }) },
    extensions: { shared: true },
    subscribe: async (_root, { buildId }, ctx) => {
      const id = tryDecodeId("AcrBuild", buildId);
      const stream = id === undefined ? undefined : await ctx.services.buildFeed.watch(ctx.viewer, id);
      if (!stream) throw notFound("build");
      return stream;
    },
    resolve: (build: AcrBuild) => build,
  }),
}));
