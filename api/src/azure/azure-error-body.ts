import type { AzureErrorBody } from "../shared/azure-error.ts";

/** Deeper than any answer seen; ends a body that refers to itself in texts within texts. */
const MAX_DEPTH = 8;

/**
 * The error in an answer of Azure, whichever form it has: wrapped in `error` (ARM, operations), flat (AKS), a list in `errors`
 * (registries), with `details` as a list, an object or null, with `innererror`, or as JSON in a message.
 * Undefined when there is none.
 */
export function tryParseErrorText(text: string): AzureErrorBody | undefined {
  return tryParseErrorBody(tryParseJson(text), 0);
}

function tryParseErrorBody(value: unknown, depth: number): AzureErrorBody | undefined {
  if (!isRecord(value) || depth > MAX_DEPTH) return undefined;
  if (isRecord(value["error"])) return tryParseErrorBody(value["error"], depth + 1);
  if (Array.isArray(value["errors"])) return asOne(parseAll(value["errors"], depth + 1));

  const code = textOf(value["code"]);
  const message = textOf(value["message"]);
  if (code === "" && message === "") return undefined;
  const target = textOf(value["target"]);
  const details = [
    ...parseAll(listOf(value["details"]), depth + 1),
    ...parseAll(listOf(value["innererror"] ?? value["innerError"]), depth + 1),
    ...parseAll(listOf(tryParseJson(message)), depth + 1),
  ].filter((detail) => detail.code !== code || detail.message !== message);
  return { code, message, ...(target !== "" && { target }), ...(details.length > 0 && { details }) };
}

function parseAll(values: readonly unknown[], depth: number): AzureErrorBody[] {
  return values.flatMap((value) => tryParseErrorBody(value, depth) ?? []);
}

function asOne(errors: readonly AzureErrorBody[]): AzureErrorBody | undefined {
  const [first, ...rest] = errors;
  return first && rest.length > 0 ? { ...first, details: [...(first.details ?? []), ...rest] } : first;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}

function tryParseJson(text: string): unknown {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
