import { getOperationAST, type DocumentNode, type ExecutionResult } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { OperationFacts } from "./operation-observer.ts";

/** What an operation asks for, in words of the schema alone. */
export interface OperationKind {
  readonly kind: OperationFacts["kind"];
  /** Of the roots, as they are asked for. */
  readonly fields: readonly string[];
}

/** Runs an operation, or the beginning of a subscription, within something. */
export type AroundOperation = <T>(
  operation: OperationKind,
  run: () => Promise<T> | T,
  hasFailed: (result: T) => boolean,
) => Promise<T>;

const MOST_FIELDS = 5;

/** Runs each operation that is executed within `around`, over HTTP and WebSocket alike. */
export function operationTrace(around: AroundOperation): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => around(kindOf(args.document, args.operationName), () => executeFn(args), hasErrors));
    },
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn((args) => around(kindOf(args.document, args.operationName), () => subscribeFn(args), hasErrors));
    },
  };
}

/** Aliases, names of operations and arguments are the client's own words, which stay out. */
function kindOf(document: DocumentNode, operationName: string | null | undefined): OperationKind {
  const operation = getOperationAST(document, operationName);
  const fields = (operation?.selectionSet.selections ?? []).flatMap((one) =>
    one.kind === "Field" ? [one.name.value] : [],
  );
  return { kind: operation?.operation ?? "query", fields: [...new Set(fields)].slice(0, MOST_FIELDS) };
}

function hasErrors(result: unknown): boolean {
  const { errors } = (result ?? {}) as Partial<ExecutionResult>;
  return errors !== undefined && errors.length > 0;
}
