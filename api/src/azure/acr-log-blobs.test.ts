import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { AzureError, UntrustedOperationError } from "../shared/azure-error.ts";
import type { AzureErrorKind } from "../shared/azure-error.ts";
import { createAcrLogBlobs } from "./acr-log-blobs.ts";
import type { AzureRequestFacts } from "./azure-http-client.ts";

const LOG_URL = "https://acrlogs.blob.core.windows.net/c/logs/cf1/rawtext.log?sv=1&sig=SECRET";

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

function harness(answer: (sent: Sent) => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const facts: AzureRequestFacts[] = [];
  const fakeFetch: typeof fetch = async (input, init) => {
    const request = { method: init?.method ?? "GET", url: String(input), headers: new Headers(init?.headers) };
    sent.push(request);
    init?.signal?.throwIfAborted();
    return answer(request);
  };
  let now = 0;
  const blobs = createAcrLogBlobs({
    fetch: fakeFetch,
    emulatorUrl: undefined,
    onRequest: (fact) => facts.push(fact),
    monotonicMs: () => (now += 40),
  });
  return { blobs, sent, facts };
}

/** Azure's storage as far as a log needs it. */
function storage(content: Uint8Array<ArrayBuffer>, metadata: Record<string, string> = {}) {
  const headers = {
    "x-ms-creation-time": "Sun, 22 Nov 2026 10:00:00 GMT",
    "x-ms-blob-type": "AppendBlob",
    ...metadata,
  };
  return ({ method, headers: asked }: Sent): Response => {
    if (method === "HEAD")
      return new Response(null, { headers: { ...headers, "content-length": `${content.length}` } });
    const [, from, to] = (/^bytes=(\d+)-(\d+)$/.exec(asked.get("x-ms-range") ?? "") ?? []).map(Number);
    if (from === undefined || to === undefined) return new Response(content, { headers });
    if (from >= content.length)
      return new Response("<Error><Code>InvalidRange</Code></Error>", {
        status: 416,
        headers: { "x-ms-error-code": "InvalidRange" },
      });
    const last = Math.min(to, content.length - 1);
    return new Response(content.slice(from, last + 1), {
      status: 206,
      headers: { ...headers, "content-range": `bytes ${from}-${last}/${content.length}` },
    });
  };
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail("It should have been refused."),
    (error: unknown) => error,
  );
}

const TEXT = new TextEncoder().encode("Step 1/2 ✓\r\nStep 2/2 ✓\r\n");

