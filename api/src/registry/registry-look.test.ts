import { beforeEach, describe, expect, test } from "vitest";
import { AzureError } from "../shared/azure-error.ts";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import type { AcrGateway } from "./acr-gateway.ts";
import type { AcrBuild } from "./builds/acr-build.ts";
import type { AcrRun } from "./builds/acr-run.ts";
import { createBuildRunTable, type BuildRunTable } from "./builds/build-run-table.ts";
import { tidyBuildTable } from "./builds/build-table-upkeep.ts";
import { lookAtBuilds, newRunMemory, type BuildLook, type BuildLookDeps, type RunMemory } from "./registry-look.ts";
import { createRegistryStore, type RegistryStore } from "./registry-store.ts";
import type { Registry } from "./registry.ts";
import { repositoryState } from "./repository.ts";

const REGISTRY: Registry = {
  armId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/DemoAcr",
  subscriptionId: "s",
  resourceGroup: "g",
  name: "DemoAcr",
  location: "westeurope",
  loginServer: "demoacr.azurecr.io",
  sku: "Basic",
};
const START = Date.parse("2026-01-01T00:00:00.000Z");
const MINUTE_MS = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

let nowMs = START;
let runs: AcrRun[];
let listed: (run: AcrRun) => boolean;
let logs: Map<string, string>;
let asked: string[];
let refusals: Map<string, AzureError>;
let store: RegistryStore;
let buildRuns: BuildRunTable;
let tableErrors: unknown[];
let scheduling: Set<string>;
let onList: () => Promise<void>;
let memory: RunMemory;

beforeEach(() => {
  const entities = createSqliteEntityStore();
  nowMs = START;
  runs = [];
  listed = () => true;
  logs = new Map();
  asked = [];
  refusals = new Map();
  tableErrors = [];
  scheduling = new Set();
  memory = newRunMemory();
  onList = async () => undefined;
  store = createRegistryStore({ store: entities, workTable: "work", now: () => nowMs });
  buildRuns = createBuildRunTable(entities, "acrbuildruns");
});

const unused = (): never => {
  throw new Error("A look asks for runs and logs alone.");
};
const acr: AcrGateway = {
  listRegistries: unused,
  scheduleRun: unused,
  cancelRun: unused,
  listRepositoryNames: unused,
  listTags: unused,
  async listRuns(_registry, limit) {
    await onList();
    return runs.filter(listed).slice(0, limit);
  },
  async getRun(_registry, runId) {
    asked.push(`run ${runId}`);
    const refusal = refusals.get(runId);
    if (refusal) throw refusal;
    return runs.find((run) => run.runId === runId);
  },
  async getLogUrl(_registry, runId) {
    asked.push(`log ${runId}`);
    return runId;
  },
  async readLog(runId, fromByte, maxBytes) {
    const text = logs.get(runId);
    if (text === undefined) return { kind: "missing" };
    const whole = new TextEncoder().encode(text);
    const bytes = whole.subarray(fromByte, fromByte + maxBytes);
    return { kind: "chunk", bytes, totalBytes: whole.length, createdOn: undefined, isComplete: true };
  },
};

function run(runId: string, changes: Partial<AcrRun> = {}): AcrRun {
  return {
    runId,
    status: "RUNNING",
    createdAt: iso(nowMs),
    startedAt: undefined,
    finishedAt: undefined,
    error: undefined,
    outputImages: [],
    taskName: undefined,
    ...changes,
  };
}

const pushed = (repository: string, tag: string) => ({
  status: "SUCCEEDED" as const,
  outputImages: [{ repository, tag, digest: "sha256:1" }],
});

