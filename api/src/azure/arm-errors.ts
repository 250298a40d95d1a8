import { isRestError } from "@azure/core-rest-pipeline";
import { AppError } from "../shared/app-error.ts";
import { tryParseErrorText } from "../shared/azure-error-body.ts";
import { AzureError, innermostCause } from "../shared/azure-error.ts";
import type { AzureErrorBody, AzureErrorKind } from "../shared/azure-error.ts";
import { withExchanges } from "./exchange-recording.ts";
import type { Exchange } from "./exchange-recording.ts";

/** Runs calls of the SDK; what they throw comes out as `toAzureError` has it. */
export function callAzure<T>(work: () => Promise<T>): Promise<T> {
  return withExchanges(async (exchanges) => {
    try {
      return await work();
    } catch (error) {
      throw toAzureError(error, exchanges.at(-1));
    }
  });
}

/**
 * What an error of the SDK means for the caller. `exchange` is the request that led to it, which knows more than the error.
 * Typed errors, the caller's own abort and defects come back as they are.
 */
export function toAzureError(error: unknown, exchange?: Exchange): Error {
  if (!(error instanceof Error)) return new Error("Something that is no error was thrown.", { cause: error });
  if (error instanceof AppError) return error;
  if (error.name === "AbortError" && exchange?.timedOut !== true) return error;
  if (exchange !== undefined && isChallenge(exchange) && !isAbout(exchange, error))
    return toAzureError(error, ownExchange(error));
  if (exchange?.status !== undefined && exchange.status >= 400) return refused(error, exchange, exchange.status);
  if (exchange?.failure !== undefined) return unanswered(error, exchange);
  const credentialStatus = credentialFailureStatus(error);
  if (credentialStatus !== undefined) return notSignedIn(error, credentialStatus);
  if (!isRestError(error)) return error;
  if (error.statusCode !== undefined && error.statusCode >= 400)
    return refused(error, restExchange(error), error.statusCode);
  return unreadable(error, exchange ?? restExchange(error));
}

/**
 * A registry's 401 begins a sign-in, whose failure is the error's, not that answer's. Calls share a sign-in, so that its requests
 * may be on the record of another.
 */
function isChallenge({ status, headers }: Exchange): boolean {
  return status === 401 && headers?.has("www-authenticate") === true;
}

function isAbout({ url }: Exchange, error: Error): boolean {
  return isRestError(error) && (error.request === undefined || error.request.url === url);
}

/** Of an error that got no answer; one that did carries it. */
function ownExchange(error: SdkError): Exchange | undefined {
  if (!isRestError(error) || error.statusCode !== undefined || error.request === undefined) return undefined;
  return { method: error.request.method, url: error.request.url, failure: error };
}

type SdkError = Error & {
  code?: unknown;
  response?: { bodyAsText?: string | null; headers?: Iterable<[string, string]> };
  request?: { method: string; url: string };
};

function restExchange(error: SdkError): Exchange {
  return {
    method: error.request?.method ?? "GET",
    url: error.request?.url ?? "",
    headers: new Map(error.response?.headers ?? []),
    ...(error.response?.bodyAsText && { bodyText: error.response.bodyAsText }),
  };
}

function refused(error: SdkError, exchange: Exchange, status: number): AzureError {
  const body = (exchange.bodyText && tryParseErrorText(exchange.bodyText)) || {
    code: exchange.headers?.get("x-ms-error-code") ?? (typeof error.code === "string" ? error.code : `Http${status}`),
    message: error.message || `Azure answered ${status} and gave no reason.`,
  };
  const retryAfterMs = retryAfter(exchange.headers, Date.now());
  const correlationId = correlationIdOf(exchange);
  return new AzureError(
    {
      kind: kindOfRefusal(status, exchange, body),
      body,
      status,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(correlationId !== undefined && { correlationId }),
    },
    { cause: error },
  );
}

/** What Azure support asks for; services that don't pass ARM have a request id only. */
export function correlationIdOf(exchange: Exchange | undefined): string | undefined {
  return exchange?.headers?.get("x-ms-correlation-request-id") ?? exchange?.headers?.get("x-ms-request-id");
}

