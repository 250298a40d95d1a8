import { isRestError } from "@azure/core-rest-pipeline";
import {
  EntityChangedError,
  EntityExistsError,
  EntityLimitError,
  EntityNotFoundError,
  StoreUnavailableError,
} from "./entity-store.ts";
import type { EntityKey } from "./entity-store.ts";

/**
 * What the Table service, or the way to it, has against a request. Codes:
 * https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes
 * Holds neither the request nor its answer: their addresses and headers carry keys and signatures.
 */
export class TableRefusal extends Error {
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  /** The service's code, or the system's (`ECONNREFUSED`), or `TIMEOUT`. */
  readonly code: string;

  constructor(status: number | undefined, code: string, message: string) {
    super(`${code}: ${firstLine(message)}`);
    this.name = "TableRefusal";
    this.status = status;
    this.code = code;
  }
}

const PASSING_STATUSES = new Set([408, 429, 500, 502, 503, 504]);
// A table of that name was deleted less than about 40 seconds ago.
const PASSING_CODES = new Set(["TableBeingDeleted", "OperationTimedOut", "ServerBusy", "INCOMPLETE_ANSWER"]);

const LIMIT_CODES = new Set([
  "EntityTooLarge",
  "InvalidInput",
  "InvalidValueType",
  "KeyValueTooLarge",
  "OutOfRangeInput",
  "PropertyNameInvalid",
  "PropertyNameTooLong",
  "PropertyValueTooLarge",
  "RequestBodyTooLarge",
  "TooManyProperties",
]);

/** Undefined for what is neither the service's nor the network's: a defect, to be thrown on as it is. */
export function toRefusal(error: unknown): TableRefusal | undefined {
  if (error instanceof TableRefusal) return error;
  if (!(error instanceof Error)) return undefined;
  if (error.name === "AbortError") return new TableRefusal(undefined, "TIMEOUT", "no answer came in time");
  if (isRestError(error)) {
    const { code, message } = serviceError(error.details) ?? { code: error.code, message: error.message };
    return new TableRefusal(error.statusCode, code ?? `HTTP ${error.statusCode}`, message);
  }
  // The names of @azure/identity: https://learn.microsoft.com/javascript/api/@azure/identity
  if (/^(AggregateAuthentication|Authentication|AuthenticationRequired|CredentialUnavailable)/.test(error.name)) {
    return new TableRefusal(undefined, "SIGN_IN_FAILED", error.message);
  }
  return undefined;
}

/** True when the same request may well succeed a moment later. */
export function isPassing({ status, code }: TableRefusal): boolean {
  if (code === "SIGN_IN_FAILED") return false;
  return status === undefined || PASSING_STATUSES.has(status) || PASSING_CODES.has(code) || code === "PARSE_ERROR";
}

/** Nothing else that answers 404, such as a proxy, may be taken for a word about an entity. */
export function isMissingEntity({ code }: TableRefusal): boolean {
  return code === "ResourceNotFound" || code === "EntityNotFound" || code === "TableNotFound";
}

export function isMissingTable({ code }: TableRefusal): boolean {
  return code === "TableNotFound";
}

/** What a caller of the port gets. `place` names the store, `key` the entity that the refused change was about. */
export function toStoreError(refusal: TableRefusal, place: string, key?: EntityKey): Error {
  const { status, code } = refusal;
  const options = { cause: refusal };
  if (key) {
    const { partitionKey, rowKey } = key;
    if (code === "EntityAlreadyExists") return new EntityExistsError({ partitionKey, rowKey }, options);
    if (status === 412) return new EntityChangedError({ partitionKey, rowKey }, options);
    if (isMissingEntity(refusal)) return new EntityNotFoundError({ partitionKey, rowKey }, options);
  }
  if (status === 413 || LIMIT_CODES.has(code)) {
    return new EntityLimitError(`The tables at ${place} refuse what was to be stored (${refusal.message}).`, options);
  }
  const advice = adviceFor(refusal);
  return new StoreUnavailableError(`The tables at ${place} are unavailable: ${refusal.message}${advice}`, options);
}

function adviceFor({ status, code }: TableRefusal): string {
  if (code === "SIGN_IN_FAILED") return " Sign in, for instance with 'az login', or give this machine an identity.";
  if (code === "AuthorizationPermissionMismatch") {
    return " Give Slipway's identity the role Storage Table Data Contributor on the storage account.";
  }
  if (status === 401 || status === 403) return " Check the key or signature of the storage account, and its firewall.";
  return "";
}

/** The service's own words, wherever the client has put them. */
function serviceError(details: unknown): { code: string; message: string } | undefined {
  const { odataError } = (details ?? {}) as { odataError?: { code?: unknown; message?: { value?: unknown } } };
  if (typeof odataError?.code !== "string") return undefined;
  return {
    code: odataError.code,
    message: typeof odataError.message?.value === "string" ? odataError.message.value : "",
  };
}

/** The rest is the request's id and, after a failed sign-in, what was signed. */
function firstLine(message: string): string {
  const line = (message.split("\n", 1)[0] ?? "").trim().replace(/\bsig=[^&\s"]+/gi, "sig=[redacted]");
  return line === "" ? "no more was said." : line.replace(/[.]?$/, ".");
}