function intent(name: string, changes: Partial<AcrBuild> = {}): AcrBuild {
  const [image = "", tag = ""] = name.split(":");
  return {
    id: `demoacr.${name.replace(/\W/g, "-")}`,
    registryArmId: REGISTRY.armId,
    image,
    tag,
    status: "UNKNOWN",
    startedBy: "somebody",
    input: {
      gitUrl: "https://github.com/o/r",
      dockerfile: "Dockerfile",
      platform: "linux/amd64",
      buildArgs: [],
      timeoutSeconds: 3600,
    },
    createdAt: iso(nowMs),
    observedAt: iso(nowMs),
    isRecorded: false,
    version: 0,
    ...changes,
  };
}

function deps(changes: Partial<BuildLookDeps> = {}): BuildLookDeps {
  return {
    acr,
    store,
    buildRuns,
    now: () => nowMs,
    intentLimitMs: () => 10 * MINUTE_MS,
    isBeingScheduled: ({ id }) => scheduling.has(id),
    onBuildTableError: (error) => tableErrors.push(error),
    ...changes,
  };
}

/** Looks and stores what was found, as the watcher does. */
async function look(changes?: Partial<BuildLookDeps>): Promise<BuildLook> {
  const found = await lookAtBuilds(deps(changes), REGISTRY, memory, new AbortController().signal);
  await store.write(REGISTRY, { builds: found.builds });
  return found;
}

async function shown(): Promise<string[]> {
  const repositories = await store.listRepositories(REGISTRY);
  return repositories
    .flatMap(({ name, activeBuilds, lastBuild }) => [
      ...activeBuilds.map((build) => `${name} ${build.runId ?? "?"} ${build.status}`),
      ...(lastBuild ? [`${name} ${lastBuild.runId ?? "?"} ${lastBuild.status}`] : []),
    ])
    .toSorted();
}

const storeIntent = (build: AcrBuild): Promise<unknown> => store.write(REGISTRY, { builds: [build], guarded: [build] });

describe("a build whose run is known", () => {
  test("is followed by its run, also when the newest hundred don't hold it", async () => {
    await storeIntent(intent("a:1", { runId: "cf1", status: "QUEUED" }));
    runs = [run("cf1")];
    listed = () => false;
    await look();
    expect(await shown()).toEqual(["a cf1 RUNNING"]);
    runs = [run("cf1", pushed("a", "1"))];
    expect((await look()).isBusy).toBe(true);
    expect(await shown()).toEqual(["a cf1 SUCCEEDED"]);
    asked = [];
    expect((await look()).isBusy).toBe(false);
    expect(asked).toEqual([]);
  });

  test("is not given up because Azure does not show the run yet, but is when it never does", async () => {
    await storeIntent(intent("a:1", { runId: "cf1", status: "QUEUED" }));
    await look();
    expect(await shown()).toEqual(["a cf1 QUEUED"]);
    nowMs += 2 * MINUTE_MS;
    await look();
    expect(await shown()).toEqual(["a cf1 ERROR"]);
  });

  test.each([
    ["403", "forbidden"],
    ["500", "transient"],
    ["400", "permanent"],
  ] as const)("that Azure refuses to tell of (%s) keeps what is known, and hides no other", async (_status, kind) => {
    const refusal = new AzureError({ kind, body: { code: "Refused", message: "Azure refuses." } });
    await buildRuns.record(REGISTRY, { ...intent("team/x:1"), id: "", runId: "cf8" });
    await buildRuns.record(REGISTRY, { ...intent("team/y:1"), id: "", runId: "cf9" });
    for (const [name, runId] of [
      ["a:1", "cf1"],
      ["b:1", "cf2"],
      ["c:1", "cf3"],
    ] as const)
      await storeIntent(intent(name, { runId, status: "QUEUED" }));
    for (const runId of ["cf2", "cf8"]) refusals.set(runId, refusal);
    runs = ["cf1", "cf2", "cf3", "cf8", "cf9"].map((runId) => run(runId));
    listed = () => false;
    expect((await look()).isBusy).toBe(true);
    expect(await shown()).toEqual(["a cf1 RUNNING", "b cf2 QUEUED", "c cf3 RUNNING", "team/y cf9 RUNNING"]);
    expect([...(await buildRuns.list(REGISTRY)).keys()]).toContain("cf8");
    refusals.clear();
    await look();
    expect(await shown()).toContain("b cf2 RUNNING");
    expect(await shown()).toContain("team/x cf8 RUNNING");
  });
});

