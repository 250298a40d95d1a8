import { createHash, createHmac } from "node:crypto";

/** The storage account of ACR Tasks in the emulated region: its name is the first part of every blob's path. */
export const TASKS_ACCOUNT = "acrtasksweu1";

/** About as long as the live service's: https://github.com/Azure/azure-cli/issues/28151 */
const LIFETIME_MS = 70 * 60_000;

/** Signs for this emulator alone: who reaches it may know everything it knows. */
const ACCOUNT_KEY = "emulated";

/** The container that belongs to a registry. */
export function containerOf(registry: string): string {
  return `container-${createHash("sha256").update(registry.toLowerCase()).digest("hex").slice(0, 32)}`;
}

/**
 * A blob's address with a shared access signature. Plain HTTP: the signature is the credential, and `fetch` and
 * `BlobClient` take it as it is.
 * @param blob path in the container
 */
export function signedBlobUrl(
  serverUrl: string,
  registry: string,
  blob: string,
  grant: { permissions: "r" | "rw"; nowMs: number },
): string {
  const path = `/${TASKS_ACCOUNT}/${containerOf(registry)}/${blob}`;
  const start = new Date(grant.nowMs).toISOString();
  const expiry = new Date(grant.nowMs + LIFETIME_MS).toISOString();
  const query = new URLSearchParams({ sv: "2021-08-06", st: start, se: expiry, sr: "b", sp: grant.permissions });
  query.set("sig", signature(path, expiry, grant.permissions));
  return `${serverUrl}${path}?${query}`;
}

/** @returns what is wrong with the signature of a request, or undefined */
export function signatureProblem(
  path: string,
  query: URLSearchParams,
  permission: "r" | "w",
  nowMs: number,
): string | undefined {
  const { se = "", sp = "", sig = "" } = Object.fromEntries(query);
  if (sig !== signature(path, se, sp)) return "Signature did not match.";
  if (!(Date.parse(se) > nowMs)) {
    return `Signed expiry time [${se}] must be after the current time [${new Date(nowMs).toISOString()}]`;
  }
  return sp.includes(permission) ? undefined : `Signed permissions [${sp}] do not allow this request`;
}

function signature(path: string, expiry: string, permissions: string): string {
  return createHmac("sha256", ACCOUNT_KEY).update(`${path}\n${expiry}\n${permissions}`).digest("base64");
}
