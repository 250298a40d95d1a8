import { randomUUID } from "node:crypto";
import { GraphQLError } from "graphql";
import { AppError } from "../shared/app-error.ts";
import { toGraphQLError, toSharedError } from "./error-interface.ts";
import { withoutValue } from "./variable-error.ts";

export interface MaskErrorDeps {
  readonly log: { error(fields: object, message: string): void };
  readonly onUnexpected: () => void;
}

/**
 * What a client is told of an error. Errors that we made for it (a bad document, a missing thing) and those that say what
 * to do go out with their code; everything else is a defect: the client gets an id, the log gets the error with that id.
 */
export function createErrorMask({ log, onUnexpected }: MaskErrorDeps): (error: unknown) => GraphQLError {
  return (error) => {
    const cause = error instanceof GraphQLError ? error.originalError : error;
    if (error instanceof GraphQLError && (cause === undefined || cause === null || cause instanceof GraphQLError))
      return withCode(error);
    const shared = cause instanceof AppError ? toSharedError(cause) : undefined;
    if (shared && cause instanceof AppError) return withPlace(toGraphQLError(cause, shared.code), error);
    const id = randomUUID();
    onUnexpected();
    log.error({ "error.id": id, err: cause }, "an unexpected error was masked");
    const masked = new GraphQLError(
      `Something went wrong in Slipway. Tell whoever runs it the id ${id}; the log has the cause.`,
      {
        extensions: { code: "INTERNAL_SERVER_ERROR", errorId: id },
      },
    );
    return withPlace(masked, error);
  };
}

/** graphql-js gives no code to what it finds wrong with variables, the only thing that it finds when it executes, and quotes them. */
function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions["code"] !== undefined) return error;
  const { nodes, source, positions, path, extensions } = error;
  // Without the original, which quotes as well.
  return new GraphQLError(withoutValue(error), {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...extensions, code: "BAD_USER_INPUT" },
  });
}

/** Keeps where in the document it happened. */
function withPlace(masked: GraphQLError, error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) return masked;
  return new GraphQLError(masked.message, {
    extensions: masked.extensions,
    nodes: error.nodes ?? null,
    path: error.path ?? null,
  });
}