describe("a build that fails", () => {
  const denied = `failed to login, ran out of retries: failed to set docker credentials: Error response from daemon: Get "https://demoacr.azurecr.io/v2/": denied: client with IP '52.168.1.2' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.\r\n: exit status 1\r\n`;
  const failed = { status: "FAILED" as const, error: "failed during run, err: exit status 1" };

  test("has the reason that its log tells, stored with its outcome, by whomever it was started", async () => {
    const own = intent("a:1", { runId: "cf1", status: "QUEUED" });
    await storeIntent(own);
    runs = [run("cf1", failed), run("cf2", failed)];
    logs.set("cf1", denied).set("cf2", denied);
    await look();
    for (const id of [own.id, "demoacr.run-cf2"])
      expect(await store.readBuild(id)).toMatchObject({ ...failed, failure: { category: "FIREWALL" } });
    const row = (await store.listRepositories(REGISTRY)).find(({ name }) => name === "a");
    expect(row?.lastBuild?.failure?.summary).toContain("firewall of demoacr.azurecr.io");
    asked = [];
    await look();
    expect(asked).toEqual([]);
  });

  test("keeps Azure's words when its log says nothing that is known", async () => {
    await storeIntent(intent("a:1", { runId: "cf1", status: "QUEUED" }));
    runs = [run("cf1", failed)];
    logs.set("cf1", "it is a mystery\r\n");
    await look();
    const build = await store.readBuild("demoacr.a-1");
    expect(build).toMatchObject(failed);
    expect(build?.failure).toBeUndefined();
  });

  test("is told of by the end of its log, also when that is too long to be read as a whole", async () => {
    await storeIntent(intent("a:1", { runId: "cf1", status: "QUEUED" }));
    runs = [run("cf1", failed)];
    logs.set("cf1", `${"npm http fetch GET 200\r\n".repeat(200_000)}${denied}`);
    await look();
    expect((await store.readBuild("demoacr.a-1"))?.failure?.category).toBe("FIREWALL");
  });

  test("waits a look or two for the end of its log, and no longer", async () => {
    await storeIntent(intent("a:1", { runId: "cf1", status: "RUNNING" }));
    runs = [run("cf1", failed)];
    logs.set("cf1", "Step 1/9 : FROM node\r\n");
    const unfinished: AcrGateway["readLog"] = async (...args) => {
      const chunk = await acr.readLog(...args);
      return chunk.kind === "chunk" ? { ...chunk, isComplete: false } : chunk;
    };
    await look({ acr: { ...acr, readLog: unfinished } });
    expect(await shown()).toEqual(["a cf1 RUNNING"]);
    for (let count = 0; count < 2; count++) await look({ acr: { ...acr, readLog: unfinished } });
    expect(await shown()).toEqual(["a cf1 FAILED"]);
  });

  test("among a hundred that were never seen is read with some others at a look, none twice", async () => {
    runs = Array.from({ length: 40 }, (_one, index) => run(`cf${index}`, failed));
    for (const { runId } of runs) logs.set(runId, denied);
    let looks = 0;
    for (let found = await look(); found.builds.length > 0; found = await look()) {
      looks++;
      expect(asked.length).toBeLessThanOrEqual(looks * 10);
    }
    expect(await shown()).toHaveLength(40);
  });
});

