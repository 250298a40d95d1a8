import { GraphQLError } from "graphql";
import { ForbiddenError } from "../auth/viewer.ts";
import type { AppError } from "../shared/app-error.ts";
import { AzureError } from "../shared/azure-error.ts";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import { builder } from "./builder.ts";

/** Machine codes of all errors in the schema. Add to it beside the error class that needs it. */
const ERROR_CODES = {
  INVALID_INPUT: { description: "The input breaks a rule; the error names the fields." },
  FORBIDDEN: { description: "The viewer lacks a role for this, or Slipway's identity lacks one at Azure." },
  NOT_FOUND: { description: "There is no such thing." },
  RATE_LIMITED: { description: "Too many requests; try again later." },
  STORE_UNAVAILABLE: { description: "Slipway's own store can't be reached or written; try again later." },
  AZURE_UNAVAILABLE: { description: "Azure can't be reached or refuses; try again later." },
  PROVISION_IN_PROGRESS: { description: "A provision of that cluster is under way already." },
  OPERATION_IN_PROGRESS: { description: "Something is being done to that cluster already." },
  CLUSTER_STOPPED: { description: "The cluster is stopped and has to be started first." },
  CLUSTER_NOT_OURS: { description: "The cluster was not made by what asks for it." },
  NOTHING_TO_CLEAN_UP: { description: "Nothing was left at Azure." },
  CLUSTER_EXISTS: { description: "There is a cluster of that name already." },
  DUPLICATE_BUILD: { description: "The same build is in flight already." },
  BUILD_REFUSED: { description: "The registry does not take the build." },
  CANNOT_RETRY: { description: "It is under way, or has succeeded: there is nothing to try again." },
  NOTHING_TO_GRANT: { description: "Every role is granted, or there is no cluster to grant one to." },
  CANNOT_DISMISS: { description: "It is under way, or has succeeded: there is nothing to dismiss." },
  UNAUTHENTICATED: { description: "The credentials are missing, wrong, or used up." },
  LIMIT_MET: { description: "A limit of Slipway stood against it; the message names the setting." },
  UNAVAILABLE: { description: "Something that it needs can't be reached; try again later." },
  CANNOT_CANCEL: { description: "It has ended, or can't be canceled any more." },
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

export const ErrorCodeEnum = builder.enumType("ErrorCode", {
  description: "What kind of error it is, for programs. More may follow.",
  values: ERROR_CODES,
});

/** What an error type of the schema shows; `error` is the class it stands for. */
export interface ErrorShape<E extends Error = Error> {
  readonly message: string;
  readonly code: ErrorCode;
  readonly error: E;
}

export const ErrorInterface = builder.interfaceRef<ErrorShape>("Error").implement({
  description: "Something that was asked for did not happen. Nothing was written unless the type says so.",
  resolveType: ({ error }) => (isUnavailable(error) ? "ServiceUnavailableError" : error.name),
  fields: (t) => ({
    message: t.exposeString("message", { description: "What went wrong and what to do, as a sentence for people." }),
    code: t.field({ type: ErrorCodeEnum, description: "The same for programs.", resolve: (error) => error.code }),
  }),
});

export function toErrorShape<E extends Error>(error: E, code: ErrorCode): ErrorShape<E> {
  return { error, code, message: error.message };
}

export const ForbiddenErrorType = builder.objectRef<ErrorShape<ForbiddenError>>("ForbiddenError").implement({
  description: "The viewer lacks a role for this.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof ForbiddenError,
});

export const ServiceUnavailableErrorType = builder.objectRef<ErrorShape>("ServiceUnavailableError").implement({
  description: "The store or Azure can't be reached right now. Try again later; the code says which.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => isUnavailable((value as ErrorShape).error),
});

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreUnavailableError || error instanceof AzureError;
}

/** The error types that any mutation may answer with. @returns undefined for an unexpected error, which is then masked. */
export function toSharedError(error: unknown): ErrorShape | undefined {
  if (error instanceof ForbiddenError) return toErrorShape(error, "FORBIDDEN");
  if (error instanceof StoreUnavailableError) return toErrorShape(error, "STORE_UNAVAILABLE");
  if (error instanceof AzureError) return toErrorShape(error, "AZURE_UNAVAILABLE");
  return undefined;
}

/** For queries and subscriptions, whose errors have no type of their own: the error as GraphQL reports it, with its code. */
export function toGraphQLError(error: AppError, code: ErrorCode): GraphQLError {
  return new GraphQLError(error.message, { extensions: { code } });
}

export function notFound(what: string): GraphQLError {
  return new GraphQLError(`There is no such ${what}. It may have a wrong id, or belong to another Slipway.`, {
    extensions: { code: "NOT_FOUND" },
  });
}
