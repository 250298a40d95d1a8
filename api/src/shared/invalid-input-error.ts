import { AppError } from "./app-error.ts";

/** What is wrong with one field; `path` as the caller spelt it, for example `nodePools.0.vmSize`. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** The input can't be used. Nothing was written; correct the fields and send it again. */
export class InvalidInputError extends AppError {
  readonly fields: readonly FieldProblem[];
  constructor(fields: readonly FieldProblem[]) {
    super(
      "INVALID_INPUT",
      fields.length === 1 ? (fields[0]?.message ?? "") : `${fields.length} fields need another value.`,
    );
    this.fields = fields;
  }
}
