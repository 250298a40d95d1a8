import { builder } from "../../graphql/builder.ts";
import { ErrorInterface, type ErrorShape } from "../../graphql/error-interface.ts";
import { ProvisionInProgressError, ProvisionNotFoundError } from "./provision.errors.ts";
import { ProvisionType } from "./provision.schema.ts";

export const ProvisionInProgressErrorType = builder
  .objectRef<ErrorShape<ProvisionInProgressError>>("ProvisionInProgressError")
  .implement({
    description: "The cluster is being created already.",
    interfaces: [ErrorInterface],
    isTypeOf: (value) => (value as ErrorShape).error instanceof ProvisionInProgressError,
    fields: (t) => ({
      provision: t.field({
        type: ProvisionType,
        description: "The provision that creates it.",
        resolve: ({ error }) => error.provision,
      }),
    }),
  });

export const ProvisionNotFoundErrorType = builder.objectRef<ErrorShape>("ProvisionNotFoundError").implement({
  description: "There is no such provision.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof ProvisionNotFoundError,
});
