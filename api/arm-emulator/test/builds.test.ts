import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEMO } from "../seed/demo-names.ts";
import { BUILD_SECONDS, collect, dockerBuild, GROUP, REGISTRY, startAcr } from "./acr.ts";
import type { Acr } from "./acr.ts";
import { errorOf } from "./azure.ts";

let azure: Acr;

beforeEach(async () => {
  azure = await startAcr();
});
afterEach(() => azure.stop());

const schedule = (request: object, registry: string = REGISTRY) =>
  azure.acr.registries.beginScheduleRun(GROUP, registry, request as ReturnType<typeof dockerBuild>);

const encoded = (yaml: string, more: object = {}): object => ({
  type: "EncodedTaskRunRequest",
  encodedTaskContent: Buffer.from(yaml).toString("base64"),
  platform: { os: "Linux" },
  ...more,
});

describe("a build", () => {
  test("is answered at once: Queued, with its id, and with nothing that tells its image", async () => {
    const poller = await schedule(dockerBuild("shop/web:3.0.0"));
    expect(poller.isDone()).toBe(true);
    expect(poller.getResult()).toMatchObject({ runId: "cf8", status: "Queued", provisioningState: "Succeeded" });
    const [post, ...more] = (await azure.requests()).filter(({ path }) => /scheduleRun|cf8/.test(path));
    expect([post?.status, post?.effective, more.length]).toEqual([200, true, 0]);
    expect(JSON.stringify(await azure.run("cf8"))).not.toContain("shop/web");
  });

  test("goes through Queued, Started and Running to Succeeded, and tells its image only then", async () => {
    const runId = await azure.build("shop/web:3.0.0");
    const seen: string[] = [];
    for (let seconds = 0; seconds < 300; seconds++) {
      const { status, outputImages, startTime, finishTime } = await azure.run(runId);
      const facts = [status, outputImages && "images", startTime && "started", finishTime && "finished"];
      const line = facts.filter(Boolean).join(" ");
      if (seen.at(-1) !== line) seen.push(line);
      azure.emulator.advance(1);
    }
    expect(seen).toEqual(["Queued", "Started started", "Running started", "Succeeded images started finished"]);
    expect((await azure.run(runId)).outputImages).toEqual([
      {
        registry: "demoacr.azurecr.io",
        repository: "shop/web",
        tag: "3.0.0",
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown,
      },
    ]);
  });

  test("takes as long the second time as the first, and another image takes another time", async () => {
    const seconds: number[] = [];
    for (const image of ["shop/web:3.0.0", "shop/web:3.0.0", "shop/api:9.9.9"]) {
      const runId = await azure.build(image);
      azure.emulator.advance(BUILD_SECONDS);
      const { startTime, finishTime } = await azure.run(runId);
      seconds.push(((finishTime?.getTime() ?? 0) - (startTime?.getTime() ?? 0)) / 1000);
    }
    expect(seconds[1]).toBe(seconds[0]);
    expect(seconds[2]).not.toBe(seconds[0]);
  });

  test("of a context that is uploaded first succeeds; of one that never was it fails and says so", async () => {
    const { uploadUrl = "", relativePath = "" } = await azure.acr.registries.getBuildSourceUploadUrl(GROUP, REGISTRY);
    const refused = await fetch(uploadUrl.replace("sp=rw", "sp=r"), { method: "PUT", body: "x" });
    expect(refused.status).toBe(403);
    const upload = await fetch(uploadUrl, {
      method: "PUT",
      headers: { "x-ms-blob-type": "BlockBlob" },
      body: Buffer.alloc(5_000_000, 0xff),
    });
    expect(upload.status).toBe(201);
    const runIds = [
      await azure.build("a/b:1", { sourceLocation: relativePath }),
      await azure.build("a/b:2", { sourceLocation: relativePath.replace("source/2", "source/1") }),
    ];
    azure.emulator.advance(BUILD_SECONDS);
    expect(await azure.statuses(runIds)).toEqual(["Succeeded", "Failed"]);
    expect((await azure.run(runIds[1] ?? "")).runErrorMessage).toBe("failed to download context");
  });

  test("shows in the emulator's state with the image that Azure doesn't tell yet", async () => {
    await azure.script({ image: "shop/web:3.0.0", scenario: "fails" });
    await azure.build("shop/web:3.0.0");
    const { runs } = (await azure.control("GET", "state")).body as { runs: unknown[] };
    expect(runs.at(-1)).toMatchObject({
      name: "cf8",
      properties: { status: "Queued" },
      images: [{ repository: "shop/web", tag: "3.0.0" }],
      scenario: "fails",
    });
  });

  test("can be archived", async () => {
    const runId = await azure.build("shop/web:3.0.0");
    await azure.acr.runs.beginUpdateAndWait(GROUP, REGISTRY, runId, { isArchiveEnabled: true });
    expect((await azure.run(runId)).isArchiveEnabled).toBe(true);
  });

  test("whose reply is lost exists, once", async () => {
    const before = (await collect(azure.acr.runs.list(GROUP, REGISTRY))).length;
    const match = { operation: "registries.scheduleRun" };
    await azure.fault({ match, times: 1, then: { dropConnection: "after" } });
    await errorOf(schedule(dockerBuild("shop/web:3.0.0")));
    expect((await collect(azure.acr.runs.list(GROUP, REGISTRY))).length).toBe(before + 1);
    azure.emulator.advance(BUILD_SECONDS);
    expect((await azure.run("cf8")).outputImages).toMatchObject([{ repository: "shop/web", tag: "3.0.0" }]);
  });

  test("whose request is lost does not exist", async () => {
    const match = { operation: "registries.scheduleRun" };
    await azure.fault({ match, times: 1, then: { dropConnection: "before" } });
    await errorOf(schedule(dockerBuild("shop/web:3.0.0")));
    expect((await errorOf(azure.run("cf8"))).code).toBe("RunNotFound");
  });
});

