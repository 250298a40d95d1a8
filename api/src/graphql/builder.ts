import SchemaBuilder from "@pothos/core";
import RelayPlugin from "@pothos/plugin-relay";
import { isObjectType, type GraphQLSchema } from "graphql";
import type { GraphQLContext } from "../context.ts";
import "./activity-plugin.ts";
import { splitGlobalId } from "./global-id.ts";

/** The one schema builder. Types are added to it by the slices' `*.schema.ts`; `schema.ts` puts them together. */
export const builder = new SchemaBuilder<{
  Context: GraphQLContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
  };
}>({
  plugins: [RelayPlugin, "activity"],
  defaultFieldNullability: false,
  relay: {
    clientMutationId: "omit",
    cursorType: "String",
    edgesFieldOptions: { nullable: { list: false, items: false }, description: "The entries of this page, in order." },
    nodeFieldOptions: { nullable: false, description: "What the entry is about." },
    nodeTypeOptions: { description: "Anything that has an id of its own and can be asked for by it." },
    idFieldOptions: { description: "Opaque id." },
    // What is no id of ours names nothing, which is an answer and no error: ids are opaque and may come from anywhere.
    decodeGlobalID: splitGlobalId,
    nodeQueryOptions: {
      description: "Anything with an id, or null when it does not exist.",
      resolve: (_root, { id }, _context, info, resolveNode) => (isNodeId(info.schema, id) ? resolveNode(id) : null),
      args: { id: { description: "Id of the thing, as any query gives it." } },
    },
    nodesQueryOptions: {
      description: "Several things by their ids; null for each that does not exist.",
      resolve: async (_root, args, _context, info, resolveNodes) => {
        const all = [...args.ids];
        // The plugin resolves what the arguments hold by then, whatever it is given.
        args.ids = all.filter((id) => isNodeId(info.schema, id));
        const found = await resolveNodes(args.ids);
        const known = new Map(args.ids.map((id, index) => [id, found[index] ?? null]));
        return all.map((id) => known.get(id) ?? null);
      },
      args: { ids: { description: "Ids of the things, as any query gives them." } },
    },
    cursorFieldOptions: { description: "Where the entry stands in the list, for `after`." },
    pageInfoTypeOptions: { description: "Where a page stands in its list." },
    pageInfoFieldOptions: { description: "Where this page stands in its list." },
    hasNextPageFieldOptions: { description: "Whether there are entries after this page." },
    hasPreviousPageFieldOptions: { description: "Whether there are entries before this page." },
    startCursorFieldOptions: { description: "Cursor of the first entry of this page; null when it has none." },
    endCursorFieldOptions: { description: "Cursor of the last entry of this page; null when it has none." },
  },
});

builder.scalarType("DateTime", {
  description: "A point in time, ISO 8601, UTC.",
  serialize: (value) => value,
});

builder.queryType({ description: "What is there now. Whatever changes can also be subscribed to." });
builder.mutationType({
  description: "What can be asked for. Each answers with a union: its success, or an error that says what to do.",
});
builder.subscriptionType({
  description:
    "What arrives by itself: first the state now, then each change. Over WebSocket (graphql-transport-ws) or server-sent events.",
});

function isNodeId(schema: GraphQLSchema, { typename }: { readonly typename: string }): boolean {
  const type = schema.getType(typename);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === "Node");
}
