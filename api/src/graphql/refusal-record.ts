import { getOperationAST, GraphQLError, type ExecutionArgs, type ExecutionResult } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { Refusal } from "../activity/activity-refusals.ts";
import { ForbiddenError } from "../auth/viewer.ts";
import type { RequestFacts } from "./yoga.ts";

/** What a limit or a missing role stood against. */
export type RefusalSink = (refusal: Refusal) => void;

/** Codes of limits; in the activity they are one kind of refusal, whose message names the setting. */
const LIMITS = new Set([
  "DOCUMENT_TOO_DEEP",
  "DOCUMENT_TOO_COSTLY",
  "DOCUMENT_TOO_LONG",
  "TOO_MANY_ALIASES",
  "TOO_MANY_DIRECTIVES",
]);
const LONGEST_DETAIL = 100;

/**
 * Records operations that were refused for what they ask for or for want of a role. Mutations that answer a refusal are recorded around
 * their resolvers, with what they were to be done to.
 */
export function refusalRecord(onRefused: RefusalSink): Plugin {
  function record(facts: RequestFacts, errors: readonly unknown[], operationName?: string): void {
    const error = errors.find((one) => one instanceof GraphQLError && codeOf(one) !== undefined) as
      | GraphQLError
      | undefined;
    if (!error) return;
    const detail = (operationName ?? error.path?.join(".") ?? "").slice(0, LONGEST_DETAIL);
    onRefused({
      viewer: facts.viewer,
      address: facts.address,
      action: "ASK",
      code: String(codeOf(error)),
      message: error.message,
      ...(detail !== "" && { detail }),
    });
  }

  const recordResult = (facts: RequestFacts, result: unknown, operationName: string | undefined): void =>
    record(facts, (result as Partial<ExecutionResult> | undefined)?.errors ?? [], operationName);

  return {
    onParse:
      ({ context }) =>
      ({ result }) => {
        if (result instanceof Error) record(context as unknown as RequestFacts, [result]);
      },
    onValidate:
      ({ context }) =>
      ({ result }) =>
        record(context as unknown as RequestFacts, result),
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result }) => recordResult(args.contextValue as unknown as RequestFacts, result, nameOf(args)),
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult: ({ result }) =>
        recordResult(args.contextValue as unknown as RequestFacts, result, nameOf(args)),
    }),
  };
}

function codeOf({ extensions: { code }, originalError }: GraphQLError): "FORBIDDEN" | "LIMIT_MET" | undefined {
  // Its code is given when it is masked, which comes later.
  if (originalError instanceof ForbiddenError) return "FORBIDDEN";
  return typeof code === "string" && LIMITS.has(code) ? "LIMIT_MET" : undefined;
}

function nameOf({ document, operationName }: Pick<ExecutionArgs, "document" | "operationName">): string | undefined {
  return getOperationAST(document, operationName)?.name?.value;
}
