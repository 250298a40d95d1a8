import { GraphQLError } from "graphql";
import { ForbiddenError } from "../auth/viewer.ts";
import type { AppError } from "../shared/app-error.ts";
import { AzureError } from "../shared/azure-error.ts";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import { builder } from "./builder.ts";

/** Machine codes of all errors in the schema. Add to it beside the error class that needs it. */
const ERROR_CODES = [
  "INVALID_INPUT",
  "FORBIDDEN",
  "NOT_FOUND",
  "RATE_LIMITED",
  "STORE_UNAVAILABLE",
  "AZURE_UNAVAILABLE",
  "PROVISION_IN_PROGRESS",
  "CLUSTER_EXISTS",
  "DUPLICATE_BUILD",
  "BUILD_REFUSED",
  "CANNOT_CANCEL",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

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
  resolveType: (value) => value.error.name,
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
