import { renderGraphiQL } from "@graphql-yoga/render-graphiql";
import type { GraphQLSchema } from "graphql";
import { createYoga, type YogaServerInstance } from "graphql-yoga";
import type { GraphQLContext } from "../context.ts";
import { createErrorMask, type MaskErrorDeps } from "./mask-error.ts";

export const GRAPHQL_PATH = "/graphql";

export type Yoga = YogaServerInstance<object, GraphQLContext>;

/** Yoga as Slipway runs it: one execution for POST, server-sent events and WebSocket, with the same masking and context. */
export function createSlipwayYoga(options: {
  readonly schema: GraphQLSchema;
  readonly createContext: () => GraphQLContext;
  readonly allowedOrigins: readonly string[];
  readonly errors: MaskErrorDeps;
}): Yoga {
  const mask = createErrorMask(options.errors);
  return createYoga<object, GraphQLContext>({
    schema: options.schema,
    context: options.createContext,
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    // The page and its scripts come from the package: nothing is loaded from elsewhere.
    renderGraphiQL,
    graphiql: { title: "Slipway API", subscriptionsProtocol: "WS" },
    cors: {
      origin: [...options.allowedOrigins],
      credentials: false,
      methods: ["GET", "POST"],
      allowedHeaders: ["content-type", "accept"],
    },
    maskedErrors: { maskError: (error) => mask(error) },
    batching: false,
    multipart: false,
    logging: false,
  });
}
