import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BUILD_SECONDS, GROUP, REGISTRY, startAcr } from "./acr.ts";
import type { Acr } from "./acr.ts";

let azure: Acr;

beforeEach(async () => {
  azure = await startAcr();
});
afterEach(() => azure.stop());

const head = (url: string): Promise<Response> => fetch(url, { method: "HEAD" });
const range = (url: string, bytes: string, name = "x-ms-range"): Promise<Response> =>
  fetch(url, { headers: { [name]: `bytes=${bytes}` } });

describe("a build's log", () => {
  test("is not there until the run has started, and is served over plain HTTP from this machine", async () => {
    const url = await azure.logUrl(await azure.build("shop/web:3.0.0"));
    expect(new URL(url).origin).toBe(azure.emulator.url);
    const early = await head(url);
    expect([early.status, early.headers.get("x-ms-error-code")]).toEqual([404, "BlobNotFound"]);
    azure.emulator.advance(2);
    expect((await head(url)).status).toBe(200);
  });

  test("grows with the clock, whole lines at a time, until Complete says that nothing comes any more", async () => {
    const runId = await azure.build("shop/web:3.0.0");
    const url = await azure.logUrl(runId);
    let text = "";
    let growths = 0;
    for (let seconds = 0; seconds < 300; seconds += 5) {
      azure.emulator.advance(5);
      const response = await fetch(url);
      const next = await response.text();
      expect(next.startsWith(text)).toBe(true);
      expect(next === "" || next.endsWith("\r\n")).toBe(true);
      if (next.length > text.length) growths++;
      text = next;
      const isOver = (await azure.run(runId)).status === "Succeeded";
      expect(response.headers.get("x-ms-meta-complete")).toBe(isOver ? "successful" : null);
    }
    expect(growths).toBeGreaterThan(8);
    expect(text).toMatch(/Step 1\/\d+ : FROM node:24-alpine AS build\r\n/);
    expect(text).toContain("Successfully tagged demoacr.azurecr.io/shop/web:3.0.0\r\n");
    expect(text).toMatch(/3\.0\.0: digest: sha256:[0-9a-f]{64} size: \d+\r\n/);
    expect(text).toMatch(/\r\n\r\nRun ID: cf8 was successful after (\d+m)?\d+s\r\n$/);
    // eslint-disable-next-line no-control-regex -- what is looked for is a control sequence
    expect(text).toMatch(/\u001b\[3\dm/);
    expect(Buffer.byteLength(text)).toBeGreaterThan(text.length);
  });

  test("shows the values of arguments, and of secret ones neither here nor anywhere else", async () => {
    const runId = await azure.build("shop/web:3.0.0", {
      arguments: [
        { name: "VERSION", value: "plain-value", isSecret: false },
        { name: "TOKEN", value: "s3cret-value", isSecret: true },
      ],
    });
    azure.emulator.advance(BUILD_SECONDS);
    const text = await (await fetch(await azure.logUrl(runId))).text();
    expect(text).toContain("VERSION=plain-value");
    const everything = JSON.stringify([text, await azure.run(runId), (await azure.control("GET", "state")).body]);
    expect(everything).not.toContain("s3cret-value");
  });

  test.each(["x-ms-range", "range"])("is read in pieces by %s, which make up the whole", async (name) => {
    const runId = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(BUILD_SECONDS);
    const url = await azure.logUrl(runId);
    const properties = await head(url);
    const length = Number(properties.headers.get("content-length"));
    expect(properties.headers.get("x-ms-blob-type")).toBe("AppendBlob");
    const parts: Buffer[] = [];
    for (let from = 0; from < length; from += 777) {
      const part = await range(url, `${from}-${from + 776}`, name);
      expect(part.status).toBe(206);
      const to = Math.min(from + 776, length - 1);
      expect(part.headers.get("content-range")).toBe(`bytes ${from}-${to}/${length}`);
      parts.push(Buffer.from(await part.arrayBuffer()));
    }
    expect(Buffer.concat(parts).toString()).toBe(await (await fetch(url)).text());
    const past = await range(url, `${length}-`, name);
    expect([past.status, past.headers.get("x-ms-error-code")]).toEqual([416, "InvalidRange"]);
    expect(await past.text()).toContain("<Code>InvalidRange</Code>");
  });

  test("changes its etag with its content, and keeps it without", async () => {
    const runId = await azure.build("shop/web:3.0.0");
    const url = await azure.logUrl(runId);
    azure.emulator.advance(20);
    const etag = (await head(url)).headers.get("etag") ?? "";
    expect((await head(url)).headers.get("etag")).toBe(etag);
    expect((await fetch(url, { headers: { "if-match": etag } })).status).toBe(200);
    azure.emulator.advance(20);
    expect((await head(url)).headers.get("etag")).not.toBe(etag);
    expect((await fetch(url, { headers: { "if-match": etag } })).status).toBe(412);
  });

  test("is refused when the address has expired or was changed, and given again for a new one", async () => {
    const runId = await azure.build("shop/web:3.0.0");
    const url = await azure.logUrl(runId);
    azure.emulator.advance(70 * 60 + 1);
    const expired = await fetch(url);
    expect([expired.status, expired.headers.get("x-ms-error-code")]).toEqual([403, "AuthenticationFailed"]);
    const fresh = await azure.logUrl(runId);
    expect((await fetch(fresh)).status).toBe(200);
    expect((await fetch(fresh.replace("/cf8/", "/cf1/"))).status).toBe(403);
    expect((await fetch(fresh.split("?")[0] ?? "")).status).toBe(403);
  });

  test.each([
    [
      "fails",
      "failed",
      /non-zero code: 1\r\n.*\r\nfailed to run step ID: build: exit status 1\r\n\r\nRun ID: cf8 failed after .*err: exit status 1\r\n$/,
    ],
    ["times-out", "timedout", /Run ID: cf8 failed after 10m0s\. Error: .*context deadline exceeded\r\n$/],
    ["errors", "internalerror", /the agent that ran this task is gone/],
  ])("of an image that %s ends with %s", async (scenario, complete, end) => {
    await azure.script({ image: "shop/web:3.0.0", scenario });
    const runId = await azure.build("shop/web:3.0.0", { timeout: 600 });
    azure.emulator.advance(BUILD_SECONDS);
    const response = await fetch(await azure.logUrl(runId));
    expect(response.headers.get("x-ms-meta-complete")).toBe(complete);
    const text = await response.text();
    expect(text).toMatch(end);
    expect(text).not.toMatch(/Successfully (built|tagged|pushed)/);
  });

  test("of an image that the registry refuses tells that it was built, and what became of its push", async () => {
    await azure.script({ image: "shop/web:3.0.0", scenario: "push-refused" });
    const runId = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(BUILD_SECONDS);
    const text = await (await fetch(await azure.logUrl(runId))).text();
    expect(text).toMatch(/Successfully tagged demoacr\.azurecr\.io\/shop\/web:3\.0\.0\r\n/);
    expect(text).toMatch(
      /attempt 3\r\n.*\r\nunknown: The operation is disallowed.*\r\nfailed to run step ID: push: failed to push images successfully\r\n\r\nRun ID: cf8 failed after/,
    );
    expect(text).not.toContain("Successfully pushed");
  });

  test("of a canceled run stays as it was, and of one that never started never comes", async () => {
    const runIds = [await azure.build("shop/web:3.0.0"), await azure.build("shop/web:3.0.1")];
    await azure.acr.runs.beginCancelAndWait(GROUP, REGISTRY, runIds[1] ?? "");
    azure.emulator.advance(25);
    const url = await azure.logUrl(runIds[0] ?? "");
    const before = await (await fetch(url)).text();
    await azure.acr.runs.beginCancelAndWait(GROUP, REGISTRY, runIds[0] ?? "");
    azure.emulator.advance(BUILD_SECONDS);
    const after = await fetch(url);
    expect(after.headers.get("x-ms-meta-complete")).toBe("canceled");
    expect(await after.text()).toBe(before);
    expect((await fetch(await azure.logUrl(runIds[1] ?? ""))).status).toBe(404);
  });

  test("that is replaced is a new, shorter blob in the middle of the run", async () => {
    await azure.script({ image: "shop/web:3.0.0", scenario: "log-replaced" });
    const runId = await azure.build("shop/web:3.0.0");
    const url = await azure.logUrl(runId);
    const changes: { newlyMade: boolean; isOther: boolean; status: string | undefined }[] = [];
    let before = { length: 0, made: "", etag: "" };
    for (let seconds = 0; seconds < 300; seconds++) {
      azure.emulator.advance(1);
      const { headers, status } = await head(url);
      if (status === 404) continue;
      const now = {
        length: Number(headers.get("content-length")),
        made: headers.get("x-ms-creation-time") ?? "",
        etag: headers.get("etag") ?? "",
      };
      if (now.length < before.length) {
        const newlyMade = now.made !== before.made;
        changes.push({ newlyMade, isOther: now.etag !== before.etag, status: (await azure.run(runId)).status });
      }
      before = now;
    }
    expect(changes).toEqual([{ newlyMade: true, isOther: true, status: "Running" }]);
    expect(await (await fetch(url)).text()).toMatch(/Run ID: cf8 was successful/);
  });

  test("of a scripted image has 50,000 lines, which can be read in pieces", async () => {
    await azure.script({ image: "shop/web:3.0.0", scenario: "long-log" });
    const runId = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(BUILD_SECONDS);
    const url = await azure.logUrl(runId);
    for (let from = 0; from < 100; from++) {
      expect((await range(url, `${from * 10_000}-${from * 10_000 + 9_999}`)).status).toBe(206);
    }
    expect((await (await fetch(url)).text()).split("\r\n").length).toBeGreaterThan(50_000);
  });

  test("that is busy says so in Azure Storage's own way", async () => {
    const url = await azure.logUrl(await azure.build("shop/web:3.0.0"));
    await azure.fault({ match: { operation: "runLogs.get" }, then: { throttle: { retryAfterSeconds: 3 } } });
    const busy = await fetch(url);
    expect([busy.status, busy.headers.get("retry-after"), await busy.text()]).toEqual([
      503,
      "3",
      expect.stringContaining("<Code>ServerBusy</Code>"),
    ]);
  });
});
