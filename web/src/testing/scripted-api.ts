import { Client, type Exchange, makeErrorResult, makeResult, type Operation, type OperationResult } from "urql";
import { filter, makeSubject, merge, mergeMap, pipe, takeUntil } from "wonka";
import { createConnectionMonitor } from "../graphql/connection-monitor.ts";
import type { LiveClient } from "../graphql/live-client.ts";
import type { Clock } from "../lib/clock.ts";

type Variables = Record<string, unknown>;
type Data = Record<string, unknown>;
type Answer = (variables: Variables) => Data | Error;

export interface ScriptedApi {
  live: LiveClient;
  /** Answers a query or a mutation, by its operation name, from now on. Without one it stays unanswered. */
  answer(operationName: string, answer: Answer): void;
  /** Refuses a query or a mutation with this message, from now on. */
  fail(operationName: string, message: string): void;
  /** Sends a message to everyone who listens to a subscription. */
  push(operationName: string, data: Data): void;
  /** Refuses a subscription for a passing reason, as the transport tells it: the subscription stays. */
  refuse(operationName: string, message: string): void;
  /** Everything that was asked, in order. */
  asked: { name: string; kind: string; variables: Variables }[];
  connect(): void;
  disconnect(): void;
}

/** A urql client whose other end is a script, with a connection that is up when `connect` was called. */
export function createScriptedApi(clock: Clock): ScriptedApi {
  const monitor = createConnectionMonitor(clock);
  const answers = new Map<string, Answer>();
  const listeners = new Map<string, Set<{ operation: Operation; next(result: ReturnType<typeof makeResult>): void }>>();
  const asked: ScriptedApi["asked"] = [];

  const exchange: Exchange = () => (operations) =>
    pipe(
      operations,
      filter((operation) => operation.kind !== "teardown"),
      mergeMap((operation) => {
        const name = nameOf(operation);
        asked.push({ name, kind: operation.kind, variables: { ...operation.variables } });
        const { source, next, complete } = makeSubject<ReturnType<typeof makeResult>>();
        const isDone = pipe(
          operations,
          filter((other) => other.kind === "teardown" && other.key === operation.key),
        );
        if (operation.kind === "subscription") {
          const listening = listeners.get(name) ?? new Set();
          listeners.set(name, listening.add({ operation, next }));
        } else {
          void Promise.resolve(answers.get(name)).then((answer) => {
            if (!answer) return;
            next(resultOf(operation, answer(operation.variables as Variables)));
            complete();
          });
        }
        return pipe(source, takeUntil(isDone));
      }),
      (results) => merge([results]),
    );

  return {
    live: {
      client: new Client({ url: "scripted:", exchanges: [exchange], preferGetMethod: false }),
      connection: monitor,
    },
    answer: (operationName, answer) => void answers.set(operationName, answer),
    fail: (operationName, message) => void answers.set(operationName, () => new Error(message)),
    push(operationName, data) {
      for (const listener of listeners.get(operationName) ?? [])
        listener.next(makeResult(listener.operation, { data, hasNext: true }));
    },
    refuse(operationName, message) {
      for (const listener of listeners.get(operationName) ?? [])
        listener.next(makeResult(listener.operation, { data: null, errors: [{ message }], hasNext: true }));
    },
    asked,
    connect: () => monitor.connected(),
    disconnect: () => monitor.lost(),
  };
}

function resultOf(operation: Operation, answer: Data | Error): OperationResult {
  return answer instanceof Error
    ? makeErrorResult(operation, answer)
    : makeResult(operation, { data: answer, hasNext: false });
}

function nameOf(operation: Operation): string {
  for (const definition of operation.query.definitions)
    if ("operation" in definition && definition.name) return definition.name.value;
  throw new Error("Every operation of the web UI has a name");
}
