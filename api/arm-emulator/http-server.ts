import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { wrappedError } from "./arm-errors.ts";
import type { ControlPlane } from "./control.ts";
import type { Exchange, IncomingArmRequest } from "./exchange.ts";
import type { ArmReply } from "./provider.ts";

/** ARM refuses larger request bodies. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The HTTP side: reads a request, hands it to the control plane or to Azure, writes or loses the reply. */
export function createHttpServer(parts: {
  exchange: Exchange;
  control: ControlPlane;
  speed: () => number;
  /** Virtual milliseconds. */
  now: () => number;
  /** Called once a request is answered, for what its effect sets off outside. */
  afterReply: () => void;
}): Server {
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      // A caller that went away in the middle of its request has asked for nothing.
      if (!incoming.complete) return;
      // A defect of the emulator, never Azure's behaviour: say so on the console and to the caller.
      console.error(`arm-emulator: ${incoming.method} ${incoming.url} failed:`, error);
      const message = `The emulator failed: ${error instanceof Error ? error.message : String(error)}`;
      send(response, wrappedError(500, "EmulatorError", message).reply);
    });
  });
  // A client that reuses a connection must not meet one that is being closed: only faults drop connections.
  server.keepAliveTimeout = 0;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    // Azure Storage takes whole archives; only their length is of interest here.
    if (body.bytes > MAX_BODY_BYTES && incoming.headers["x-ms-blob-type"] === undefined) {
      send(
        response,
        wrappedError(413, "RequestContentTooLarge", "The request content size exceeds the maximum size of 4 MB.").reply,
      );
      return;
    }
    const request = toRequest(incoming, body);
    if (request.path.startsWith("/_emulator/")) {
      send(response, parts.control.answer(request, incoming.socket.remoteAddress ?? ""));
      parts.afterReply();
      return;
    }
    const fault = parts.exchange.takeFault(request);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    if (!server.listening) return;
    const answer = parts.exchange.answer(request, fault);
    if (answer === "connection dropped") incoming.socket.destroy();
    else send(response, answer);
    parts.afterReply();
  }

  function send(response: ServerResponse, reply: ArmReply): void {
    if (response.headersSent || response.destroyed) return;
    const json = reply.content === undefined && reply.body !== undefined;
    const payload = json ? JSON.stringify(reply.body) : (reply.content ?? "");
    response.writeHead(reply.status, {
      ...(json && { "content-type": "application/json; charset=utf-8" }),
      ...(reply.status !== 204 && { "content-length": Buffer.byteLength(payload) }),
      ...reply.headers,
      "x-emulator-speed": String(parts.speed()),
      "x-emulator-now": String(parts.now()),
    });
    response.end(payload);
  }

  return server;
}

/** The body as text and its whole length; what exceeds the limit is not in the text. */
async function readBody(incoming: IncomingMessage): Promise<{ text: string; bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString("utf8"), bytes };
}

function toRequest(incoming: IncomingMessage, body: { text: string; bytes: number }): IncomingArmRequest {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  // Some SDKs send `//subscriptions/…`, which would be a host to `new URL(url, base)`.
  const url = new URL(`http://emulator${incoming.url ?? "/"}`);
  const meantHost = headers["x-emu-host"];
  const ownHost = headers["host"] ?? `127.0.0.1:${incoming.socket.localPort}`;
  return {
    method: incoming.method ?? "GET",
    path: url.pathname.replace(/\/{2,}/g, "/"),
    pathWithQuery: url.pathname.replace(/\/{2,}/g, "/") + url.search,
    query: url.searchParams,
    headers,
    baseUrl: meantHost === undefined ? `http://${ownHost}` : `https://${meantHost}`,
    serverUrl: `http://${ownHost}`,
    text: body.text,
    bodyBytes: body.bytes,
  };
}
