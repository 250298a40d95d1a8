import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import type { Health } from "../observability/health.ts";
import { GRAPHQL_PATH, type Yoga } from "./yoga.ts";

const LARGEST_BODY_BYTES = 256 * 1024;

const REGISTRY_WEBHOOK_PATH = "/webhooks/acr";

export interface RequestGate {
  /** Whether the Host header names this server: a page whose own name was rebound to our address does not. */
  isHostAllowed(request: IncomingMessage): boolean;
  /** Whether the Origin, when there is one, may talk to the API. Scripts send none. */
  isOriginAllowed(request: IncomingMessage): boolean;
}

export function createRequestGate(options: {
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}): RequestGate {
  const hosts = new Set(options.allowedHosts);
  const origins = new Set(options.allowedOrigins);
  return {
    isHostAllowed: (request) => hosts.has((request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase()),
    isOriginAllowed: (request) => request.headers.origin === undefined || origins.has(request.headers.origin),
  };
}

/** The API's HTTP server: GraphQL, probes and metrics. The caller listens and closes. */
export function createHttpServer(options: {
  readonly yoga: Yoga;
  readonly health: Health;
  readonly metrics: Registry;
  readonly gate: RequestGate;
  /** Answers POSTs of an ACR webhook with a status; undefined when no secret is set for it. */
  readonly onRegistryNotification: ((authorization: string | undefined, body: string) => Promise<number>) | undefined;
}): Server {
  const { gate } = options;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!gate.isHostAllowed(request))
      return answer(response, 421, "This host name is not one of SLIPWAY_ALLOWED_HOSTS.");
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    switch (path) {
      case "/healthz":
        return answer(response, 200, "ok");
      case "/readyz": {
        const readiness = await options.health.readiness();
        return answer(response, readiness.ready ? 200 : 503, JSON.stringify(readiness), "application/json");
      }
      case "/metrics":
        return answer(response, 200, await options.metrics.metrics(), options.metrics.contentType);
      case GRAPHQL_PATH: {
        const refusal = refuseGraphQL(request);
        if (refusal)
          return answer(
            response,
            refusal.status,
            JSON.stringify({ errors: [{ message: refusal.message, extensions: { code: refusal.code } }] }),
            "application/json",
          );
        await options.yoga(request, response);
        return;
      }
      case REGISTRY_WEBHOOK_PATH: {
        if (!options.onRegistryNotification) return answer(response, 404, "No webhook secret is set.");
        if (request.method !== "POST") return answer(response, 405, "An ACR webhook sends POST.");
        const body = await readBody(request, LARGEST_BODY_BYTES);
        if (body === undefined) return answer(response, 413, `A notification has at most ${LARGEST_BODY_BYTES} bytes.`);
        return answer(response, await options.onRegistryNotification(request.headers.authorization, body), "");
      }
      default:
        return answer(response, 404, "There is nothing here. GraphQL is at /graphql.");
    }
  }

  function refuseGraphQL(
    request: IncomingMessage,
  ): { readonly status: number; readonly message: string; readonly code: string } | undefined {
    if (!gate.isOriginAllowed(request)) {
      return {
        status: 403,
        code: "FORBIDDEN",
        message: "This origin may not use the API. Add it to SLIPWAY_ALLOWED_ORIGINS if it should.",
      };
    }
    if (request.method !== "POST") return undefined;
    // Forms and other bodies that a foreign page can send without asking first are not taken.
    if (!/^application\/(graphql\+)?json\b/i.test(request.headers["content-type"] ?? "")) {
      return {
        status: 415,
        code: "UNSUPPORTED_MEDIA_TYPE",
        message: "Send the operation as JSON with the content type application/json.",
      };
    }
    if (Number(request.headers["content-length"] ?? 0) > LARGEST_BODY_BYTES) {
      return { status: 413, code: "TOO_LARGE", message: `A request has at most ${LARGEST_BODY_BYTES} bytes.` };
    }
    return undefined;
  }

  return createServer((request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) answer(response, 500, "Something went wrong in Slipway.");
      else response.destroy();
    });
  });
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, {
    "content-type": contentType,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}

async function readBody(request: IncomingMessage, largestBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