describe("tasks", () => {
  test("push what their steps push, with run variables and values filled in", async () => {
    const yaml = `version: v1.1.0
steps:
  - cmd: bash -c 'echo "marker {{.Values.mark}} {{.Run.ID}}"'
  - build: -t $Registry/shop/web:{{.Values.version}} -t shop/web:$ID .
  - push:
    - $Registry/shop/web:{{.Values.version}}
    - "{{.Run.Registry}}/shop/web:{{.Run.ID}}"
`;
    const values = [
      { name: "version", value: "5.0" },
      { name: "mark", value: "m1" },
    ];
    const runId = (await schedule(encoded(yaml, { values }))).getResult()?.runId ?? "";
    azure.emulator.advance(BUILD_SECONDS);
    const { outputImages } = await azure.run(runId);
    expect(outputImages?.map(({ repository, tag }) => `${repository}:${tag}`)).toEqual([
      "shop/web:5.0",
      `shop/web:${runId}`,
    ]);
    expect(await (await fetch(await azure.logUrl(runId))).text()).toContain(`marker m1 ${runId}\r\n`);
  });

  test.each([
    [
      "of a file",
      { type: "FileTaskRunRequest", taskFilePath: "acb.yaml", sourceLocation: "https://example.com/a.git" },
    ],
    ["without a push", encoded("steps:\n  - cmd: echo hi\n")],
  ])("%s end without images", async (_what, request) => {
    const runId = (await schedule({ platform: { os: "Linux" }, ...request })).getResult()?.runId ?? "";
    azure.emulator.advance(BUILD_SECONDS);
    expect(await azure.run(runId)).toMatchObject({ status: "Succeeded" });
    expect((await azure.run(runId)).outputImages).toBeUndefined();
  });
});

describe("a refused build", () => {
  const valid = dockerBuild("shop/web:3.0.0");

  test.each([
    ["no source", { ...valid, sourceLocation: undefined }, "Missing source location."],
    ["no Dockerfile", { ...valid, dockerFilePath: "" }, "Missing Dockerfile path."],
    ["an image that is none", { ...valid, imageNames: ["Shop/Web:1"] }, "The image name 'Shop/Web:1' is not valid."],
    ["another OS", { ...valid, platform: { os: "Plan9" } }, "The platform OS 'Plan9' is not supported."],
    ["a timeout too short", { ...valid, timeout: 5 }, "The timeout must be between 300 and 28800 seconds."],
    ["an empty task", encoded(""), "Missing encoded task content."],
    ["an unknown kind", { type: "Other" }, "The run request type 'Other' is not supported."],
  ])("with %s leaves no run", async (_what, request, message) => {
    expect(await errorOf(schedule(request))).toMatchObject({ statusCode: 400, code: "BadRequest", message });
    expect((await errorOf(azure.run("cf8"))).statusCode).toBe(404);
  });

  test("in a registry that is not there says so", async () => {
    expect(await errorOf(schedule(valid, "nosuchregistry"))).toMatchObject({
      statusCode: 404,
      code: "ResourceNotFound",
    });
  });

  test.each([
    [
      "tasks-not-allowed",
      400,
      "TasksOperationsNotAllowed",
      /^ACR Tasks requests for the registry demoacr and .* are not/,
    ],
    [
      "rbac-denied",
      403,
      "AuthorizationFailed",
      /perform action 'Microsoft.ContainerRegistry\/registries\/scheduleRun\/action'/,
    ],
  ])("by %s is answered %i until the registry is open", async (scenario, statusCode, code, message) => {
    await azure.script({ registry: REGISTRY, scenario });
    expect(await errorOf(schedule(valid))).toMatchObject({
      statusCode,
      code,
      message: expect.stringMatching(message) as unknown,
    });
    await azure.script({ registry: REGISTRY, scenario: "open" });
    expect(await azure.build("shop/web:3.0.0")).toBe("cf8");
  });
});

