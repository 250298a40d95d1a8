import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LogChunk } from "../registry/acr-gateway.ts";
import type { AcrRun, AcrRunRequest } from "../registry/builds/acr-run.ts";
import type { Registry } from "../registry/registry.ts";
import { AzureError, UntrustedOperationError } from "../shared/azure-error.ts";
import { startEmulatedAzure } from "./emulated-azure.fixture.ts";
import type { EmulatedAzure } from "./emulated-azure.fixture.ts";

const HOUR = 3_600;
const WHOLE = 10_000_000;

let azure: EmulatedAzure;
let registry: Registry;
let imageNumber = 0;

beforeAll(async () => {
  azure = await startEmulatedAzure();
  const [subscription] = await azure.gateways.catalogue.listSubscriptions();
  const [first] = await azure.gateways.acr.listRegistries(subscription?.subscriptionId ?? "");
  if (!first) throw new Error("The demo world has no registry.");
  registry = first;
});
afterAll(() => azure.stop());
beforeEach(async () => {
  await azure.control("DELETE faults");
  // Ends the runs of the demo world and of earlier tests, which would keep the registry's agents busy.
  azure.advance(2 * HOUR);
  await azure.control("POST scenarios", { registry: registry.name, scenario: "open" });
  await azure.requests();
});

function build(image = `team/app${++imageNumber}`, tag = "v1"): AcrRunRequest {
  return {
    image,
    tag,
    sourceLocation: "https://github.com/acme/app.git#main",
    dockerfile: "Dockerfile",
    os: "Linux",
    architecture: "amd64",
    buildArgs: [{ name: "TOKEN", value: "s3cret", isSecret: true }],
    timeoutSeconds: HOUR,
  };
}

const start = async (request = build()): Promise<string> =>
  (await azure.gateways.acr.scheduleRun(registry, request)) ?? "";
const runOf = async (runId: string): Promise<AcrRun> => {
  const run = await azure.gateways.acr.getRun(registry, runId);
  if (!run) throw new Error(`There is no run ${runId}.`);
  return run;
};
const read = (logUrl: string, fromByte = 0, maxBytes = WHOLE): Promise<LogChunk> =>
  azure.gateways.acr.readLog(logUrl, fromByte, maxBytes);
const chunkOf = async (...from: Parameters<typeof read>): Promise<Extract<LogChunk, { kind: "chunk" }>> => {
  const chunk = await read(...from);
  if (chunk.kind !== "chunk") throw new Error("The log is missing.");
  return chunk;
};
const fault = (operation: string, then: object): Promise<unknown> =>
  azure.control("POST faults", { match: { operation }, then, times: 1 });

async function refusal(work: Promise<unknown>): Promise<AzureError> {
  const error = await work.then(
    () => expect.fail("It should have been refused."),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AzureError)) throw error;
  return error;
}

