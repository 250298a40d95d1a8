import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { GraphQLSchema } from "graphql";
import { LOCAL_VIEWER, rightsOf, type Viewer } from "../auth/viewer.ts";
import type { GraphQLContext } from "../context.ts";
import { createSystemClock } from "../shared/clock.ts";
import { createConnectionLimits } from "./connection-limits.ts";
import { createLiveGroups, type LiveGroups } from "./live-groups/live-groups.ts";
import { createErrorMask } from "./mask-error.ts";
import { attachWebSocket } from "./websocket.ts";
import { createSlipwayYoga } from "./yoga.ts";

/** A schema of a test's own behind Slipway's whole machinery, over real sockets and without limits. */
export interface GraphQLServer {
  /** The endpoint for POST and server-sent events. */
  readonly url: string;
  /** The same over a WebSocket. */
  readonly webSocketUrl: string;
  readonly groups: LiveGroups;
  /** What the log was told, oldest first. */
  readonly logged: readonly unknown[];
  stop(): Promise<void>;
}

export async function startGraphQLServer(options: {
  readonly schema: GraphQLSchema;
  /** Who brings this `authorization`. @default the local viewer, whatever it is */
  readonly viewerOf?: (authorization: string | undefined) => Viewer;
}): Promise<GraphQLServer> {
  const { viewerOf = () => LOCAL_VIEWER } = options;
  const logged: unknown[] = [];
  const maskError = createErrorMask({
    log: { error: (fields) => void logged.push(fields) },
    onUnexpected: () => undefined,
  });
  const yoga = createSlipwayYoga({
    schema: options.schema,
    createContext: ({ viewer }) => ({ viewer }) as GraphQLContext,
    allowedOrigins: [],
    maskError,
  });
  const groups = createLiveGroups({ rightsOf: (context) => rightsOf((context as GraphQLContext).viewer), maskError });
  const server = createServer(
    (request, response) => void yoga(request, response, { viewer: viewerOf(undefined), address: "127.0.0.1" }),
  );
  const webSocket = attachWebSocket({
    server,
    yoga,
    isAllowed: () => true,
    authentication: {
      authenticate: async ({ authorization }) => ({ viewer: viewerOf(authorization), expiresAtMs: undefined }),
      onEnd: () => () => undefined,
    },
    limits: createConnectionLimits({
      settings: {
        connections: 0,
        connectionsPerAddress: 0,
        connectionsPerUser: 0,
        operationsPerConnection: 0,
        messagesPerSecond: 0,
      },
      onRefusal: () => undefined,
    }),
    groups,
    addressOf: () => "127.0.0.1",
    clock: createSystemClock(),
    onDefect: (error) => logged.push(error),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    webSocketUrl: `ws://127.0.0.1:${port}/graphql`,
    groups,
    logged,
    async stop() {
      await webSocket.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
