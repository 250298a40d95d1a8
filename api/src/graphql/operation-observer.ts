import { getOperationAST, type ExecutionArgs, type ExecutionResult } from "graphql";
import type { Plugin } from "graphql-yoga";

/** One operation that was executed, or a subscription that was begun or refused. */
export interface OperationFacts {
  readonly kind: "query" | "mutation" | "subscription";
  /** `error` when anything in it went wrong, also where the rest was answered. */
  readonly outcome: "ok" | "error";
  /** Until its data was there; until a subscription was open. */
  readonly durationMs: number;
}

/** Tells of operations, over HTTP and WebSocket alike. Those that did not parse or validate are never executed and not told of. */
export function operationObserver(onOperation: (facts: OperationFacts) => void, monotonicMs: () => number): Plugin {
  function tell(args: ExecutionArgs, startMs: number, result: unknown): void {
    const { errors } = (result ?? {}) as Partial<ExecutionResult>;
    onOperation({
      kind: getOperationAST(args.document, args.operationName)?.operation ?? "query",
      outcome: errors && errors.length > 0 ? "error" : "ok",
      durationMs: monotonicMs() - startMs,
    });
  }
  return {
    onExecute({ args }) {
      const startMs = monotonicMs();
      return { onExecuteDone: ({ result }) => tell(args, startMs, result) };
    },
    onSubscribe({ args }) {
      const startMs = monotonicMs();
      return { onSubscribeResult: ({ result }) => tell(args, startMs, result) };
    },
  };
}
