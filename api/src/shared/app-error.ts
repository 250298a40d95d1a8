/**
 * An outcome that a caller can act on, with a stable machine code. Everything else that is thrown is a defect:
 * it is masked on the edge, logged with an id and counted.
 */
export class AppError extends Error {
  /** Stable, UPPER_SNAKE; becomes `Error.code` in the schema. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