describe("runs that were started elsewhere", () => {
  test("show under their run id until Azure tells the image, then on that repository alone", async () => {
    runs = [run("cf9")];
    await look();
    expect(await shown()).toEqual(["run cf9 cf9 RUNNING"]);
    runs = [run("cf9", pushed("team/x", "2"))];
    await look();
    expect(await shown()).toEqual(["team/x cf9 SUCCEEDED"]);
  });

  test("show on the repository that somebody recorded for them, from the beginning", async () => {
    await buildRuns.record(REGISTRY, { ...intent("team/x:2"), id: "", runId: "cf9" });
    runs = [run("cf9")];
    await look();
    expect(await shown()).toEqual(["team/x cf9 RUNNING"]);
  });

  test("are followed when they were recorded and the newest hundred don't hold them; their rows go with them", async () => {
    await buildRuns.record(REGISTRY, { ...intent("team/x:2"), id: "", runId: "cf9" });
    await buildRuns.record(REGISTRY, { ...intent("team/y:2"), id: "", runId: "cf0" });
    runs = [run("cf9")];
    listed = () => false;
    await look();
    expect(await shown()).toEqual(["team/x cf9 RUNNING"]);
    runs = [run("cf9", { status: "FAILED" })];
    nowMs += 2 * MINUTE_MS;
    await look();
    expect(await shown()).toEqual(["team/x cf9 FAILED"]);
    await look();
    expect([...(await buildRuns.list(REGISTRY)).keys()]).toEqual([]);
  });

  test("are told from one of ours whose intent was stored while Azure was asked", async () => {
    const own = intent("a:1");
    onList = async () => {
      if (runs.length > 0) return;
      await storeIntent(own);
      runs = [run("cf1")];
    };
    await look();
    expect(await shown()).toEqual(["a ? UNKNOWN"]);
    await store.write(REGISTRY, { builds: [{ ...own, runId: "cf1", status: "QUEUED" }] });
    await look();
    expect(await shown()).toEqual(["a cf1 RUNNING"]);
  });

  test("are not stored a second time when the answer came while the look was under way", async () => {
    runs = [run("cf1")];
    const found = await lookAtBuilds(deps(), REGISTRY, memory, new AbortController().signal);
    await storeIntent(intent("a:1", { runId: "cf1", status: "QUEUED" }));
    await store.write(REGISTRY, { builds: found.builds });
    expect(await shown()).toEqual(["a cf1 QUEUED"]);
    expect(await store.listActiveBuilds(REGISTRY)).toHaveLength(1);
  });

  test("show at once beside an unanswered intent when they can't be its run", async () => {
    await storeIntent(intent("a:1"));
    runs = [
      run("cf1", pushed("b", "1")),
      run("cf2", { createdAt: iso(START - 30 * MINUTE_MS) }),
      run("cf3", { createdAt: iso(START + 30 * MINUTE_MS) }),
      run("cf4"),
    ];
    await look();
    expect(await shown()).toEqual(["a ? UNKNOWN", "b cf1 SUCCEEDED", "run cf2 cf2 RUNNING", "run cf3 cf3 RUNNING"]);
    nowMs += 5_000;
    await look();
    expect(await shown()).toContain("run cf4 cf4 RUNNING");
  });

  test.each([
    ["is named by its task", run("cf9", { taskName: "nightly" }), undefined, "task nightly cf9 RUNNING"],
    [
      "fails without a word on its image: in a row of its own",
      run("cf9", { status: "FAILED" }),
      "",
      "run cf9 cf9 FAILED",
    ],
    [
      "fails when its image was built: on that repository",
      run("cf9", { status: "FAILED" }),
      "Pushing image: demoacr.azurecr.io/shop/api:7, attempt 1\r\n",
      "shop/api cf9 FAILED",
    ],
  ])("one that %s", async (_what, one, log, expected) => {
    runs = [run("cf9", { taskName: one.taskName })];
    await look();
    runs = [one];
    if (log !== undefined) logs.set("cf9", log);
    await look();
    await look();
    expect(await shown()).toEqual([expected]);
    const failed = one.status === "FAILED" ? 1 : 0;
    expect((await store.readHead(REGISTRY)).counts).toMatchObject({ built: 0, building: 1 - failed, failed });
  });

  test("have their log read once when they have ended, and three times at most when it can't be read", async () => {
    runs = [run("cf8", { status: "FAILED" }), run("cf9", { status: "FAILED" })];
    logs.set("cf8", "");
    const refused: AcrGateway["readLog"] = async (runId, ...rest) => {
      if (runId === "cf8") return acr.readLog(runId, ...rest);
      throw new AzureError({ kind: "transient", body: { code: "Busy", message: "Later" } });
    };
    for (let count = 0; count < 5; count++) await look({ acr: { ...acr, readLog: refused } });
    expect(asked.filter((one) => one === "log cf8")).toHaveLength(1);
    expect(asked.filter((one) => one === "log cf9")).toHaveLength(3);
    expect(await shown()).toEqual(["run cf8 cf8 FAILED", "run cf9 cf9 FAILED"]);
  });

  test("leave no row, no tombstone and no count when they end well or are canceled", async () => {
    runs = [run("cf8"), run("cf9")];
    await look();
    runs = [run("cf8", pushed("team/x", "1")), run("cf9", { status: "CANCELED" })];
    await look();
    expect(await shown()).toEqual(["team/x cf8 SUCCEEDED"]);
    const states = (await store.listRepositories(REGISTRY)).map((one) => `${one.name} ${repositoryState(one)}`);
    expect(states.filter((state) => state.includes("DELETED"))).toEqual([]);
    expect((await store.readHead(REGISTRY)).counts).toMatchObject({ built: 0, building: 0, failed: 0 });
    const { builds } = await store.listBuilds(REGISTRY, {}, { limit: 10 });
    expect(builds.map(({ build }) => build.status).toSorted()).toEqual(["CANCELED", "SUCCEEDED"]);
  });
});

