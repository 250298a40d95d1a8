import type { LogChunk } from "../registry/acr-gateway.ts";
import { AzureError } from "../shared/azure-error.ts";
import { toAzureError } from "./arm-errors.ts";
import type { AzureRequestFacts } from "./azure-http-client.ts";
import { assertTrustedLogUrl } from "./trusted-host.ts";
import type { LogAddress } from "./trusted-host.ts";

export interface AcrLogBlobs {
  /** As `AcrGateway.readLog` promises. The address is signed, so it is in no error and no metric. */
  read(logUrl: string, fromByte: number, maxBytes: number, signal?: AbortSignal): Promise<LogChunk>;
}

export interface AcrLogBlobsDeps {
  /** Makes the connection. */
  readonly fetch: typeof fetch;
  /** Where an emulator stands for Azure, and the only place then that is connected to. */
  readonly emulatorUrl: string | undefined;
  readonly onRequest: (facts: AzureRequestFacts) => void;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
}

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Reads the append blobs that ACR writes its logs to, by plain HTTP: the address itself is the right to read.
 * https://learn.microsoft.com/rest/api/storageservices/get-blob
 */
export function createAcrLogBlobs(deps: AcrLogBlobsDeps): AcrLogBlobs {
  return {
    async read(logUrl, fromByte, maxBytes, signal) {
      const address = assertTrustedLogUrl(logUrl, deps.emulatorUrl);
      // One byte that is known already goes along: a range must begin within the blob, so nothing new would be a refusal.
      const fromKnown = Math.max(0, fromByte - 1);
      const range = { "x-ms-range": `bytes=${fromKnown}-${fromByte + maxBytes - 1}` };
      const chunk = await request("GET", address, range, signal, async (response) => {
        if (response.status === 206) return partOf(response, fromByte, maxBytes);
        if (response.status === 200) return wholeOf(response, fromByte, maxBytes);
        await response.body?.cancel();
        if (response.status === 404) return MISSING;
        if (response.status === 416) return undefined;
        throw refused(response, "GET", address.url);
      });
      // The blob ends before the range. How long it is and whether more will come is told by its properties alone.
      return chunk ?? request("HEAD", address, {}, signal, (response) => propertiesOf(response, address.url));
    },
  };

  async function request<T>(
    method: string,
    address: LogAddress,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const startMs = deps.monotonicMs();
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    let status: number | undefined;
    try {
      const response = await deps.fetch(address.url, {
        method,
        // Ranges count the bytes as they are stored.
        headers: { ...headers, ...address.headers, "accept-encoding": "identity" },
        redirect: "manual",
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      status = response.status;
      return await read(response);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw error instanceof AzureError ? error : unanswered(error, method, address.url, timeout.aborted);
    } finally {
      deps.onRequest({ operation: `${method} build-log`, status, durationMs: deps.monotonicMs() - startMs });
    }
  }
}

const MISSING: LogChunk = { kind: "missing" };

async function partOf(response: Response, fromByte: number, maxBytes: number): Promise<LogChunk> {
  const [, from = "", total = ""] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  if (total === "" || Number(from) > fromByte) {
    await response.body?.cancel();
    const message = "A build's log can't be read: the answer names no range, or another one than was asked for.";
    throw new AzureError({ kind: "unknown", body: { code: "UnreadableAnswer", message }, status: response.status });
  }
  const known = fromByte - Number(from);
  const bytes = await firstBytes(response, known + maxBytes);
  return chunkOf(response, bytes.subarray(known), Number(total));
}

async function wholeOf(response: Response, fromByte: number, maxBytes: number): Promise<LogChunk> {
  const bytes = await firstBytes(response, fromByte + maxBytes);
  return chunkOf(response, bytes.subarray(fromByte), Number(response.headers.get("content-length") ?? bytes.length));
}

async function propertiesOf(response: Response, url: string): Promise<LogChunk> {
  await response.body?.cancel();
  if (response.status === 404) return MISSING;
  if (response.status !== 200) throw refused(response, "HEAD", url);
  return chunkOf(response, new Uint8Array(), Number(response.headers.get("content-length") ?? 0));
}

function chunkOf({ headers }: Response, bytes: Uint8Array, totalBytes: number): LogChunk {
  return {
    kind: "chunk",
    bytes,
    totalBytes,
    createdOn: headers.get("x-ms-creation-time") ?? undefined,
    // Metadata `Complete`, in whichever case it was written; its value tells how the run ended.
    isComplete: headers.has("x-ms-meta-complete"),
  };
}

/** No more is taken into memory, however much is sent. */
async function firstBytes(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks, length).subarray(0, limit);
}

const TELLING_HEADERS = ["retry-after", "date", "x-ms-request-id"];

/**
 * Of Azure's answer only its code is kept: the text of a refused signature quotes what was signed.
 * https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2
 */
function refused({ status, headers }: Response, method: string, url: string): Error {
  const code = headers.get("x-ms-error-code") ?? `Http${status}`;
  const reason =
    status === 403 ? "Its signed address has expired or is not valid any more" : `Azure Storage answered ${status}`;
  const message = `A build's log can't be read. ${reason} (${code}).`;
  if (status < 400) return new AzureError({ kind: "unknown", body: { code, message }, status });
  const kept = new Map(
    TELLING_HEADERS.map((name) => [name, headers.get(name) ?? ""] as const).filter(([, value]) => value !== ""),
  );
  return toAzureError(Object.assign(new Error(message), { code }), { method, url, status, headers: kept });
}

/** A failed connection, told from scratch: nobody promises that the errors of `fetch` don't name the address. */
function unanswered(error: unknown, method: string, url: string, timedOut: boolean): Error {
  const code = causeCode(error);
  const failure = Object.assign(new Error("The connection broke."), code !== undefined && { code });
  return toAzureError(failure, { method, url, failure, timedOut });
}

function causeCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string") return code;
  }
  return undefined;
}
