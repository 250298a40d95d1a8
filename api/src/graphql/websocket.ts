import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { GraphQLError, type ExecutionArgs } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer, type WebSocket } from "ws";
import { createFrameSink, type FrameSink } from "./live-groups/frame-sink.ts";
import { createFrameWriter } from "./live-groups/frame-writer.ts";
import type { LiveGroups } from "./live-groups/live-groups.ts";
import { requestPath } from "./request-gate.ts";
import { GRAPHQL_PATH, type Yoga } from "./yoga.ts";

const LARGEST_MESSAGE_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 12_000;
const PROTOCOL = "graphql-transport-ws";

export interface GraphQLWebSocket {
  /** Tells every client to reconnect (close code 1001, which clients retry) and takes no more. */
  stop(): Promise<void>;
}

interface YogaArgs extends ExecutionArgs {
  readonly rootValue: {
    readonly execute: (args: ExecutionArgs) => unknown;
    readonly subscribe: (args: ExecutionArgs) => unknown;
    readonly operationId: string;
    readonly sink: FrameSink;
  };
}

/**
 * graphql-transport-ws on Yoga's own parse, validate, context, execute and subscribe, so that limits, masking and the
 * viewer are the same as over HTTP. A document that does not parse or validate answers an error for its operation and
 * leaves the socket open.
 */
export function attachWebSocket(options: {
  readonly server: Server;
  readonly yoga: Yoga;
  /** Decides about the upgrade by its Origin and Host; browsers can't forge those. */
  readonly isAllowed: (request: IncomingMessage) => boolean;
  readonly groups: LiveGroups;
}): GraphQLWebSocket {
  const { server, yoga, groups } = options;
  const writer = createFrameWriter();
  const sinks = new WeakMap<WebSocket, FrameSink>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has(PROTOCOL) ? PROTOCOL : false),
  });

  function sinkOf(webSocket: WebSocket): FrameSink {
    const sink = sinks.get(webSocket);
    if (!sink) throw new Error("A connection was not upgraded here.");
    return sink;
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node takes its own listener away before an upgrade, and an error that nobody listens to ends the process.
    socket.on("error", () => socket.destroy());
    if (requestPath(request) !== GRAPHQL_PATH) return refuse(socket, "404 Not Found");
    if (!options.isAllowed(request)) return refuse(socket, "403 Forbidden");
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      sinks.set(webSocket, createFrameSink(webSocket, socket, writer));
      sockets.emit("connection", webSocket, request);
    });
  };
  server.on("upgrade", onUpgrade);

  const disposable = useServer(
    {
      execute: (args) => (args as YogaArgs).rootValue.execute(args) as never,
      subscribe: (args) => groups.subscribe({ args, ...(args as YogaArgs).rootValue }) as never,
      async onSubscribe(context, operationId, params) {
        const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
          ...context,
          req: context.extra.request,
          socket: context.extra.socket,
          params,
        });
        try {
          const document = parse(params.query);
          const errors = validate(schema, document);
          if (errors.length > 0) return errors;
          return {
            schema,
            document,
            ...(params.operationName ? { operationName: params.operationName } : {}),
            ...(params.variables ? { variableValues: params.variables } : {}),
            contextValue: await contextFactory(),
            rootValue: { execute, subscribe, operationId, sink: sinkOf(context.extra.socket) },
          };
        } catch (error) {
          // Thrown further, it would close the socket with all its operations.
          return [error instanceof GraphQLError ? error : new GraphQLError("The operation could not be prepared.")];
        }
      },
    },
    sockets,
    KEEP_ALIVE_MS,
  );

  return {
    async stop() {
      server.off("upgrade", onUpgrade);
      await disposable.dispose();
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
