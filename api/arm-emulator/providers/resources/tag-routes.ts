import { invalidRequestContent, wrappedError } from "../../arm-errors.ts";
import { ok } from "../../arm-response.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import type { Resource } from "../../resource-store.ts";

const PATH = "/{scope*}/providers/Microsoft.Resources/tags/default";

type Tags = Record<string, string>;
type Tagged = { tags?: Tags };

/** Tags of any stored resource or group: https://learn.microsoft.com/rest/api/resources/tags */
export const tagRoutes: readonly Route[] = [
  {
    method: "GET",
    path: PATH,
    operation: "tags.get",
    handle: (request, world) => answer(requireScope(request, world)),
  },
  {
    method: "PUT",
    path: PATH,
    operation: "tags.createOrUpdate",
    handle: (request, world) => write(request, world, () => parseTags(request.body)),
  },
  {
    method: "PATCH",
    path: PATH,
    operation: "tags.update",
    handle: (request, world) => write(request, world, (tags) => combine(tags, parseTags(request.body), request.body)),
  },
  {
    method: "DELETE",
    path: PATH,
    operation: "tags.delete",
    handle: (request, world) => {
      write(request, world, () => ({}));
      return { status: 200 };
    },
  },
];

function requireScope(request: ArmRequest, world: World): Resource<Tagged> {
  const scope = `/${request.params["scope"]}`;
  const resource = world.resources.get<Tagged>(scope);
  if (!resource) throw wrappedError(404, "ResourceNotFound", `The Resource '${scope}' was not found.`);
  return resource;
}

function write(request: ArmRequest, world: World, change: (tags: Tags) => Tags): ArmReply {
  const resource = requireScope(request, world);
  const tags = change(resource.body.tags ?? {});
  return answer(world.resources.put({ ...resource, body: { ...resource.body, tags } }));
}

function combine(before: Tags, asked: Tags, body: unknown): Tags {
  const operation = (body as { operation?: unknown }).operation;
  if (operation === "Replace") return asked;
  if (operation === "Merge") return { ...before, ...asked };
  if (operation === "Delete") return Object.fromEntries(Object.entries(before).filter(([name]) => !(name in asked)));
  throw invalidRequestContent("The operation must be Replace, Merge or Delete");
}

function parseTags(body: unknown): Tags {
  const tags = (body as { properties?: { tags?: unknown } } | undefined)?.properties?.tags;
  if (tags !== null && typeof tags === "object" && !Array.isArray(tags)) return tags as Tags;
  throw invalidRequestContent("The request body must have 'properties.tags'");
}

function answer({ id, body }: Resource<Tagged>): ArmReply {
  return ok({
    id: `${id}/providers/Microsoft.Resources/tags/default`,
    name: "default",
    type: "Microsoft.Resources/tags",
    properties: { tags: body.tags ?? {} },
  });
}
