import { InvalidInputError, type FieldProblem } from "../shared/invalid-input-error.ts";
import { builder } from "./builder.ts";
import { ErrorInterface, type ErrorShape } from "./error-interface.ts";

const FieldErrorType = builder.objectRef<FieldProblem>("FieldError").implement({
  description: "What is wrong with one field of an input.",
  fields: (t) => ({
    path: t.exposeString("path", { description: "The field, for example nodePools.0.vmSize." }),
    message: t.exposeString("message", { description: "What is wrong with it, for people." }),
  }),
});

export const InvalidInputErrorType = builder.objectRef<ErrorShape<InvalidInputError>>("InvalidInputError").implement({
  description: "Fields of the input can't be used as they are. Nothing was written.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof InvalidInputError,
  fields: (t) => ({
    fields: t.field({
      type: [FieldErrorType],
      description: "One for each problem.",
      resolve: ({ error }) => [...error.fields],
    }),
  }),
});
