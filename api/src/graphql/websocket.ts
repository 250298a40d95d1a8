import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { GraphQLError, type ExecutionArgs } from "graphql";
import { makeServer } from "graphql-ws";
import { WebSocketServer, type WebSocket } from "ws";
import type { Authentication, SignedIn } from "../auth/authentication.ts";
import type { Clock } from "../shared/clock.ts";
import { isLimitMet, type ConnectionLimits, type LimitMet } from "./connection-limits.ts";
import type { KnownDocuments } from "./known-documents.ts";
import type { FrameSink } from "./live-groups/frame-sink.ts";
import { createFrameWriter } from "./live-groups/frame-writer.ts";
import type { LiveGroups } from "./live-groups/live-groups.ts";
import type { RefusalSink } from "./refusal-record.ts";
import { requestPath } from "./request-gate.ts";
import { countSubscriber, type SubscriberSink } from "./subscriber-count.ts";
import { admit, TRY_AGAIN_LATER } from "./websocket-admission.ts";
import { connectWebSocket, type ConnectionExtra } from "./websocket-connection.ts";
import { createWebSocketHeartbeat } from "./websocket-heartbeat.ts";
import { GRAPHQL_PATH, type Yoga } from "./yoga.ts";

const LARGEST_MESSAGE_BYTES = 64 * 1024;
const HEARTBEAT_MS = 12_000;
const PROTOCOL = "graphql-transport-ws";
/** Clients of graphql-ws come back after it; most other codes below 3000 end their tries. */
const GOING_AWAY = 1001;
/** So long may a client take to say goodbye at a shutdown. */
const GOODBYE_MS = 2_000;
const RETRY_AFTER_S = 5;

export interface GraphQLWebSocket {
  /** Tells every client to reconnect (close code 1001, which clients retry), takes no more, and ends those that don't answer. */
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
  readonly authentication: Authentication;
  readonly limits: ConnectionLimits;
  /** What may be asked for by a hash, and who may ask for other documents. @default any document, by anybody */
  readonly documents?: Pick<KnownDocuments, "textOf">;
  readonly addressOf: (request: IncomingMessage) => string;
  /** Told of whom a limit stood against. */
  readonly onRefused?: RefusalSink;
  readonly groups: LiveGroups;
  readonly onSubscriber?: SubscriberSink;
  readonly clock: Clock;
  /** Told of what is wrong with Slipway itself. */
  readonly onDefect: (error: unknown) => void;
}): GraphQLWebSocket {
  const { server, yoga, authentication, limits, groups, clock } = options;
  const refused = ({ signedIn, address }: ConnectionExtra, message: string): void => {
    if (signedIn) options.onRefused?.({ viewer: signedIn.viewer, address, action: "ASK", code: "LIMIT_MET", message });
  };
  const writer = createFrameWriter();
  const heartbeat = createWebSocketHeartbeat(clock, HEARTBEAT_MS);
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
    const address = options.addressOf(request);
    const held = limits.openConnection(address);
    if (isLimitMet(held)) return refuse(socket, "503 Service Unavailable", held);
    // Also when the handshake fails: the connection ends in any case.
    socket.on("close", held);
    // No closure that lives as long as the connection holds the request.
    const { authorization, cookie } = request.headers;
    const headers = { authorization, cookie };
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      sinks.set(webSocket, { webSocket, socket, writer });
      onConnection({ socket: webSocket, headers, address });
    });
  };

  const onConnection = (extra: ConnectionExtra): void => {
    heartbeat.watch(extra.socket);
    const meter = limits.meterMessages();
    connectWebSocket(graphql, extra, options.onDefect, () => {
      const message = meter(clock.monotonicMs())?.message;
      if (message !== undefined) refused(extra, message);
      return message;
    });
  };

  const graphql = makeServer<Readonly<Record<string, unknown>>, ConnectionExtra>({
    execute: (args) => (args as YogaArgs).rootValue.execute(args) as never,
    subscribe: async (args) => {
      const result = await groups.subscribe({ args, ...(args as YogaArgs).rootValue });
      return countSubscriber(args, result, options.onSubscriber ?? (() => undefined)) as never;
    },
    async onConnect({ connectionParams, extra }) {
      const signedIn = await admit(authentication, extra, connectionParams);
      extra.headers = undefined;
      if (!signedIn) return false;
      const { socket } = extra;
      const held = limits.openForUser(signedIn.viewer.id);
      if (isLimitMet(held)) {
        refused({ ...extra, signedIn }, held.message);
        socket.close(TRY_AGAIN_LATER, held.message);
        return false;
      }
      socket.on("close", held);
      extra.signedIn = signedIn;
      return true;
    },
    async onSubscribe(context, operationId, params) {
      // The operation that is asked for is in it already.
      const refusal = limits.refuseOperation(Object.keys(context.subscriptions).length - 1);
      if (refusal) {
        refused(context.extra, refusal.message);
        return [refusal];
      }
      const { viewer } = signedInOf(context.extra);
      const { address } = context.extra;
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        viewer,
        address,
        params,
      });
      try {
        const document = parse(options.documents?.textOf(params, viewer) ?? params.query);
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
  });
  server.on("upgrade", onUpgrade);

  return {
    async stop() {
      server.off("upgrade", onUpgrade);
      heartbeat.stop();
      const { clients } = sockets;
      const allGone = Promise.all(
        [...clients].map((client) => new Promise((resolve) => client.once("close", resolve))),
      );
      for (const client of clients) client.close(GOING_AWAY, "Slipway restarts");
      const stopWaiting = clock.schedule(GOODBYE_MS, () => {
        for (const client of clients) client.terminate();
      });
      await allGone;
      stopWaiting();
      sockets.close();
    },
  };
}

function signedInOf({ signedIn }: ConnectionExtra): SignedIn {
  if (!signedIn) throw new Error("An operation came over a connection that nobody has been let in by.");
  return signedIn;
}

/** Answers an upgrade that is not made. Scripts can read the body; a browser's page learns only that it failed. */
function refuse(socket: Duplex, status: string, limit?: LimitMet): void {
  const body = limit
    ? JSON.stringify({ errors: [{ message: limit.message, extensions: { code: limit.code, limit: limit.limit } }] })
    : "";
  const headers = [
    "Connection: close",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(limit ? ["Content-Type: application/json", `Retry-After: ${RETRY_AFTER_S}`] : []),
  ];
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join("\r\n")}\r\n\r\n${body}`);
}
