/**
 * Connection strings of Azure Storage, as far as its tables and queues go.
 * https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 * No problem repeats any part of the text: all of it may be secret, above all when it is malformed.
 */

export type StorageCredential =
  | { readonly kind: "key"; readonly accountName: string; readonly accountKey: string }
  | { readonly kind: "signature"; readonly sharedAccessSignature: string };

export interface StorageConnection {
  /** Where the tables are, without trailing slash. */
  readonly endpoint: string;
  /** Where the queues are, likewise; undefined when only the tables' own address is told. */
  readonly queueEndpoint: string | undefined;
  readonly credential: StorageCredential;
}

export type ReadConnection =
  | { readonly ok: true; readonly connection: StorageConnection }
  /** Finishes the sentence "<NAME> …". */
  | { readonly ok: false; readonly problem: string };

// The same for everybody: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
const DEVELOPMENT: StorageConnection = {
  endpoint: "http://127.0.0.1:10002/devstoreaccount1",
  queueEndpoint: "http://127.0.0.1:10001/devstoreaccount1",
  credential: {
    kind: "key",
    accountName: "devstoreaccount1",
    accountKey: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
  },
};

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const ACCOUNT_NAME = /^[a-z0-9]{3,24}$/;

/** https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name */
export function readAccountName(text: string): string | undefined {
  return ACCOUNT_NAME.test(text) ? text : undefined;
}

/** The address of tables or queues without trailing slash; undefined where keys and data would travel in the clear or is none. */
export function readServiceEndpoint(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (!url || !isSafe || `${url.search}${url.hash}${url.username}${url.password}` !== "") return undefined;
  return url.href.replace(/\/+$/, "");
}

export function readConnectionString(text: string): ReadConnection {
  const parts = readParts(text);
  if (!parts) return refuse("must be parts such as AccountName=… separated by semicolons, each of them once");
  if (parts.get("usedevelopmentstorage")?.toLowerCase() === "true") return { ok: true, connection: DEVELOPMENT };

  const accountName = parts.get("accountname");
  const accountKey = parts.get("accountkey");
  const sharedAccessSignature = parts.get("sharedaccesssignature")?.replace(/^\?/, "");
  if (accountName !== undefined && readAccountName(accountName) === undefined) {
    return refuse("has an AccountName that is not 3 to 24 lower-case letters and digits");
  }
  const endpoint = readServiceEndpoint(parts.get("tableendpoint") ?? defaultEndpoint("table", parts, accountName));
  if (endpoint === undefined) {
    return refuse(
      "must lead to tables by https, or by http on this machine: check AccountName, DefaultEndpointsProtocol and TableEndpoint",
    );
  }
  const queues =
    parts.get("queueendpoint") ??
    (parts.has("tableendpoint") ? undefined : defaultEndpoint("queue", parts, accountName));
  const queueEndpoint = queues === undefined ? undefined : readServiceEndpoint(queues);
  if (queues !== undefined && queueEndpoint === undefined) {
    return refuse("must lead to queues by https, or by http on this machine: check QueueEndpoint");
  }
  if (sharedAccessSignature !== undefined) {
    if (!/(^|&)sig=[^&]/.test(sharedAccessSignature)) return refuse("has a SharedAccessSignature without its sig");
    return {
      ok: true,
      connection: { endpoint, queueEndpoint, credential: { kind: "signature", sharedAccessSignature } },
    };
  }
  if (accountName === undefined || accountKey === undefined) {
    return refuse("must have AccountName and AccountKey, or TableEndpoint and SharedAccessSignature");
  }
  if (!BASE64.test(accountKey) || accountKey.length % 4 !== 0)
    return refuse("has an AccountKey that is not base64: was it cut off?");
  return { ok: true, connection: { endpoint, queueEndpoint, credential: { kind: "key", accountName, accountKey } } };
}

function refuse(problem: string): ReadConnection {
  return { ok: false, problem };
}

function defaultEndpoint(
  service: "table" | "queue",
  parts: ReadonlyMap<string, string>,
  accountName: string | undefined,
): string {
  const protocol = parts.get("defaultendpointsprotocol")?.toLowerCase() ?? "https";
  return accountName === undefined
    ? ""
    : `${protocol}://${accountName}.${service}.${parts.get("endpointsuffix") ?? "core.windows.net"}`;
}

/** By their names in lower case; undefined when a part is no `name=value` or comes twice. */
function readParts(text: string): ReadonlyMap<string, string> | undefined {
  const parts = new Map<string, string>();
  for (const part of text.split(";").map((one) => one.trim())) {
    if (part === "") continue;
    const at = part.indexOf("=");
    const name = part.slice(0, at).trim().toLowerCase();
    if (at < 1 || parts.has(name)) return undefined;
    parts.set(name, part.slice(at + 1).trim());
  }
  return parts.size > 0 ? parts : undefined;
}
