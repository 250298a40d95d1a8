import type { AzureErrorBody } from "./azure-error.ts";
import { embeddedValues } from "./embedded-json.ts";
import { redactWords } from "./redact-text.ts";

/** Deeper than any answer seen; ends a body that refers to itself in texts within texts. */
const MAX_DEPTH = 24;

/**
 * The error in an answer of Azure, whichever form it has: wrapped in `error` (ARM, operations, Graph), flat (AKS), a list in `errors`
 * (registries), a deployment's `statusMessage`, the `statuses` of machines, OAuth's `error_description`, with `details` as a
 * list, an object, a text or null, with `innererror`, or as JSON somewhere in a message. Names of fields ignore case.
 * Undefined when there is none. Without the secrets that Azure repeats: what it says is stored and shown.
 */
export function tryParseErrorText(text: string): AzureErrorBody | undefined {
  const xml = tryParseXml(text);
  return tryParseErrorBody(tryParseJson(text)) ?? (xml && withoutSecrets(xml));
}

export function tryParseErrorBody(value: unknown): AzureErrorBody | undefined {
  const body = parseBody(value, 0);
  return body && withoutSecrets(body);
}

/** A copy whose texts hold no signature, key, token or password. */
export function withoutSecrets(body: AzureErrorBody): AzureErrorBody {
  return redactAll(body) as AzureErrorBody;
}

function redactAll(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactWords(value);
  if (typeof value !== "object" || value === null || depth > 2 * MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => redactAll(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactAll(item, depth + 1)]));
}

function parseBody(value: unknown, depth: number): AzureErrorBody | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return asOne(parseAll(value, depth));
  if (!isRecord(value)) return undefined;
  const field = fieldsOf(value);
  for (const wrapper of ["error", "odata.error", "fault"]) {
    const wrapped = parseNested(field(wrapper), depth);
    if (wrapped) return wrapped;
  }
  if (Array.isArray(field("errors"))) return asOne(parseAll(listOf(field("errors")), depth));

  const code = codeIn(field);
  const message = textOf(field("message")) || textOf(field("errorMessage")) || textOf(field("error_description"));
  const details = [
    ...parseAll(listOf(field("details")), depth),
    ...detailInWords(field("details")),
    ...parseAll(listOf(field("innererror")), depth),
    ...NESTS.flatMap((name) => parseNested(field(name), depth) ?? []),
    ...failedStatuses(field("statuses")),
    ...parseAll(embeddedValues(message), depth),
  ].flatMap((detail) => (detail.code === code && detail.message === message ? (detail.details ?? []) : [detail]));
  if (code === "" && message === "") return asOne(details);
  const target = textOf(field("target"));
  const subcode = textOf(field("subcode"));
  const additionalInfo = listOf(field("additionalInfo")).filter(isRecord);
  return {
    code,
    message,
    ...(target !== "" && { target }),
    ...(subcode !== "" && { subcode }),
    ...(additionalInfo.length > 0 && { additionalInfo }),
    ...(details.length > 0 && { details }),
  };
}

/** Where other things than errors carry one: deployment operations, agent pools, machines. */
const NESTS = ["properties", "statusMessage", "provisioningError", "instanceView", "extensions", "response"];

type Field = (name: string) => unknown;

function fieldsOf(record: Record<string, unknown>): Field {
  const byName = new Map(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => byName.get(name.toLowerCase());
}

function codeIn(field: Field): string {
  const code = textOf(field("code")) || textOf(field("errorCode"));
  if (code !== "") return code;
  const oauth = textOf(field("error"));
  return textOf(field("error_description")) !== "" ? oauth : "";
}

function parseNested(value: unknown, depth: number): AzureErrorBody | undefined {
  return parseBody(typeof value === "string" ? tryParseJson(value) : value, depth + 1);
}

/** `details` as a sentence instead of a list. */
function detailInWords(details: unknown): AzureErrorBody[] {
  const message = typeof details === "string" && tryParseJson(details) === undefined ? details.trim() : "";
  return message === "" ? [] : [{ code: "", message }];
}

function parseAll(values: readonly unknown[], depth: number): AzureErrorBody[] {
  return values.flatMap((value) => parseNested(value, depth) ?? []);
}

/** `ProvisioningState/failed/AllocationFailed` of a machine or an extension. https://learn.microsoft.com/azure/virtual-machines/states-billing */
function failedStatuses(value: unknown): AzureErrorBody[] {
  return listOf(value).flatMap((status) => {
    if (!isRecord(status)) return [];
    const field = fieldsOf(status);
    const code = textOf(field("code"));
    const isFailed = /\/failed\b/i.test(code) || textOf(field("level")).toLowerCase() === "error";
    if (!isFailed) return [];
    return { code: code.split("/").at(-1) ?? "", message: textOf(field("message")) || textOf(field("displayStatus")) };
  });
}

function asOne(errors: readonly AzureErrorBody[]): AzureErrorBody | undefined {
  const [first, ...rest] = errors;
  return first && rest.length > 0 ? { ...first, details: [...(first.details ?? []), ...rest] } : first;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** OData has its texts as `{lang, value}`. */
function textOf(value: unknown): string {
  if (isRecord(value)) return textOf(fieldsOf(value)("value"));
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}

function tryParseJson(text: string): unknown {
  if (!/^\s*[{["]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? tryParseJson(value) : value;
  } catch {
    return undefined;
  }
}

/** Of storage: https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
function tryParseXml(text: string): AzureErrorBody | undefined {
  const code = /<Code>([^<]+)<\/Code>/i.exec(text)?.[1]?.trim();
  if (code === undefined) return undefined;
  return { code, message: /<Message>([^<]*)<\/Message>/i.exec(text)?.[1]?.trim() ?? "" };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