describe("a build", () => {
  it("is asked for once, followed to its end, and leaves its tag in the registry", async () => {
    const request = build();
    const runId = await start(request);
    expect(await azure.requests()).toMatchObject([{ method: "POST", effective: true }]);
    expect(await runOf(runId)).toMatchObject({ runId, status: "QUEUED", outputImages: [], error: undefined });
    expect((await azure.gateways.acr.listRuns(registry, 1)).map((run) => run.runId)).toEqual([runId]);
    expect(await azure.gateways.acr.listTags(registry, request.image, 10)).toBeUndefined();

    azure.advance(30);
    expect(["STARTED", "RUNNING"]).toContain((await runOf(runId)).status);
    azure.advance(HOUR);
    const done = await runOf(runId);
    expect(done).toMatchObject({
      status: "SUCCEEDED",
      createdAt: expect.any(String),
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
      outputImages: [{ repository: request.image, tag: "v1", digest: expect.stringMatching(/^sha256:/) }],
    });
    const digest = done.outputImages[0]?.digest;
    expect(await azure.gateways.acr.listTags(registry, request.image, 10)).toEqual({
      tags: [{ name: "v1", digest, createdAt: expect.any(String), sizeBytes: expect.any(Number) }],
      tagCount: 1,
    });
  });

  it("has a log that is missing at first, grows, and says when it is complete", async () => {
    const runId = await start();
    const logUrl = await azure.gateways.acr.getLogUrl(registry, runId);
    expect(await read(logUrl)).toEqual({ kind: "missing" });

    const parts: Uint8Array[] = [];
    let offset = 0;
    let growths = 0;
    for (let looks = 0; looks < 400; looks++) {
      azure.advance(10);
      const chunk = await read(logUrl, offset);
      if (chunk.kind === "missing") continue;
      expect(chunk.totalBytes).toBe(offset + chunk.bytes.length);
      if (chunk.bytes.length > 0) growths++;
      parts.push(chunk.bytes);
      offset = chunk.totalBytes;
      if (chunk.isComplete) break;
    }
    expect(growths).toBeGreaterThan(3);
    expect((await runOf(runId)).status).toBe("SUCCEEDED");
    const whole = await chunkOf(logUrl);
    expect(whole.isComplete).toBe(true);
    expect(Buffer.concat(parts)).toEqual(whole.bytes);
    expect(await chunkOf(logUrl, offset)).toMatchObject({
      bytes: Buffer.alloc(0),
      totalBytes: offset,
      isComplete: true,
    });
    expect(await chunkOf(logUrl, offset + 100)).toMatchObject({ bytes: new Uint8Array(), totalBytes: offset });
  });

  it("has a log that can be cut anywhere, also within a character", async () => {
    const runId = await start();
    azure.advance(HOUR);
    const logUrl = await azure.gateways.acr.getLogUrl(registry, runId);
    const whole = Buffer.from((await chunkOf(logUrl)).bytes);
    const at = whole.findIndex((byte) => byte >= 0x80);
    expect(at).toBeGreaterThan(0);
    const before = await chunkOf(logUrl, 0, at + 1);
    const after = await chunkOf(logUrl, at + 1);
    expect(before.bytes).toHaveLength(at + 1);
    const decoder = new TextDecoder("utf-8", { fatal: true });
    expect(decoder.decode(before.bytes, { stream: true }) + decoder.decode(after.bytes)).toBe(whole.toString());
  });

  it("has a log whose address expires, and another then", async () => {
    const runId = await start();
    azure.advance(60);
    const logUrl = await azure.gateways.acr.getLogUrl(registry, runId);
    azure.advance(25 * HOUR);
    const expired = await refusal(read(logUrl));
    expect(expired).toMatchObject({ kind: "forbidden", code: "AuthenticationFailed", status: 403 });
    expect(expired.message).not.toContain(new URL(logUrl).searchParams.get("sig"));
    expect(await chunkOf(await azure.gateways.acr.getLogUrl(registry, runId))).toMatchObject({ isComplete: true });
  });

  it("tells a log that was replaced by when it was made", async () => {
    const request = build("team/replaced");
    await azure.control("POST scenarios", { image: `${request.image}:v1`, scenario: "log-replaced" });
    const logUrl = await azure.gateways.acr.getLogUrl(registry, await start(request));
    const made = new Set<string | undefined>();
    for (let looks = 0; looks < 400; looks++) {
      azure.advance(5);
      const chunk = await read(logUrl);
      if (chunk.kind === "missing") continue;
      made.add(chunk.createdOn);
      if (chunk.isComplete) break;
    }
    expect([...made]).toEqual([expect.any(String), expect.any(String)]);
  });

  it("can be canceled, once", async () => {
    const runId = await start();
    azure.advance(30);
    await azure.gateways.acr.cancelRun(registry, runId);
    expect(await runOf(runId)).toMatchObject({ status: "CANCELED", outputImages: [] });
    expect(await refusal(azure.gateways.acr.cancelRun(registry, runId))).toMatchObject({
      kind: "conflict",
      code: "CannotCancelRun",
    });
    const logUrl = await azure.gateways.acr.getLogUrl(registry, runId);
    expect(await chunkOf(logUrl)).toMatchObject({ isComplete: true });
  });

  it.each<[string, AcrRun["status"]]>([
    ["fails", "FAILED"],
    ["times-out", "TIMEOUT"],
  ])("that %s ends so, with ACR's own reason and no images", async (scenario, status) => {
    const request = build(`team/${scenario}`);
    await azure.control("POST scenarios", { image: `${request.image}:v1`, scenario });
    const runId = await start(request);
    azure.advance(2 * HOUR);
    expect(await runOf(runId)).toMatchObject({ status, error: expect.stringContaining("failed"), outputImages: [] });
  });

  it("whose reply got lost is told so, was asked for once, and can be found", async () => {
    const before = await azure.gateways.acr.listRuns(registry, 100);
    await azure.requests();
    await fault("registries.scheduleRun", { dropConnection: "after" });
    expect(await refusal(azure.gateways.acr.scheduleRun(registry, build()))).toMatchObject({ kind: "lost-reply" });
    expect(await azure.requests()).toMatchObject([{ method: "POST", effective: true }]);
    expect(await azure.gateways.acr.listRuns(registry, 100)).toHaveLength(Math.min(100, before.length + 1));
  });

  it("is refused with Azure's reason where the subscription may not build", async () => {
    await azure.control("POST scenarios", { registry: registry.name, scenario: "tasks-not-allowed" });
    const refused = await refusal(azure.gateways.acr.scheduleRun(registry, build()));
    expect(refused).toMatchObject({ kind: "permanent", code: "TasksOperationsNotAllowed", status: 400 });
    expect(refused.message).toContain(registry.name);
  });

  it("is refused as not-found in a registry that is not there, whose runs are unknown", async () => {
    const missing = { ...registry, name: "nosuchregistry" };
    expect(await refusal(azure.gateways.acr.scheduleRun(missing, build()))).toMatchObject({
      kind: "not-found",
      status: 404,
    });
    expect(await azure.gateways.acr.getRun(registry, "cf99999")).toBeUndefined();
  });

  it("is throttled with when to ask again, and not asked for again by itself", async () => {
    await fault("registries.scheduleRun", { throttle: { retryAfterSeconds: 9 } });
    expect(await refusal(azure.gateways.acr.scheduleRun(registry, build()))).toMatchObject({
      kind: "transient",
      retryAfterMs: 9_000,
    });
    expect(await azure.requests()).toHaveLength(1);
  });
});

