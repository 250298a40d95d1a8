import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ACTIVITY_EXPORT_PATH, type ActivityExport } from "../activity/activity-export.ts";
import { NoRoleError, UnauthenticatedError, type Authentication, type SignedIn } from "../auth/authentication.ts";
import { TooManySignInFailuresError } from "../auth/sign-in-back-off.ts";
import type { SignInRoutes } from "../auth/sign-in-routes.ts";
import { NOBODY } from "../auth/viewer.ts";
import { AppError } from "../shared/app-error.ts";
import { isLimitMet, type ConnectionLimits } from "./connection-limits.ts";
import { answer } from "./http-answer.ts";
import type { Probes } from "./probes.ts";
import { requestPath, WRONG_HOST, type RequestGate } from "./request-gate.ts";
import { GRAPHQL_PATH, type Yoga } from "./yoga.ts";

const LARGEST_BODY_BYTES = 256 * 1024;

const RETRY_AFTER_S = 5;
const LATE_REQUEST_CHECK_MS = 5_000;

const REGISTRY_WEBHOOK_PATH = "/webhooks/acr";

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code: string;
  /** Which was met, where there is one. */
  readonly limit?: number;
  readonly retryAfterSeconds?: number;
}

const TOO_LARGE: Refusal = {
  status: 413,
  code: "TOO_LARGE",
  message: `A request has at most ${LARGEST_BODY_BYTES} bytes.`,
};