describe("the queue", () => {
  test("lets three runs of two cores go at once, the others in the order they came", async () => {
    const runIds: string[] = [];
    for (const tag of ["1", "2", "3", "4", "5"]) runIds.push(await azure.build(`queue/image:${tag}`));
    azure.emulator.advance(20);
    expect(await azure.statuses(runIds)).toEqual(["Running", "Running", "Running", "Queued", "Queued"]);
    azure.emulator.advance(BUILD_SECONDS);
    const runs = await Promise.all(runIds.map(azure.run));
    const starts = runs.map(({ startTime }) => startTime?.getTime() ?? 0);
    const ends = runs.map(({ finishTime }) => finishTime?.getTime() ?? 0);
    expect(starts).toEqual(starts.toSorted((left, right) => left - right));
    expect(starts[3]).toBeGreaterThanOrEqual(Math.min(...ends.slice(0, 3)));
  });

  test("moves up when a run is canceled, and is the registry's own", async () => {
    const runIds: string[] = [];
    for (const tag of ["1", "2", "3", "4"]) runIds.push(await azure.build(`queue/image:${tag}`));
    azure.emulator.advance(15);
    await azure.acr.runs.beginCancelAndWait(GROUP, REGISTRY, runIds[1] ?? "");
    azure.emulator.advance(3);
    expect(await azure.statuses(runIds)).toEqual(["Running", "Canceled", "Running", "Started"]);
  });

  test("in the demo world two builds run, one waits, one has failed", async () => {
    await azure.control("POST", "reset", { seed: "demo" });
    const { runningBuilds, queuedBuild, failedBuild } = DEMO;
    expect(await azure.statuses(runningBuilds.map(({ runId }) => runId))).toEqual(["Running", "Running"]);
    expect(await azure.statuses([queuedBuild.runId, failedBuild.runId])).toEqual(["Queued", "Failed"]);
    azure.emulator.advance(BUILD_SECONDS);
    const ended = [...runningBuilds, queuedBuild];
    for (const { runId, repository, tag } of ended) {
      expect((await azure.run(runId)).outputImages).toMatchObject([{ repository, tag }]);
    }
  });
});

describe("a cancel", () => {
  test.each([
    ["Queued", 0],
    ["Started", 3],
    ["Running", 20],
  ])("of a %s run ends it for good", async (status, seconds) => {
    const runId = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(seconds);
    expect((await azure.run(runId)).status).toBe(status);
    await azure.acr.runs.beginCancelAndWait(GROUP, REGISTRY, runId);
    const canceled = await azure.run(runId);
    expect(canceled).toMatchObject({ status: "Canceled", finishTime: expect.any(Date) as unknown });
    azure.emulator.advance(BUILD_SECONDS);
    expect(await azure.run(runId)).toEqual(canceled);
    expect(canceled.outputImages).toBeUndefined();
  });

  test.each(["Succeeded", "Failed", "Canceled", "Timeout", "Error"])("of a %s run is refused", async (status) => {
    const scenarios: Record<string, string> = { Failed: "fails", Timeout: "times-out", Error: "errors" };
    const scenario = scenarios[status];
    if (scenario !== undefined) await azure.script({ image: "shop/web:3.0.0", scenario });
    const runId = await azure.build("shop/web:3.0.0");
    if (status === "Canceled") await azure.acr.runs.beginCancelAndWait(GROUP, REGISTRY, runId);
    azure.emulator.advance(4000);
    expect((await azure.run(runId)).status).toBe(status);
    expect(await errorOf(azure.acr.runs.beginCancel(GROUP, REGISTRY, runId))).toMatchObject({
      statusCode: 400,
      code: "CannotCancelRun",
    });
  });

  test("of a run that is not there is a 404", async () => {
    expect(await errorOf(azure.acr.runs.beginCancel(GROUP, REGISTRY, "cf99"))).toMatchObject({
      statusCode: 404,
      code: "RunNotFound",
    });
  });
});

