import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { ArmError, resourceGroupNotFound, subscriptionNotFound, wrappedError } from "./arm-errors.ts";
import { inSavepoint, inTransaction } from "./database.ts";
import { findEmulatedSubscription } from "./emulated-subscriptions.ts";
import type { FaultOutcome, Faults } from "./faults.ts";
import type { ArmReply, ArmRequest, Route, World } from "./provider.ts";
import type { RequestLog } from "./request-log.ts";
import { checkNotDeleting, findVisibleResourceGroup } from "./resource-groups.ts";
import type { Router } from "./router.ts";
import type { Throttle } from "./throttle.ts";

/** A request as it came over the wire, before anything is known about it. */
export type IncomingArmRequest = Omit<ArmRequest, "params" | "body"> & {
  /** Path and query, for the log. */
  readonly pathWithQuery: string;
  /** The raw body; empty when there is none. */
  readonly text: string;
};

export type Answer = ArmReply | "connection dropped";

/**
 * One request to Azure and its answer.
 *
 * Each request is one transaction: what came due before it, its own effect and its row in the request
 * log are committed together, before the reply is sent. So a reply that a client has seen is never undone
 * by a crash, and what no client has seen may still have happened, as with Azure.
 */
export type Exchange = {
  /** Takes the fault meant for this request, if any. First step, because a fault may delay the second. */
  takeFault(request: IncomingArmRequest): FaultOutcome | undefined;
  answer(request: IncomingArmRequest, fault: FaultOutcome | undefined): Answer;
};

export function createExchange(parts: {
  database: DatabaseSync;
  world: World;
  router: Router;
  throttle: Throttle;
  faults: Faults;
  log: RequestLog;
  /** Brings the world up to the present; called inside the transaction. */
  settle: () => void;
}): Exchange {
  const { database, world, router, throttle, faults, log, settle } = parts;
  const countChanges = database.prepare("SELECT total_changes() AS changes");
  const changes = (): number => Number(countChanges.get()?.["changes"]);

  function serve(request: IncomingArmRequest): ArmReply {
    const { route, params } = router.match(request.method, request.path);
    if (route.isArm === false) return route.handle({ ...request, params, body: request.text }, world);
    const armRequest: ArmRequest = { ...request, params, body: parseBody(request.text) };
    const subscriptionId = checkCaller(armRequest);
    const limitHeaders = throttle.take(armRequest, route, subscriptionId);
    if (subscriptionId !== undefined) checkScope(armRequest, route, subscriptionId);
    return withHeaders(route.handle(armRequest, world), limitHeaders);
  }

  function checkScope(request: ArmRequest, route: Route, subscriptionId: string): void {
    if (!findEmulatedSubscription(subscriptionId)) throw subscriptionNotFound(subscriptionId);
    const resourceGroup = /\/resourceGroups\/([^/]+)/i.exec(request.path)?.[1];
    if (resourceGroup === undefined || route.requiresResourceGroup === false) return;
    const name = decodeURIComponent(resourceGroup);
    const group = findVisibleResourceGroup(world, subscriptionId, name);
    if (!group) throw resourceGroupNotFound(name);
    if (request.method === "PUT") checkNotDeleting(group);
  }

  function findRoute(request: IncomingArmRequest): Route | undefined {
    try {
      return router.match(request.method, request.path).route;
    } catch {
      return undefined;
    }
  }

  return {
    takeFault(request) {
      if (faults.isEmpty()) return undefined;
      const { method, pathWithQuery } = request;
      return inTransaction(database, () =>
        faults.take({
          method,
          path: pathWithQuery,
          operation: findRoute(request)?.operation ?? "",
          n: log.lastNumber() + 1,
        }),
      );
    },

    answer(request, fault) {
      return inTransaction(database, () => {
        settle();
        let reply = fault && replyOf(fault, findRoute(request));
        let effective = false;
        if (!reply) {
          const before = changes();
          try {
            reply = inSavepoint(database, () => serve(request));
            effective = changes() > before;
          } catch (error) {
            if (!(error instanceof ArmError)) throw error;
            reply = error.reply;
          }
        }
        log.append({
          at: new Date(world.now()).toISOString(),
          method: request.method,
          path: request.pathWithQuery,
          status: reply === "connection dropped" ? 0 : reply.status,
          clientRequestId: request.headers["x-ms-client-request-id"] ?? null,
          effective,
        });
        if (reply === "connection dropped" || fault?.dropConnection === "after") return "connection dropped";
        return withHeaders(withHeaders(reply, traceHeaders(request)), fault?.headers ?? {});
      });
    },
  };
}

/** What a fault answers in Azure's place; undefined when the request is served after all. */
function replyOf(fault: FaultOutcome, route: Route | undefined): Answer | undefined {
  if (fault.dropConnection === "before") return "connection dropped";
  if (fault.throttle !== undefined && fault.throttle !== false) {
    const seconds = fault.throttle === true ? 1 : fault.throttle.retryAfterSeconds;
    if (route?.tooManyRequests !== undefined) return route.tooManyRequests(seconds);
    return wrappedError(
      429,
      "SubscriptionRequestsThrottled",
      `Number of requests for the subscription exceeded. Please try again after '${seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`,
      { headers: { "retry-after": String(seconds) } },
    ).reply;
  }
  if (fault.status === undefined) return undefined;
  return { status: fault.status, ...(fault.body !== undefined && { body: fault.body }) };
}

/** @returns the subscription that the path names, if it names one */
function checkCaller(request: ArmRequest): string | undefined {
  if (!/^Bearer \S/i.test(request.headers["authorization"] ?? "")) {
    throw wrappedError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.", {
      headers: { "www-authenticate": 'Bearer authorization_uri="https://login.windows.net/", error="invalid_token"' },
    });
  }
  if ((request.query.get("api-version") ?? "") === "") {
    throw wrappedError(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  return /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1];
}

function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "not JSON";
    throw wrappedError(
      400,
      "InvalidRequestContent",
      `The request content was invalid and could not be deserialized: '${reason}'.`,
    );
  }
}

function withHeaders(reply: ArmReply, headers: Readonly<Record<string, string>>): ArmReply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function traceHeaders(request: IncomingArmRequest): Record<string, string> {
  const requestId = randomUUID();
  const correlationId = request.headers["x-ms-correlation-request-id"] ?? requestId;
  const clientRequestId = request.headers["x-ms-client-request-id"];
  return {
    "cache-control": "no-cache",
    pragma: "no-cache",
    "x-content-type-options": "nosniff",
    "x-ms-request-id": requestId,
    "x-ms-correlation-request-id": correlationId,
    "x-ms-routing-request-id": `EMULATOR:${new Date().toISOString()}:${requestId}`,
    ...(clientRequestId !== undefined && { "x-ms-client-request-id": clientRequestId }),
  };
}