describe("a build's log", () => {
  it.each([
    ["from its start", 0, 1_000, TEXT],
    ["no more than asked for", 0, 5, TEXT.subarray(0, 5)],
    ["from the middle of a character", 10, 1_000, TEXT.subarray(10)],
    ["up to the middle of a character", 0, 10, TEXT.subarray(0, 10)],
    ["its last byte", TEXT.length - 1, 1_000, TEXT.subarray(-1)],
    ["nothing when nothing was added", TEXT.length, 1_000, new Uint8Array()],
  ])("is read with one request: %s", async (_, fromByte, maxBytes, bytes) => {
    const { blobs, sent } = harness(storage(TEXT));
    expect(await blobs.read(LOG_URL, fromByte, maxBytes)).toEqual({
      kind: "chunk",
      bytes: Buffer.from(bytes),
      totalBytes: TEXT.length,
      createdOn: "Sun, 22 Nov 2026 10:00:00 GMT",
      isComplete: false,
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.headers.has("authorization")).toBe(false);
  });

  it.each(["Complete", "complete", "COMPLETE"])("has ended when its metadata has %s", async (key) => {
    const { blobs } = harness(storage(TEXT, { [`x-ms-meta-${key}`]: "successful" }));
    expect(await blobs.read(LOG_URL, TEXT.length, 10)).toMatchObject({ bytes: Buffer.alloc(0), isComplete: true });
  });

  it("that was replaced by a shorter one is an empty chunk that says how long it is now", async () => {
    const { blobs, sent } = harness(storage(TEXT, { "x-ms-meta-complete": "failed" }));
    expect(await blobs.read(LOG_URL, 500, 10)).toMatchObject({
      kind: "chunk",
      bytes: new Uint8Array(),
      totalBytes: TEXT.length,
      isComplete: true,
    });
    expect(sent.map(({ method }) => method)).toEqual(["GET", "HEAD"]);
  });

  it("is an empty chunk while nothing is in it", async () => {
    const { blobs } = harness(storage(new Uint8Array()));
    expect(await blobs.read(LOG_URL, 0, 10)).toMatchObject({ kind: "chunk", totalBytes: 0, isComplete: false });
  });

  it("is missing until the run starts, also when it goes away in between", async () => {
    const { blobs } = harness(
      () => new Response("<Error/>", { status: 404, headers: { "x-ms-error-code": "BlobNotFound" } }),
    );
    expect(await blobs.read(LOG_URL, 0, 10)).toEqual({ kind: "missing" });
    const going = harness(({ method }) => new Response(null, { status: method === "GET" ? 416 : 404 }));
    expect(await going.blobs.read(LOG_URL, 10, 10)).toEqual({ kind: "missing" });
  });

  it("is cut to what was asked for when the range is ignored", async () => {
    const { blobs } = harness(() => new Response(TEXT, { headers: { "content-length": `${TEXT.length}` } }));
    expect(await blobs.read(LOG_URL, 3, 4)).toMatchObject({
      bytes: Buffer.from(TEXT.subarray(3, 7)),
      totalBytes: TEXT.length,
    });
  });

  it("takes no more into memory than was asked for", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new Uint8Array(1_000));
      },
    });
    const { blobs } = harness(
      () => new Response(endless, { status: 206, headers: { "content-range": "bytes 0-9/999999999" } }),
    );
    expect(await blobs.read(LOG_URL, 0, 2_500)).toMatchObject({ bytes: Buffer.alloc(2_500) });
    expect(pulled).toBeLessThan(6);
  });

  it.each<[number, string, AzureErrorKind]>([
    [403, "AuthenticationFailed", "forbidden"],
    [401, "NoAuthenticationInformation", "forbidden"],
    [400, "InvalidQueryParameterValue", "permanent"],
    [500, "InternalError", "transient"],
    [503, "ServerBusy", "transient"],
    [307, "Http307", "unknown"],
  ])("is refused by %i %s as %s, with no word of the signature", async (status, code, kind) => {
    const headers = {
      ...(status !== 307 && { "x-ms-error-code": code }),
      "retry-after": "2",
      location: "https://evil.example/?sig=SECRET",
    };
    const { blobs } = harness(
      () => new Response("<Error><Message>String to sign: SECRET</Message></Error>", { status, headers }),
    );
    const error = await failure(blobs.read(LOG_URL, 0, 10));
    expect(error).toBeInstanceOf(AzureError);
    expect(error).toMatchObject({ kind, code, status, retryAfterMs: status < 400 ? undefined : 2_000 });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/SECRET|rawtext/);
  });

  it.each<[string, Record<string, string>]>([
    ["names no range", {}],
    ["begins behind what was asked for", { "content-range": "bytes 9-10/11" }],
  ])("can't be used when the answer %s", async (_, headers) => {
    const { blobs } = harness(() => new Response("x", { status: 206, headers }));
    expect(await failure(blobs.read(LOG_URL, 3, 10))).toMatchObject({ kind: "unknown", code: "UnreadableAnswer" });
  });

  it.each(["before the answer", "in the middle of it"])("is transient when the connection breaks %s", async (when) => {
    const cause = Object.assign(new Error(`reset ${LOG_URL}`), { code: "ECONNRESET" });
    const broken = new TypeError(`fetch failed ${LOG_URL}`, { cause });
    const { blobs, facts } = harness(() => {
      if (when === "before the answer") throw broken;
      const body = new ReadableStream({ pull: (controller) => controller.error(broken) });
      return new Response(body, { status: 206, headers: { "content-range": "bytes 0-9/10" } });
    });
    const error = await failure(blobs.read(LOG_URL, 0, 10));
    expect(error).toMatchObject({ kind: "transient", code: "ECONNRESET" });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain("SECRET");
    expect(facts).toEqual([
      { operation: "GET build-log", status: when === "before the answer" ? undefined : 206, durationMs: 40 },
    ]);
  });

  it("passes the caller's abort on", async () => {
    const { blobs } = harness(storage(TEXT));
    await expect(blobs.read(LOG_URL, 0, 10, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });

  it("is not asked for at a foreign host", async () => {
    const { blobs, sent, facts } = harness(storage(TEXT));
    await expect(blobs.read("https://evil.example/?sig=SECRET", 0, 10)).rejects.toBeInstanceOf(UntrustedOperationError);
    expect([sent, facts]).toEqual([[], []]);
  });
});
