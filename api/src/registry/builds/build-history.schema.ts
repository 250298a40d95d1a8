import { builder } from "../../graphql/builder.ts";
import { notFound } from "../../graphql/error-interface.ts";
import { tryDecodeId } from "../../graphql/global-id.ts";
import { DEFAULT_PAGE, LARGEST_PAGE, readPageArgs, toConnection } from "../../graphql/page-args.ts";
import { AcrBuildStatusEnum, AcrBuildType } from "./build.schema.ts";

const BUILD_CURSOR = /^\d{16}:[\w.-]{1,100}$/;

const AcrBuildConnection = builder.connectionObject(
  { type: AcrBuildType, name: "AcrBuildConnection", description: "A page of builds, newest first." },
  { name: "AcrBuildEdge", description: "A build in a page." },
);

builder.queryField("builds", (t) =>
  t.field({
    type: AcrBuildConnection,
    description:
      "Builds of a registry that Slipway knows of, newest first. A page may be short, even empty, where a filter matches little: there is more while hasNextPage says so.",
    args: {
      registryId: t.arg.id({ required: true, description: "Id of the registry." }),
      image: t.arg.string({ description: "Only builds of this repository, by its whole name." }),
      statuses: t.arg({
        type: [AcrBuildStatusEnum],
        description: "Only builds that stand so. Without any, all.",
      }),
      first: t.arg.int({ description: `Largest number of entries, 1 to ${LARGEST_PAGE}.`, defaultValue: DEFAULT_PAGE }),
      after: t.arg.string({ description: "Cursor of the last entry of the page before, or its endCursor." }),
    },
    resolve: async (_root, args, ctx) => {
      const { first, after } = readPageArgs(args, BUILD_CURSOR);
      const { image, statuses } = args;
      const page = await ctx.services.builds.list(
        ctx.viewer,
        tryDecodeId("Registry", args.registryId) ?? "",
        {
          ...(typeof image === "string" && image !== "" ? { image } : {}),
          ...(statuses && statuses.length > 0 ? { statuses } : {}),
        },
        { limit: first, after },
      );
      if (!page) throw notFound("registry");
      const { builds, hasNextPage, endCursor } = page;
      return toConnection(
        builds.map(({ cursor, build }) => ({ cursor, node: build })),
        { hasNextPage, after, endCursor },
      );
    },
  }),
);
