import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import * as storage from "./storage-connection.ts";

/**
 * The value formats of settings. Every message finishes the sentence "<NAME> …", so that a problem reads as one line.
 * An empty value counts as unset: `.env` files are full of `NAME=`.
 */

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}

/** Builds a format from a function that returns the value, or `undefined` where the text does not fit. */
function format<T>(expected: string, read: (text: string) => T | undefined) {
  return z.string().transform((text, ctx): T => {
    const value = read(text.trim());
    if (value !== undefined) return value;
    ctx.issues.push({ code: "custom", message: `must be ${expected}, not ${quoted(text)}`, input: text });
    return z.NEVER;
  });
}

function readList<T>(text: string, readItem: (item: string) => T | undefined): T[] | undefined {
  const items = text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map(readItem);
  return items.length > 0 && items.every((item) => item !== undefined) ? items : undefined;
}

function readUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && (url.protocol === "http:" || url.protocol === "https:") && url.hostname !== "" ? url : undefined;
}

function readOrigin(text: string): string | undefined {
  const url = readUrl(text);
  const isOrigin = url && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  return isOrigin ? url.origin : undefined;
}

function readHost(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  if (isIPv4(bare) || isIPv6(bare)) return bare;
  return HOST_NAME.test(text) ? text.toLowerCase() : undefined;
}

/** A Host header's name without port, IPv6 in brackets as browsers send it. */
function readHeaderHost(text: string): string | undefined {
  const host = readHost(text);
  return host !== undefined && isIPv6(host) ? `[${host}]` : host;
}

/** A whole TCP port number. 0 is refused: the web UI must know the API's port before it starts. */
export const port = format("a port number from 1 to 65535", (text) => {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= 65_535 ? value : undefined;
});

/** The most of something; 0 sets no limit. */
export const limit = format("a whole number of 0 or more, where 0 sets no limit", (text) =>
  /^\d{1,9}$/.test(text) ? Number(text) : undefined,
);

/** How many of something there are. */
export const count = format("a whole number of 0 or more", (text) =>
  /^\d{1,9}$/.test(text) ? Number(text) : undefined,
);

/** A factor of 0 or more; 0 stands still. */
export const speed = format("a number of 0 or more, such as 1 or 10", (text) =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined,
);

/** A name or an IP address to listen on; brackets around IPv6 are dropped, because `listen` wants none. */
export const host = format("a host name or an IP address without scheme and port", readHost);

/** `http://` or `https://` URL without anything after the host and port, normalised to its origin. */
export const origin = format(
  "an http:// or https:// address without a path, such as https://slipway.example.com",
  readOrigin,
);

/** Any `http://` or `https://` URL, without its trailing slash. */
export const url = format("an http:// or https:// URL", (text) => readUrl(text)?.href.replace(/\/$/, ""));

/** Kept letter by letter: a token's `iss` has to be the same. Without TLS only on this machine. */
export const issuer = format(
  "an https:// URL, or an http:// one on this machine, such as https://login.microsoftonline.com/<tenant>/v2.0",
  (text) => {
    const url = readUrl(text);
    const isLocal = url && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
    const isSafe = url && (url.protocol === "https:" || isLocal) && url.username === "" && !url.search && !url.hash;
    return isSafe ? text : undefined;
  },
);

/** A name that others have given. */
export const text = format("a text without spaces", (value) =>
  /^[^\s\p{Cc}]{1,300}$/u.test(value) ? value : undefined,
);

export const originList = format(
  "origins separated by commas, such as https://slipway.example.com (there is no wildcard)",
  (text) => readList(text, readOrigin),
);

export const hostList = format("host names without port, separated by commas", (text) =>
  readList(text, readHeaderHost),
);

export const guid = format("a GUID such as 00000000-0000-0000-0000-000000000000", (text) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined,
);

/** https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names */
export const tableName = format("3 to 63 letters and digits that start with a letter", (text) =>
  /^[A-Za-z][A-Za-z0-9]{2,62}$/.test(text) ? text : undefined,
);

/** Never repeated in a problem. */
export const secret = z.string().transform((text, ctx): string => {
  if (text.length >= 16) return text;
  ctx.issues.push({ code: "custom", message: "must be a secret of at least 16 characters", input: "" });
  return z.NEVER;
});

/** `name=value` pairs, values percent-encoded, as OpenTelemetry has them. Never repeated in a problem. */
export const headerList = z.string().transform((text, ctx): Readonly<Record<string, string>> => {
  const pairs = text.split(",").map((pair) => /^\s*([!#$%&'*+.^_`|~\w-]+)=(.*)$/.exec(pair));
  try {
    if (pairs.every((pair) => pair !== null))
      return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, decodeURIComponent(value.trim())]));
  } catch {
    // Not percent-encoded: told below, as everything else that can't be read.
  }
  ctx.issues.push({ code: "custom", message: "must be headers such as api-key=value, separated by commas", input: "" });
  return z.NEVER;
});

export const storageAccount = format("3 to 24 lower-case letters and digits", storage.readAccountName);

/** Its query may carry a signature, so that a wrong one is not repeated. */
export const tablesEndpoint = z.string().transform((text, ctx): string => {
  const endpoint = storage.readServiceEndpoint(text.trim());
  if (endpoint !== undefined) return endpoint;
  ctx.issues.push({
    code: "custom",
    message:
      "must be an https:// URL without query, such as https://slipway.table.core.windows.net, or an http:// one on this machine",
    input: undefined,
  });
  return z.NEVER;
});

export const storageConnection = z.string().transform((text, ctx): storage.StorageConnection => {
  const read = storage.readConnectionString(text.trim());
  if (read.ok) return read.connection;
  ctx.issues.push({ code: "custom", message: read.problem, input: undefined });
  return z.NEVER;
});

/** May carry a password, so that a wrong one is not repeated. */
export const redisUrl = z.string().transform((text, ctx): string => {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url && ["redis:", "rediss:"].includes(url.protocol) && url.hostname !== "") return text.trim();
  ctx.issues.push({
    code: "custom",
    message: "must be a redis:// URL, or a rediss:// one for TLS, such as redis://127.0.0.1:6379",
    input: undefined,
  });
  return z.NEVER;
});

export const folder = format("a folder", (text) => (text.includes("\0") ? undefined : text));

/** One of a few words, exactly as written. */
export function oneOf<const T extends string>(...words: readonly T[]) {
  return format(words.length === 1 ? `"${words[0]}"` : words.join(", ").replace(/, ([^,]*)$/, " or $1"), (text) =>
    words.find((word) => word === text),
  );
}
