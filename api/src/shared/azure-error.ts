import { AppError } from "./app-error.ts";
import { redactWords } from "./redact-text.ts";

/**
 * What an Azure refusal means for the caller, decided once at the gateway:
 * - `permanent`: the same request will be refused again (quota, policy, bad input). Fail now.
 * - `transient`: it took no effect and may work later (429, 503, other 5xx of reads, connection refused). Retry within a bound,
 *   not before `retryAfterMs`.
 * - `conflict`: another operation runs on the resource, or it exists already. Look at the resource.
 * - `lost-reply`: the request may have taken effect, nobody knows (broken connection, 500, 502 or 504 after a write). Look at
 *   the resource before anything else.
 * - `not-found`, `forbidden`: as they say.
 * - `unknown`: none of these; treat as permanent, show Azure's own words.
 */
export type AzureErrorKind =
  | "permanent"
  | "transient"
  | "conflict"
  | "lost-reply"
  | "not-found"
  | "forbidden"
  | "unknown";

/** One level of an Azure error body; `details` holds the causes, innermost last. */
export interface AzureErrorBody {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  /** AKS's own, finer than `code`. */
  readonly subcode?: string;
  /** What a policy says of its refusal, for one. https://learn.microsoft.com/azure/governance/policy/concepts/effect-deny */
  readonly additionalInfo?: readonly Readonly<Record<string, unknown>>[];
  readonly details?: readonly AzureErrorBody[];
}

export interface AzureErrorFacts {
  readonly kind: AzureErrorKind;
  readonly body: AzureErrorBody;
  /** HTTP status; undefined when no answer came, or when a running ARM operation ended in failure. */
  readonly status?: number;
  /** As Azure asked for it, in real milliseconds. */
  readonly retryAfterMs?: number;
  /** `x-ms-correlation-request-id`, what Azure support asks for. */
  readonly correlationId?: string;
}

/**
 * Azure refused, failed or could not be reached. `message` is Azure's own, innermost cause first where there is one, without the secrets
 * that it may repeat.
 */
export class AzureError extends AppError {
  readonly kind: AzureErrorKind;
  readonly body: AzureErrorBody;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly correlationId: string | undefined;

  constructor(facts: AzureErrorFacts, options?: ErrorOptions) {
    const body = { ...facts.body, message: redactWords(facts.body.message) };
    const cause = innermostCause(body);
    super(cause.code, cause.message, options);
    this.kind = facts.kind;
    this.body = body;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
    this.correlationId = facts.correlationId;
  }
}

/** The deepest first detail: AKS wraps the real reason ("OperationNotAllowed … quota") in general ones. */
export function innermostCause(body: AzureErrorBody): AzureErrorBody {
  const inner = body.details?.find((detail) => detail.code || detail.message);
  return inner ? innermostCause(inner) : body;
}

/** What was stored for, or named by, an Azure operation would make us send our token elsewhere than to Azure. Nothing was sent. */
export class UntrustedOperationError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("UNTRUSTED_OPERATION", message, options);
  }
}