describe("an intent whose answer got lost", () => {
  test.each([
    ["docker's own line", "Successfully tagged demoacr.azurecr.io/team/a:1.0\r\n", true],
    ["BuildKit's", "#12 naming to demoacr.azurecr.io/team/a:1.0 done\n", true],
    ["the push", "2026/01/01 00:00:00 Pushing image: demoacr.azurecr.io/team/a:1.0, attempt 1\r\n", true],
    ["a longer tag", "Successfully tagged demoacr.azurecr.io/team/a:1.0.1\r\n", false],
    ["a longer name", "Successfully tagged demoacr.azurecr.io/other/team/a:1.0\r\n", false],
    ["a pattern's dot", "Successfully tagged demoacr.azurecr.io/team/a:1x0\r\n", false],
    ["the base of another image", "Step 1/9 : FROM demoacr.azurecr.io/team/a:1.0\r\n", false],
  ])("is told by its log: %s", async (_what, log, isOwn) => {
    await storeIntent(intent("team/a:1.0"));
    runs = [run("cf1")];
    logs.set("cf1", log);
    await look();
    expect(await shown()).toEqual([isOwn ? "team/a cf1 RUNNING" : "team/a ? UNKNOWN"]);
  });

  test("is told by what was pushed, and by the row that was written before the process ended", async () => {
    await storeIntent(intent("a:1"));
    await storeIntent(intent("b:1"));
    await buildRuns.record(REGISTRY, { ...intent("b:1"), runId: "cf2" });
    runs = [run("cf1", pushed("a", "1")), run("cf2")];
    await look();
    expect(await shown()).toEqual(["a cf1 SUCCEEDED", "b cf2 RUNNING"]);
    expect(asked).toEqual([]);
  });

  test("keeps its guard while a run that could be it waits in the queue, for an hour; then it says which run that is", async () => {
    const own = intent("a:1");
    await storeIntent(own);
    runs = [run("cf1", { status: "QUEUED" })];
    nowMs += 20 * MINUTE_MS;
    await look();
    expect(await store.readGuard(REGISTRY, own)).toBe(own.id);
    expect(await shown()).toEqual(["a ? UNKNOWN", "run cf1 cf1 QUEUED"]);
    nowMs += 41 * MINUTE_MS;
    await look();
    expect(await store.readGuard(REGISTRY, own)).toBeUndefined();
    expect((await store.readBuild(own.id))?.error).toContain("whether cf1 (queued) is this build");
  });

  test("ends when the only run that could be it failed before its first step, and says which", async () => {
    const own = intent("a:1", { stepId: "slipway-a" });
    await storeIntent(own);
    runs = [run("cf1", { status: "FAILED", error: "failed to download context" })];
    logs.set("cf1", "failed to download context\r\n");
    nowMs += 11 * MINUTE_MS;
    await look();
    expect((await store.readBuild(own.id))?.error).toContain("cf1 (failed to download context)");
    expect(await shown()).toEqual(["a ? ERROR", "run cf1 cf1 FAILED"]);
  });

  const begins = (step: string): string =>
    `2026/01/01 00:00:05 Executing step ID: ${step}. Timeout(sec): 3600, Working directory: '', Network: ''\r\n`;

  test.each(["RUNNING", "FAILED", "CANCELED", "TIMEOUT"] as const)(
    "is told by the step that its log begins with, also of a run that is %s",
    async (status) => {
      await storeIntent(intent("team/a:1", { stepId: "slipway-a" }));
      await storeIntent(intent("team/a:2", { stepId: "slipway-b" }));
      runs = [run("cf1"), run("cf2", { status, error: "exit status 1" }), run("cf3")];
      logs.set("cf1", begins("build"));
      logs.set("cf2", begins("slipway-a"));
      await look();
      expect(await shown()).toEqual(["team/a ? UNKNOWN", `team/a cf2 ${status}`]);
      logs.set("cf3", begins("slipway-b"));
      await look();
      expect(await shown()).toContain("team/a cf3 RUNNING");
    },
  );

  test("is not told by a step that the log names later, nor by what another run pushed", async () => {
    await storeIntent(intent("team/a:1", { stepId: "slipway-a" }));
    runs = [run("cf1"), run("cf2", pushed("team/a", "1"))];
    logs.set("cf1", begins("build") + begins("slipway-a"));
    logs.set("cf2", begins("build"));
    nowMs += MINUTE_MS;
    await look();
    expect(await shown()).toEqual(["run cf1 cf1 RUNNING", "team/a ? UNKNOWN", "team/a cf2 SUCCEEDED"]);
  });

  test("a run that others were shown by its id goes over to the build it turns out to be, and nothing is left of it", async () => {
    const own = intent("team/a:1", { stepId: "slipway-a" });
    await storeIntent(own);
    nowMs += 10_000;
    runs = [run("cf1", { status: "QUEUED" })];
    await look();
    expect(await shown()).toEqual(["run cf1 cf1 QUEUED", "team/a ? UNKNOWN"]);
    runs = [run("cf1")];
    logs.set("cf1", begins("slipway-a"));
    await look();
    expect(await shown()).toEqual(["team/a cf1 RUNNING"]);
    const { builds } = await store.listBuilds(REGISTRY, {}, { limit: 10 });
    expect(builds.map(({ build }) => build.id)).toEqual([own.id]);
    expect(await store.readBuild("demoacr.run-cf1")).toMatchObject({ replacedBy: own.id });
    expect((await store.listActiveBuilds(REGISTRY)).map(({ id }) => id)).toEqual([own.id]);
    const row = (await store.listRepositories(REGISTRY)).find(({ name }) => name === "run cf1");
    expect(row && repositoryState(row)).toBe("UNKNOWN");
    expect((await store.readHead(REGISTRY)).counts).toMatchObject({ built: 0, building: 1, failed: 0 });
    runs = [run("cf1", pushed("team/a", "1"))];
    await look();
    expect(await shown()).toEqual(["team/a cf1 SUCCEEDED"]);
  });

  test("an answer that comes after its run was shown by its id takes the run over too", async () => {
    const own = intent("team/a:1", { stepId: "slipway-a" });
    await storeIntent(own);
    nowMs += 10_000;
    runs = [run("cf1", { status: "QUEUED" })];
    await look();
    await store.write(REGISTRY, { builds: [{ ...own, runId: "cf1", status: "QUEUED" }] });
    expect(await shown()).toEqual(["team/a cf1 QUEUED"]);
  });

  test("is not kept waiting by runs that were created long after it", async () => {
    await storeIntent(intent("a:1"));
    nowMs += 20 * MINUTE_MS;
    runs = [run("cf8")];
    await look();
    expect(await shown()).toEqual(["a ? ERROR", "run cf8 cf8 RUNNING"]);
  });

  test("is left alone for as long as this process waits for Azure's answer", async () => {
    const own = intent("a:1");
    await storeIntent(own);
    scheduling.add(own.id);
    nowMs += 20 * MINUTE_MS;
    await look();
    expect(await shown()).toEqual(["a ? UNKNOWN"]);
  });
});

