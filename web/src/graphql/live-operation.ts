import type { GraphQLError } from "graphql";
import type { Client as WebSocketClient, SubscribePayload } from "graphql-ws";
import type { ExecutionResult } from "urql";
import { askFor, UNKNOWN_HASH } from "./asked-operation.ts";
import type { RetryWait } from "./retry-wait.ts";

/** What urql gives to an operation that goes over the socket. */
export interface OperationSink {
  next(result: ExecutionResult): void;
  error(error: unknown): void;
  complete(): void;
}

export interface LiveOperation {
  name?: string | undefined;
  query: string;
  variables: Record<string, unknown>;
  kind: "query" | "mutation" | "subscription" | "teardown";
}

/** Refusals that asking again can't change. */
const FINAL_CODES = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
  "INVALID_INPUT",
  "NOT_FOUND",
  "FORBIDDEN",
]);

/**
 * Runs one operation on the socket and returns the function that ends it.
 *
 * graphql-ws sends the same payload object again after each reconnect, so a log topic resumes by moving `afterSequence` or `afterLine` in it
 * with every entry that arrives. A subscription that the server refuses for a passing reason (it is starting, its store is away) is asked for again
 * after a wait; the refusal is shown meanwhile. Queries and mutations end with their first refusal. What is asked for by its hash and not known to
 * the server, which is of another version then, is asked for by its text at once.
 */
export function runLiveOperation(
  socket: () => WebSocketClient,
  retryWait: RetryWait,
  operation: LiveOperation,
  sink: OperationSink,
): () => void {
  let payload: SubscribePayload & { variables: Record<string, unknown> } = {
    ...askFor(operation.name, operation.query),
    variables: { ...operation.variables },
  };
  let ended = false;
  let refusals = 0;
  let stop = start();

  function start(): () => void {
    return socket().subscribe(payload, {
      next(result) {
        refusals = 0;
        advanceCursor(payload.variables, result.data);
        advanceLineCursor(payload.variables, result.data);
        sink.next(result as ExecutionResult);
      },
      error(reason) {
        if (!isGraphQLErrors(reason) && operation.kind !== "subscription") return sink.error(asError(reason));
        const errors = isGraphQLErrors(reason) ? reason : [{ message: asError(reason).message } as GraphQLError];
        if (payload.extensions && errors.some(hasCode(UNKNOWN_HASH))) {
          payload = { query: operation.query, variables: payload.variables };
          if (!ended) stop = start();
          return;
        }
        sink.next({ data: null, errors: [...errors] });
        if (operation.kind !== "subscription" || errors.some(isFinal)) return sink.complete();
        void retryWait.wait((refusals += 1)).then(() => {
          if (!ended) stop = start();
        });
      },
      complete: () => sink.complete(),
    });
  }

  return () => {
    ended = true;
    stop();
  };
}

function advanceCursor(variables: Record<string, unknown>, data: unknown): void {
  if (!("afterSequence" in variables) || typeof data !== "object" || data === null) return;
  for (const entry of Object.values(data)) {
    const sequence = (entry as { sequence?: unknown } | null)?.sequence;
    if (typeof sequence === "number" && sequence > Number(variables["afterSequence"] ?? 0))
      variables["afterSequence"] = sequence;
  }
}

/** Moves `afterLine` to the last line of a piece of a log and `logId` to that log; one that was replaced begins again, so the line may also move back. */
function advanceLineCursor(variables: Record<string, unknown>, data: unknown): void {
  if (!("afterLine" in variables) || typeof data !== "object" || data === null) return;
  for (const piece of Object.values(data)) {
    const { firstLine, lines, logId } = (piece ?? {}) as { firstLine?: unknown; lines?: unknown; logId?: unknown };
    if (typeof firstLine !== "number" || !Array.isArray(lines)) continue;
    variables["afterLine"] = firstLine - 1 + lines.length;
    variables["logId"] = logId;
  }
}

function isGraphQLErrors(reason: unknown): reason is readonly GraphQLError[] {
  return Array.isArray(reason);
}

const hasCode = (code: string) => (error: GraphQLError) => error.extensions?.["code"] === code;

function isFinal(error: GraphQLError): boolean {
  return FINAL_CODES.has(String(error.extensions?.["code"]));
}

function asError(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  const close = reason as { code?: number; reason?: string } | null;
  return new Error(
    `The API closed the connection${close?.code ? ` (${close.code}${close.reason ? ` ${close.reason}` : ""})` : ""}.`,
  );
}
