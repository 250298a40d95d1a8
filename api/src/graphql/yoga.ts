import { renderGraphiQL } from "@graphql-yoga/render-graphiql";
import type { GraphQLSchema } from "graphql";
import { createYoga, type Plugin, type YogaServerInstance } from "graphql-yoga";
import type { Viewer } from "../auth/viewer.ts";
import type { GraphQLContext } from "../context.ts";

export const GRAPHQL_PATH = "/graphql";

/** What is known of whoever asks, before anything is executed. */
export interface RequestFacts {
  readonly viewer: Viewer;
  /** Where the request came from. */
  readonly address: string;
}

export type Yoga = YogaServerInstance<RequestFacts, GraphQLContext>;

/** Yoga as Slipway runs it: one execution for POST, server-sent events and WebSocket, with the same masking and context. */
export function createSlipwayYoga(options: {
  readonly schema: GraphQLSchema;
  readonly createContext: (facts: RequestFacts) => GraphQLContext;
  readonly allowedOrigins: readonly string[];
  readonly maskError: (error: unknown) => Error;
  /** What bounds operations before they are executed. @default none */
  readonly limits?: readonly Plugin[];
  /** Whether a browser that opens the endpoint gets a page to try operations on. @default true */
  readonly hasPlayground?: boolean;
}): Yoga {
  return createYoga<RequestFacts, GraphQLContext>({
    schema: options.schema,
    context: ({ viewer, address }) => options.createContext({ viewer, address }),
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    // The page and its scripts come from the package: nothing is loaded from elsewhere.
    renderGraphiQL,
    graphiql: options.hasPlayground === false ? false : { title: "Slipway API", subscriptionsProtocol: "WS" },
    plugins: [...(options.limits ?? [])],
    cors: {
      origin: [...options.allowedOrigins],
      credentials: false,
      methods: ["GET", "POST"],
      allowedHeaders: ["content-type", "accept", "authorization"],
    },
    maskedErrors: { maskError: (error) => options.maskError(error) },
    batching: false,
    multipart: false,
    logging: false,
  });
}