describe("two writers", () => {
  const answered = intent("a:1", { runId: "cf1", status: "QUEUED" });

  test("an answer stored late does not revive a build that has ended meanwhile", async () => {
    await storeIntent(intent("a:1"));
    await store.write(REGISTRY, { builds: [{ ...answered, status: "SUCCEEDED" }] });
    await store.write(REGISTRY, { builds: [answered] });
    expect(await shown()).toEqual(["a cf1 SUCCEEDED"]);
    expect(await store.listActiveBuilds(REGISTRY)).toEqual([]);
  });

  test("an answer stored late takes no progress back", async () => {
    await storeIntent(intent("a:1"));
    await store.write(REGISTRY, { builds: [{ ...answered, status: "RUNNING" }] });
    await store.write(REGISTRY, { builds: [answered] });
    expect(await shown()).toEqual(["a cf1 RUNNING"]);
  });

  test("a look that missed the answer does not end a build that has a run", async () => {
    await storeIntent(intent("a:1"));
    await store.write(REGISTRY, { builds: [answered] });
    await store.write(REGISTRY, { builds: [intent("a:1", { status: "ERROR" })] });
    expect(await shown()).toEqual(["a cf1 QUEUED"]);
    expect(await store.readGuard(REGISTRY, answered)).toBe(answered.id);
  });

  test("sixty at once all get their turn", async () => {
    const builds = Array.from({ length: 60 }, (_one, index) => intent(`i${index}:1`));
    await Promise.all(builds.map((build) => storeIntent(build)));
    expect(await store.listActiveBuilds(REGISTRY)).toHaveLength(60);
    expect((await store.readHead(REGISTRY)).sequence).toBe(60);
  });
});