describe("a scripted image", () => {
  test.each([
    ["fails", "Failed", "failed during run, err: exit status 1"],
    ["push-refused", "Failed", "failed during run, err: exit status 1"],
    ["times-out", "Timeout", "failed during run, err: context deadline exceeded"],
    ["errors", "Error", "internal error occurred while running the task"],
  ])("that %s ends so, says why and pushes nothing", async (scenario, status, runErrorMessage) => {
    await azure.script({ image: "shop/web:3.0.0", scenario });
    const runId = await azure.build("shop/web:3.0.0", { timeout: 600 });
    azure.emulator.advance(BUILD_SECONDS);
    const run = await azure.run(runId);
    expect(run).toMatchObject({ status, runErrorMessage });
    expect(run.outputImages).toBeUndefined();
    await azure.script({ image: "shop/web:3.0.0", scenario: "open" });
    const next = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(BUILD_SECONDS);
    expect((await azure.run(next)).status).toBe("Succeeded");
  });

  test("that times out does so when its own timeout says", async () => {
    await azure.script({ image: "shop/web:3.0.0", scenario: "times-out" });
    const runId = await azure.build("shop/web:3.0.0", { timeout: 300 });
    azure.emulator.advance(2);
    azure.emulator.advance(299);
    expect((await azure.run(runId)).status).toBe("Running");
    azure.emulator.advance(1);
    expect((await azure.run(runId)).status).toBe("Timeout");
  });

  test("that is slow runs for ten minutes and more, and succeeds", async () => {
    await azure.script({ image: "shop/web:3.0.0", scenario: "slow" });
    const runId = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(600);
    expect((await azure.run(runId)).status).toBe("Running");
    azure.emulator.advance(320);
    expect((await azure.run(runId)).status).toBe("Succeeded");
  });

  test("that is queued for ever lets others pass, and can be canceled", async () => {
    await azure.script({ image: "shop/web:3.0.0", scenario: "queued-forever" });
    const runIds = [await azure.build("shop/web:3.0.0"), await azure.build("shop/api:9.0.0")];
    azure.emulator.advance(BUILD_SECONDS);
    expect(await azure.statuses(runIds)).toEqual(["Queued", "Succeeded"]);
    await azure.acr.runs.beginCancelAndWait(GROUP, REGISTRY, runIds[0] ?? "");
    expect((await azure.run(runIds[0] ?? "")).status).toBe("Canceled");
  });

  test("is built in vain behind a firewall, as in Azure", async () => {
    await azure.script({ registry: REGISTRY, scenario: "locked" });
    const runId = await azure.build("shop/web:3.0.0");
    azure.emulator.advance(30);
    expect((await azure.run(runId)).status).toBe("Failed");
    expect(await (await fetch(await azure.logUrl(runId))).text()).toMatch(/denied: client with IP '52\.[\d.]+' is not/);
  });
});

describe("the list of runs", () => {
  const list = async (options: { filter?: string; top?: number } = {}): Promise<string[]> =>
    (await collect(azure.acr.runs.list(GROUP, REGISTRY, options))).map(({ runId = "" }) => runId);

  test("is newest first, and paged so that new runs move nothing", async () => {
    const pages = azure.acr.runs.list(GROUP, REGISTRY, { top: 3 }).byPage();
    const seen: string[][] = [];
    for await (const page of pages) {
      seen.push(page.map(({ runId = "" }) => runId));
      await azure.build("shop/web:3.0.0");
    }
    expect(seen).toEqual([["cf7", "cf6", "cf5"], ["cf4", "cf3", "cf2"], ["cf1"]]);
  });

  test.each([
    ["Status eq 'Failed'", ["cf3"]],
    ["RunId eq 'cf2' or RunId eq 'cf4'", ["cf4", "cf2"]],
    ["Status ne 'Failed' and (RunId eq 'cf2' or RunId eq 'cf3')", ["cf2"]],
    ["contains(OutputImageManifests, 'shop/web@')", ["cf4", "cf1"]],
    ["CreateTime ge 2000-01-01T00:00:00Z and Status eq 'Failed'", ["cf3"]],
    ["CreateTime lt 2000-01-01T00:00:00Z", []],
    ["FinishTime lt 2000-01-01", []],
  ])("by %s", async (filter, runIds) => {
    expect(await list({ filter })).toEqual(runIds);
  });

  test.each(["Status", "Status eq", "Nothing eq 'x'", "Status eq 'a' xor", "(Status eq 'a'", "Status is 'a'"])(
    "refuses the filter %s",
    async (filter) => {
      expect(await errorOf(list({ filter }))).toMatchObject({ statusCode: 400, code: "InvalidFilter" });
    },
  );
});
