import { beforeEach, describe, expect, test } from "vitest";
import { LOCAL_VIEWER } from "../../auth/viewer.ts";
import { AzureError } from "../../shared/azure-error.ts";
import { createManualClock } from "../../shared/clock.ts";
import { StoreUnavailableError, type EntityStore, type EntityTable } from "../../storage/entity-store.ts";
import { createSqliteEntityStore } from "../../storage/sqlite-entity-store.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { RegistryService } from "../registry-service.ts";
import { createRegistryStore, type RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import { createBuildRunTable } from "./build-run-table.ts";
import { createBuildService, type BuildService } from "./build-service.ts";

const REGISTRY: Registry = {
  armId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/demoacr",
  subscriptionId: "s",
  resourceGroup: "g",
  name: "demoacr",
  location: "westeurope",
  loginServer: "demoacr.azurecr.io",
  sku: "Basic",
};

const clock = createManualClock();
const away = new StoreUnavailableError("The store can't be reached.");
let scheduled: string[];
let tableErrors: unknown[];
let lostAnswers: unknown[];
let answer: (image: string) => Promise<string | undefined>;
let cancelRun: () => Promise<void>;
/** Whether a table is out of reach now. */
let isAway: (table: string) => boolean;
let store: RegistryStore;
let builds: BuildService;

/** The same store, with tables that come and go. */
function withOutages(inner: EntityStore): EntityStore {
  return {
    ...inner,
    table: (name) =>
      new Proxy(inner.table(name), {
        get: (table, operation: keyof EntityTable) => async (argument: never, second: never) => {
          if (isAway(name)) throw away;
          return (table[operation] as (one: never, two: never) => unknown)(argument, second);
        },
      }),
  };
}

const request = (image: string) => ({
  image,
  tag: "1",
  source: { gitUrl: "https://github.com/o/r" },
  buildArgs: [],
});
const start = (...images: string[]) => builds.start(LOCAL_VIEWER, REGISTRY.armId, images.map(request));

beforeEach(() => {
  scheduled = [];
  tableErrors = [];
  lostAnswers = [];
  isAway = () => false;
  answer = async (image) => `run-of-${image}`;
  cancelRun = async () => undefined;
  const entities = withOutages(createSqliteEntityStore());
  store = createRegistryStore({ store: entities, workTable: "work", now: clock.now });
  const acr: Pick<AcrGateway, "scheduleRun" | "cancelRun"> = {
    cancelRun: () => cancelRun(),
    async scheduleRun(_registry, { image }) {
      scheduled.push(image);
      return answer(image);
    },
  };
  const registries: Pick<RegistryService, "find" | "keepWatching"> = {
    find: async () => REGISTRY,
    keepWatching: async () => undefined,
  };
  builds = createBuildService({
    acr: acr as AcrGateway,
    registries: registries as RegistryService,
    store,
    buildRuns: createBuildRunTable(entities, "acrbuildruns"),
    logs: {
      stream: () => {
        throw new Error("No log is read here.");
      },
    },
    allowedSourceHosts: ["github.com"],
    clock,
    onBuildTableError: (error) => tableErrors.push(error),
    scheduling: new Set(),
    onAnswerNotStored: (error) => lostAnswers.push(error),
    write: async (registry, findings) => void (await store.write(registry, findings)),
  });
});

describe("with the store out of reach", () => {
  test("a build whose intent can't be stored is refused, and Azure is asked nothing", async () => {
    isAway = (table) => table === "work";
    await expect(start("a", "b")).rejects.toBe(away);
    expect(scheduled).toEqual([]);
  });

  test("one image that can't be stored fails alone", async () => {
    answer = async (image) => {
      // From the first answer on nothing can be written.
      isAway = (table) => table === "work";
      return `run-of-${image}`;
    };
    const results = await start("a", "b");
    expect(results.map(({ image }) => image)).toEqual(["a", "b"]);
    expect(results[0]?.build?.runId).toBe("run-of-a");
    for (const { build, error } of results) expect(build === undefined).toBe(error === away);
  });

  test("a run that Azure has begun is answered with its id, and told to the log", async () => {
    answer = async () => {
      isAway = () => true;
      return "cf1";
    };
    const [result] = await start("a");
    expect(result?.build).toMatchObject({ runId: "cf1", status: "QUEUED", isRecorded: false });
    expect(lostAnswers).toEqual([away]);
    expect(tableErrors).toEqual([away]);
    isAway = () => false;
    // The intent keeps the guard shut until the watcher has found the run.
    expect((await start("a"))[0]?.error?.code).toBe("DUPLICATE_BUILD");
    expect(scheduled).toEqual(["a"]);
  });

  test("the build table alone stops no build", async () => {
    isAway = (table) => table === "acrbuildruns";
    const [result] = await start("a");
    expect(result?.build).toMatchObject({ runId: "run-of-a", isRecorded: false });
    expect(tableErrors).toEqual([away]);
    expect(await store.readBuild(result?.build?.id ?? "")).toMatchObject({ runId: "run-of-a", status: "QUEUED" });
  });
});

test.each([
  ["lost-reply", undefined],
  // Azure's own code: what asks for it tells that Azure is not available.
  ["transient", "Some"],
  ["permanent", "BUILD_REFUSED"],
  ["forbidden", "FORBIDDEN"],
  ["not-found", "BUILD_REFUSED"],
  ["unknown", "BUILD_REFUSED"],
] as const)(
  "after a refusal of kind %s the error is %s, and only without one the guard stays shut",
  async (kind, code) => {
    const isShut = code === undefined;
    answer = async () => {
      throw new AzureError({ kind, body: { code: "Some", message: "Azure says so." } });
    };
    const [result] = await start("a");
    expect(result?.build === undefined).toBe(!isShut);
    expect(result?.error?.code).toBe(code);
    answer = async () => "cf2";
    expect((await start("a"))[0]?.error?.code).toBe(isShut ? "DUPLICATE_BUILD" : undefined);
  },
);

test("a build in flight that others began, or that only the table tells of, is not begun a second time", async () => {
  const at = new Date(clock.now()).toISOString();
  const id = `${REGISTRY.name}.cf7`;
  const theirs = { id, runId: "cf7", registryArmId: REGISTRY.armId, image: "a", tag: "1", status: "RUNNING" } as const;
  await store.write(REGISTRY, {
    builds: [{ ...theirs, createdAt: at, observedAt: at, isRecorded: true, version: 0 }],
  });
  const [result] = await start("a");
  expect(result?.error).toMatchObject({ code: "DUPLICATE_BUILD", build: { id } });
  expect(scheduled).toEqual([]);
});

test("a build argument that is given twice is named, and nothing is begun", async () => {
  const buildArgs = [
    { name: "TOKEN", value: "s", isSecret: true },
    { name: "TOKEN", value: "p", isSecret: false },
  ];
  const refused = builds.start(LOCAL_VIEWER, REGISTRY.armId, [{ ...request("a"), buildArgs }]);
  await expect(refused).rejects.toMatchObject({
    fields: [{ path: "images.0.buildArgs.1", message: "There is a build argument TOKEN already." }],
  });
  expect(scheduled).toEqual([]);
});

test.each([
  ["conflict", 409, "CANNOT_CANCEL"],
  ["not-found", 404, "CANNOT_CANCEL"],
  ["forbidden", 403, "FORBIDDEN"],
  ["transient", 429, "RATE_LIMITED"],
  ["transient", 503, "Some"],
] as const)("a cancel that Azure refuses as %s with %i is told as %s", async (kind, status, code) => {
  const [started] = await start("a");
  cancelRun = async () => {
    throw new AzureError({ kind, status, body: { code: "Some", message: "Azure says so." } });
  };
  await expect(builds.cancel(LOCAL_VIEWER, started?.build?.id ?? "")).rejects.toMatchObject({ code });
});