describe("a log", () => {
  it.each(["https://evil.example/logs/cf1/rawtext.log?sig=s", "http://127.0.0.1:9/logs/cf1/rawtext.log?sig=s"])(
    "is not read at %s",
    async (url) => {
      await expect(read(url)).rejects.toBeInstanceOf(UntrustedOperationError);
      expect(await azure.requests()).toEqual([]);
    },
  );

  it("is transient when its storage is busy or silent", async () => {
    const runId = await start();
    azure.advance(60);
    const logUrl = await azure.gateways.acr.getLogUrl(registry, runId);
    await fault("runLogs.get", { throttle: { retryAfterSeconds: 4 } });
    expect(await refusal(read(logUrl))).toMatchObject({ kind: "transient", code: "ServerBusy", retryAfterMs: 4_000 });
    await fault("runLogs.get", { dropConnection: "before" });
    expect(await refusal(read(logUrl))).toMatchObject({ kind: "transient", status: undefined });
    expect(await read(logUrl)).toMatchObject({ kind: "chunk" });
  });
});

describe("a registry itself", () => {
  const ALL = 1_000;

  it("gives its repositories a page at a time, each once, in order", async () => {
    for (const name of ["paged/a", "paged/b", "paged/c"]) await start(build(name));
    azure.advance(HOUR);
    const all = await azure.gateways.acr.listRepositoryNames(registry, undefined, ALL);
    expect(all.after).toBeUndefined();
    expect(all.names).toEqual(expect.arrayContaining(["paged/a", "paged/b", "paged/c"]));

    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page = await azure.freshGateways().acr.listRepositoryNames(registry, after, 2);
      expect(page.names.length).toBeLessThanOrEqual(2);
      paged.push(...page.names);
      ({ after } = page);
    } while (after !== undefined);
    expect(paged).toEqual(all.names);
  });

  it("gives the newest tags first, and how many there are", async () => {
    for (const tag of ["v1", "v2", "v3"]) {
      await start(build("many/tags", tag));
      azure.advance(HOUR);
    }
    const newest = await azure.gateways.acr.listTags(registry, "many/tags", 2);
    expect(newest?.tags.map(({ name }) => name)).toEqual(["v3", "v2"]);
    expect(newest?.tagCount).toBe(3);
    expect(newest?.tags.every(({ sizeBytes }) => (sizeBytes ?? 0) > 0)).toBe(true);
  });

  it("that is locked by its firewall refuses as forbidden with what to do, until it is open", async () => {
    await azure.control("POST scenarios", { registry: registry.name, scenario: "locked" });
    const fresh = azure.freshGateways().acr;
    const refused = await refusal(fresh.listRepositoryNames(registry, undefined, 10));
    expect(refused).toMatchObject({ kind: "forbidden", code: "DENIED", status: 403 });
    expect(refused.message).toContain("aka.ms/acr/firewall");
    expect(await refusal(fresh.listTags(registry, "any/thing", 10))).toMatchObject({ kind: "forbidden" });
    expect(await refusal(azure.gateways.acr.listRepositoryNames(registry, undefined, 10))).toMatchObject({
      kind: "forbidden",
    });
    await azure.control("POST scenarios", { registry: registry.name, scenario: "open" });
    expect(await fresh.listRepositoryNames(registry, undefined, 10)).toMatchObject({ names: expect.any(Array) });
  });

  it("that is down is transient", async () => {
    await azure.control("POST scenarios", { registry: registry.name, scenario: "data-plane-down" });
    expect(await refusal(azure.gateways.acr.listRepositoryNames(registry, undefined, 10))).toMatchObject({
      kind: "transient",
    });
  });

  it("is signed in to once for each repository, also when many are asked for side by side", async () => {
    const images = ["once/a", "once/b", "once/c", "once/d"];
    for (const image of images) await start(build(image));
    azure.advance(HOUR);
    const { acr } = azure.freshGateways();
    await azure.requests();
    const listed = await Promise.all(images.map((image) => acr.listTags(registry, image, 5)));
    expect(listed.map((tags) => tags?.tagCount)).toEqual([1, 1, 1, 1]);
    const paths = (await azure.requests()).map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith("/oauth2/token"))).toHaveLength(4);
    await acr.listTags(registry, "once/a", 5);
    expect((await azure.requests()).filter(({ path }) => path.startsWith("/oauth2/exchange"))).toEqual([]);
  });

  it("that is not there is no repository that is gone", async () => {
    const missing = { ...registry, loginServer: "nosuchregistry.azurecr.io" };
    expect(await refusal(azure.gateways.acr.listTags(missing, "any/thing", 5))).toMatchObject({ kind: "not-found" });
  });
});
