import { tryParseErrorText } from "../../shared/azure-error-body.ts";
import type { AzureErrorBody } from "../../shared/azure-error.ts";
import errors from "./azure-errors.fixture.json" with { type: "json" };
import type { FailureCategory, FailureFault } from "./failure.ts";

/** An answer of Azure as it was published, and what a person has to be told of it. */
export interface PublishedError {
  readonly id: number;
  readonly situation: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Where only the words are known. */
  readonly text?: string;
  readonly expected: {
    readonly category: FailureCategory;
    readonly fault: FailureFault;
    /** Names and numbers that the plain sentence must have. */
    readonly says: readonly string[];
  };
}

export const PUBLISHED_ERRORS = errors as unknown as readonly PublishedError[];

/** As the gateways hand it on. */
export function bodyOf({ status, headers, body, text }: PublishedError): AzureErrorBody {
  if (body) {
    const parsed = tryParseErrorText(JSON.stringify(body));
    if (!parsed) throw new Error("The published body holds no error.");
    return parsed;
  }
  const code = headers?.["X-Ms-Error-Code"] ?? (status >= 400 ? `Http${status}` : "");
  return { code, message: text ?? "" };
}
