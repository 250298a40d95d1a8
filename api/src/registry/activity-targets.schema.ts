import type { ActivityTarget } from "../activity/activity.ts";
import type { GraphQLContext } from "../context.ts";
import { encodeId, tryDecodeId } from "../graphql/global-id.ts";
import { tryParseArmId } from "../shared/arm-id.ts";
import { imageName } from "./builds/acr-build.ts";

/** A registry as the activity names it, by the id that a client sent. */
export function registryTarget(registryId: string, detail: string): ActivityTarget {
  return { id: registryId, name: tryParseArmId(tryDecodeId("Registry", registryId) ?? "")?.name ?? "", detail };
}

/** A build, named after its image and found among what is done to its registry. @throws ForbiddenError, StoreUnavailableError */
export async function buildTarget(buildId: string, ctx: GraphQLContext): Promise<ActivityTarget> {
  const id = tryDecodeId("AcrBuild", buildId);
  const build = id === undefined ? undefined : await ctx.services.builds.get(ctx.viewer, id);
  if (!build) return { id: buildId, name: "" };
  return { id: buildId, name: imageName(build), withinId: encodeId("Registry", build.registryArmId) };
}
