import { builder } from "../../graphql/builder.ts";
import { ErrorInterface, type ErrorShape } from "../../graphql/error-interface.ts";
import { OperationInProgressError } from "./operation.errors.ts";
import { ClusterOperationType } from "./operation.schema.ts";

export const OperationInProgressErrorType = builder
  .objectRef<ErrorShape<OperationInProgressError>>("OperationInProgressError")
  .implement({
    description: "Something is being done to the cluster already.",
    interfaces: [ErrorInterface],
    isTypeOf: (value) => (value as ErrorShape).error instanceof OperationInProgressError,
    fields: (t) => ({
      operation: t.field({
        type: ClusterOperationType,
        description: "What is being done, and by whom it was asked for.",
        resolve: ({ error }) => error.operation,
      }),
    }),
  });