/** The API's HTTP server: GraphQL, probes and metrics. The caller listens and closes. */
export function createHttpServer(options: {
  readonly yoga: Yoga;
  readonly probes: Probes;
  readonly gate: RequestGate;
  readonly limits: ConnectionLimits;
  /** How long a request may take to arrive, headers and body; 0 sets no limit. */
  readonly requestSeconds: number;
  readonly authentication: Authentication;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly activityExport: ActivityExport;
  /** Told of what is wrong with Slipway itself. */
  readonly onDefect: (error: unknown) => void;
  /** Undefined without sign-in. */
  readonly signIn: SignInRoutes | undefined;
  /** Answers POSTs of an ACR webhook with a status; undefined when no secret is set for it. */
  readonly onRegistryNotification: ((authorization: string | undefined, body: string) => Promise<number>) | undefined;
}): Server {
  const { gate } = options;

  /** Whose the request is, or why it is nobody's. A preflight of a browser brings no credentials. */
  async function identify(request: IncomingMessage): Promise<SignedIn | Refusal> {
    if (request.method === "OPTIONS") return { viewer: NOBODY, expiresAtMs: undefined };
    try {
      const { authorization, cookie } = request.headers;
      return await options.authentication.authenticate({
        authorization,
        cookie,
        address: options.addressOf(request),
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { code, message } = error;
      if (error instanceof TooManySignInFailuresError)
        return { status: 429, code, message, retryAfterSeconds: error.retryAfterSeconds };
      const status = error instanceof UnauthenticatedError ? 401 : error instanceof NoRoleError ? 403 : 503;
      return { status, code, message };
    }
  }

  function answerNotLetIn(response: ServerResponse, refusal: Refusal): void {
    if (refusal.status === 401) response.setHeader("www-authenticate", "Bearer");
    answerGraphQLError(response, refusal);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!gate.isHostAllowed(request)) return answer(response, 421, WRONG_HOST);
    if (await options.probes.handle(request, response)) return;
    switch (requestPath(request)) {
      case GRAPHQL_PATH: {
        const refusal = refuseGraphQL(request);
        if (refusal) return answerGraphQLError(response, refusal);
        const signedIn = await identify(request);
        if ("status" in signedIn) return answerNotLetIn(response, signedIn);
        if (isEventStreamAsked(request)) {
          const held = options.limits.openConnection(options.addressOf(request));
          if (isLimitMet(held)) {
            response.setHeader("retry-after", RETRY_AFTER_S);
            return answerGraphQLError(response, { status: 503, ...held });
          }
          response.once("close", held);
          response.once(
            "close",
            options.authentication.onEnd(signedIn, () => response.destroy()),
          );
        }
        const body = await readUnmeasuredBody(request);
        if (body === "too large") {
          response.setHeader("connection", "close");
          return answerGraphQLError(response, TOO_LARGE);
        }
        // Yoga reads a body that has been read already from here.
        const read = body === undefined ? request : Object.assign(request, { body });
        await options.yoga(read, response, { viewer: signedIn.viewer, address: options.addressOf(request) });
        return;
      }
      case ACTIVITY_EXPORT_PATH: {
        if (!gate.isOriginAllowed(request)) return answer(response, 403, "This origin may not use the API.");
        if (request.method !== "GET") return answer(response, 405, "The activity is read by GET.");
        const signedIn = await identify(request);
        if ("status" in signedIn) return answerNotLetIn(response, signedIn);
        return options.activityExport.send(signedIn.viewer, options.addressOf(request), request, response);
      }
      case REGISTRY_WEBHOOK_PATH: {
        if (!options.onRegistryNotification) return answer(response, 404, "No webhook secret is set.");
        if (request.method !== "POST") return answer(response, 405, "An ACR webhook sends POST.");
        const body = await readBody(request, LARGEST_BODY_BYTES);
        if (body === undefined) return answer(response, 413, `A notification has at most ${LARGEST_BODY_BYTES} bytes.`);
        return answer(response, await options.onRegistryNotification(request.headers.authorization, body), "");
      }
      default:
        if (request.method === "POST" && !gate.isOriginAllowed(request)) {
          return answer(response, 403, "This origin may not use the API.");
        }
        if (await options.signIn?.handle(requestPath(request), request, response)) return;
        return answer(response, 404, "There is nothing here. GraphQL is at /graphql.");
    }
  }

  function refuseGraphQL(request: IncomingMessage): Refusal | undefined {
    if (!gate.isOriginAllowed(request)) {
      return {
        status: 403,
        code: "FORBIDDEN",
        message: "This origin may not use the API. Add it to SLIPWAY_ALLOWED_ORIGINS if it should.",
      };
    }
    if (request.method !== "POST") return undefined;
    // Forms and other bodies that a foreign page can send without asking first are not taken.
    if (!/^application\/(graphql\+)?json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
      return {
        status: 415,
        code: "UNSUPPORTED_MEDIA_TYPE",
        message: "Send the operation as JSON with the content type application/json.",
      };
    }
    if (Number(request.headers["content-length"] ?? 0) > LARGEST_BODY_BYTES) {
      return TOO_LARGE;
    }
    return undefined;
  }

  const receiveWithinMs = options.requestSeconds * 1000;
  const timeouts = {
    headersTimeout: receiveWithinMs,
    requestTimeout: receiveWithinMs,
    connectionsCheckingInterval: Math.min(LATE_REQUEST_CHECK_MS, Math.max(receiveWithinMs, 1000)),
  };
  return createServer(timeouts, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.onDefect(error);
      if (!response.headersSent) answer(response, 500, "Something went wrong in Slipway.");
      else response.destroy();
    });
  });
}

/** Whether the answer may stay open: server-sent events, also when other forms are welcome too. */
function isEventStreamAsked(request: IncomingMessage): boolean {
  return (request.headers.accept ?? "").includes("text/event-stream");
}

/** The body of a request that does not say how long it is; undefined for one that does, which is left unread. */
async function readUnmeasuredBody(request: IncomingMessage): Promise<string | "too large" | undefined> {
  if (request.method !== "POST" || request.headers["content-length"] !== undefined) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The connection is still needed for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) return "too large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answerGraphQLError(
  response: ServerResponse,
  { status, message, code, limit, retryAfterSeconds }: Refusal,
): void {
  if (retryAfterSeconds !== undefined) response.setHeader("retry-after", retryAfterSeconds);
  const extensions = { code, ...(limit !== undefined && { limit }), ...(retryAfterSeconds && { retryAfterSeconds }) };
  answer(response, status, JSON.stringify({ errors: [{ message, extensions }] }), "application/json");
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