// Whatever the status they come with.
const TRANSIENT_CODES = new Set([
  "PrincipalNotFound",
  "TooManyRequests",
  "Throttled",
  "SubscriptionRequestsThrottled",
  "ReferencedResourceNotProvisioned",
  "RetryableError",
  "ServerTimeout",
]);
const PERMANENT_CODES = new Set([
  "QuotaExceeded",
  "SkuNotAvailable",
  "MissingSubscriptionRegistration",
  "NoRegisteredProviderFound",
  "RequestDisallowedByPolicy",
  "TasksOperationsNotAllowed",
]);
// A run that has ended answers a cancel with 400.
const CONFLICT_CODES = new Set(["CannotCancelRun"]);
const QUOTA_MESSAGE = /exceeding (approved|quota)/i;

function kindOfRefusal(status: number, exchange: Exchange, body: AzureErrorBody): AzureErrorKind {
  const { code, message } = innermostCause(body);
  const hasCode = (codes: ReadonlySet<string>): boolean => codes.has(code) || codes.has(body.code);
  if (status === 429 || hasCode(TRANSIENT_CODES)) return "transient";
  if (hasCode(PERMANENT_CODES) || QUOTA_MESSAGE.test(message)) return "permanent";
  if (hasCode(CONFLICT_CODES)) return "conflict";
  switch (status) {
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
      return "permanent";
    case 401:
    case 403:
      return "forbidden";
    case 404:
    case 410:
      return "not-found";
    case 409:
    case 412:
      return "conflict";
    case 503:
      return "transient";
    case 408:
      return isWrite(exchange) ? "lost-reply" : "transient";
    default:
      if (status < 500) return "unknown";
      return isWrite(exchange) ? "lost-reply" : "transient";
  }
}

// The connection was never there, so nothing was sent.
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "EMFILE",
]);

function unanswered(error: SdkError, exchange: Exchange): AzureError {
  const code = exchange.timedOut ? "RequestTimedOut" : (codeOf(exchange.failure) ?? "ConnectionLost");
  const kind = isWrite(exchange) && !NOT_SENT.has(code) ? "lost-reply" : "transient";
  const host = new URL(exchange.url).host;
  const message = NOT_SENT.has(code)
    ? `Azure can't be reached: no connection to ${host} (${code}).`
    : `Azure did not answer: the connection to ${host} broke or was silent for too long (${code}).`;
  return new AzureError({ kind, body: { code, message } }, { cause: error });
}

function codeOf(failure: unknown): string | undefined {
  const code = (failure as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && code !== "" ? code : undefined;
}

/** The status of a failed sign-in (0: no answer); undefined for other errors. They are the identity library's, which has no common base. */
function credentialFailureStatus(error: Error): number | undefined {
  const isCredentialError = /^(Credential|Authentication|AggregateAuthentication)\w*Error$/.test(error.name);
  if (!isCredentialError) return undefined;
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === "number" ? statusCode : 0;
}

function notSignedIn(error: Error, status: number): AzureError {
  const isRefused = status >= 400 && status < 500 && status !== 429;
  // Without a status nobody knows: no credential at all looks like a managed identity that does not answer yet.
  return new AzureError(
    {
      kind: isRefused ? "forbidden" : "transient",
      body: { code: "AuthenticationFailed", message: `Signing in to Azure failed: ${error.message}` },
    },
    { cause: error },
  );
}

function unreadable(error: SdkError, exchange: Exchange): AzureError {
  const code = typeof error.code === "string" ? error.code : "UnreadableAnswer";
  const message = `Azure's answer can't be read: ${error.message}`;
  return new AzureError(
    { kind: isWrite(exchange) ? "lost-reply" : "unknown", body: { code, message } },
    { cause: error },
  );
}

// Nothing differs after them: a registry's sign-in, and the signed address of a log.
const READING_POSTS = /\/(oauth2\/(exchange|token)|listLogSasUrl)$/i;

function isWrite({ method, url }: Exchange): boolean {
  if (["GET", "HEAD"].includes(method.toUpperCase())) return false;
  return !(method.toUpperCase() === "POST" && URL.canParse(url) && READING_POSTS.test(new URL(url).pathname));
}

/** `Retry-After` in seconds or as an HTTP date, or the millisecond forms that some services send. */
function retryAfter(headers: ReadonlyMap<string, string> | undefined, nowMs: number): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const ms = Number.parseFloat(headers?.get(name) ?? "");
    if (ms >= 0) return ms;
  }
  const value = headers?.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const dateMs = Date.parse(value);
  if (Number.isNaN(dateMs)) return undefined;
  // The answer's own date, so that a wrong clock of ours does not stretch the wait.
  const sentMs = Date.parse(headers?.get("date") ?? "");
  return Math.max(0, dateMs - (Number.isNaN(sentMs) ? nowMs : sentMs));
}
