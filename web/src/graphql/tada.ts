import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./graphql-env.d.ts";

/**
 * Parses a GraphQL document and gives it the types of `schema.graphql`. After a change of the schema run `pnpm schema`.
 *
 * Fragments are not masked: the pages share a few small fragments, and reducers need to read the fields they merge.
 */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { DateTime: string; ID: string };
}>();

export type { ResultOf, VariablesOf } from "gql.tada";
