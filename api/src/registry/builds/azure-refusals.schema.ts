import { builder } from "../../graphql/builder.ts";
import { ErrorInterface, toErrorShape, type ErrorShape } from "../../graphql/error-interface.ts";
import { BuildRateLimitedError, MissingRoleError } from "./build.errors.ts";

export const MissingRoleErrorType = builder.objectRef<ErrorShape<MissingRoleError>>("MissingRoleError").implement({
  description: "Slipway's identity lacks a role at Azure. Nothing was begun or stopped.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof MissingRoleError,
  fields: (t) => ({
    role: t.string({ description: "Built-in role that is missing.", resolve: ({ error }) => error.missing.role }),
    scope: t.string({
      description: "ARM id of what it has to be given on.",
      resolve: ({ error }) => error.missing.scope,
    }),
    command: t.string({
      description: "Command of the Azure CLI that gives it.",
      resolve: ({ error }) => error.missing.command,
    }),
  }),
});

export const BuildRateLimitedErrorType = builder
  .objectRef<ErrorShape<BuildRateLimitedError>>("BuildRateLimitedError")
  .implement({
    description: "Azure takes no more requests now. Nothing was begun or stopped.",
    interfaces: [ErrorInterface],
    isTypeOf: (value) => (value as ErrorShape).error instanceof BuildRateLimitedError,
    fields: (t) => ({
      retryAfterSeconds: t.int({
        nullable: true,
        description: "Seconds to wait; null when Azure does not say.",
        resolve: ({ error }) => error.retryAfterSeconds ?? null,
      }),
    }),
  });

/** What Azure refuses of any action on builds, with its code; undefined for every other error. */
export function toAzureRefusal(error: unknown): ErrorShape | undefined {
  if (error instanceof MissingRoleError) return toErrorShape(error, "FORBIDDEN");
  if (error instanceof BuildRateLimitedError) return toErrorShape(error, "RATE_LIMITED");
  return undefined;
}