describe("the build table", () => {
  test("gets the row of a build that misses it, and loses it once the outcome is stored", async () => {
    await storeIntent(intent("a:1", { runId: "cf1", status: "QUEUED" }));
    runs = [run("cf1")];
    await look();
    expect(await buildRuns.list(REGISTRY)).toEqual(
      new Map([["cf1", { image: "a", tag: "1", createdAt: iso(START), buildId: "demoacr.a-1" }]]),
    );
    runs = [run("cf1", pushed("a", "1"))];
    await look();
    expect([...(await buildRuns.list(REGISTRY)).keys()]).toEqual(["cf1"]);
    await tidyBuildTable(deps(), REGISTRY);
    expect([...(await buildRuns.list(REGISTRY)).keys()]).toEqual([]);
  });

  test("out of reach is told each time, and every build shows all the same", async () => {
    const failure = new Error("The table is away.");
    const away = async (): Promise<never> => {
      throw failure;
    };
    await storeIntent(intent("a:1", { runId: "cf1", status: "QUEUED" }));
    runs = [run("cf1"), run("cf9")];
    await look({ buildRuns: { list: away, record: away, prune: away } });
    expect(await shown()).toEqual(["a cf1 RUNNING", "run cf9 cf9 RUNNING"]);
    expect(tableErrors.length).toBeGreaterThan(0);
    expect(new Set(tableErrors)).toEqual(new Set([failure]));
  });
});
