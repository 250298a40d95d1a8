const REDACTED = "[redacted]";

/** Keys whose whole value is a secret, compared in lower case without `-` and `_`. */
const SECRET_KEYS = new Set([
  "authorization",
  "proxyauthorization",
  "cookie",
  "setcookie",
  "token",
  "accesstoken",
  "refreshtoken",
  "idtoken",
  "password",
  "clientsecret",
  "accountkey",
  "connectionstring",
  "storageconnectionstring",
]);

/** Deeper than any record we log; it bounds the work on a foreign object such as an SDK error with its request. */
const MAX_DEPTH = 8;

/**
 * A copy of `fields` without the values of secret keys. Errors become plain objects, what contains itself or lies too deep becomes
 * a short word, so that the copy can always be written as JSON. Secrets inside texts are `redactText`'s.
 */
export function redactFields(fields: object): Record<string, unknown> {
  return copyFields(fields, 0, [fields]);
}

function copy(value: unknown, depth: number, above: readonly object[]): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "[circular]";
  if (depth >= MAX_DEPTH) return "[deep]";
  const path = [...above, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[invalid date]" : value.toISOString();
  if (value instanceof URL) return value.href;
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1, path));
  if (value instanceof Map || value instanceof Set) return copy([...value], depth + 1, path);
  return copyFields(value, depth, path);
}

function copyFields(value: object, depth: number, path: readonly object[]): Record<string, unknown> {
  const fields = value instanceof Error ? errorFields(value) : Object.entries(value);
  return Object.fromEntries(
    fields.map(([key, item]) => {
      const isSecret = SECRET_KEYS.has(key.toLowerCase().replaceAll(/[-_]/g, ""));
      return [key, isSecret && item !== undefined ? REDACTED : copy(item, depth + 1, path)];
    }),
  );
}

/** The parts of an error that `Object.entries` leaves out, then its own; `request` and `response` of an SDK error are bulk. */
function errorFields(error: Error): [string, unknown][] {
  const own = Object.entries(error).filter(
    ([key]) => !["request", "response", "message", "stack", "name"].includes(key),
  );
  const cause: [string, unknown][] = error.cause === undefined ? [] : [["cause", error.cause]];
  return [
    ["type", error.name],
    ["message", error.message],
    ["stack", error.stack],
    ...cause,
    ...own.filter(([key]) => key !== "cause"),
  ];
}
