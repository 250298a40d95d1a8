import { beforeEach, expect, test } from "vitest";
import { createDemand, type Demand } from "../events/demand.ts";
import type { JobMove } from "../jobs/define-job.ts";
import { AzureError } from "../shared/azure-error.ts";
import { createAzureTime } from "../shared/azure-time.ts";
import { createManualClock, type ManualClock } from "../shared/clock.ts";
import type { EntityStore } from "../storage/entity-store.ts";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import type { AcrGateway, RepositoryNamePage } from "./acr-gateway.ts";
import type { AcrRun } from "./builds/acr-run.ts";
import { createBuildRunTable } from "./builds/build-run-table.ts";
import { createListingRequests, type ListingRequests } from "./listing-requests.ts";
import { registryTopic } from "./registry-publisher.ts";
import { createRegistryStore, registryPartition, type RegistryStore } from "./registry-store.ts";
import { createRegistryWatchJob } from "./registry-watch-job.ts";
import type { Registry } from "./registry.ts";

const REGISTRY: Registry = {
  armId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/demoacr",
  subscriptionId: "s",
  resourceGroup: "g",
  name: "demoacr",
  location: "westeurope",
  loginServer: "demoacr.azurecr.io",
  sku: "Basic",
};
const refusal = new AzureError({ kind: "transient", body: { code: "TooManyRequests", message: "Later" } });

let clock: ManualClock;
let demand: Demand;
let listingRequests: ListingRequests;
let leave: () => void;
let entities: EntityStore;
let store: RegistryStore;
let runs: AcrRun[];
let pages: (string | undefined)[];
let listNames: (after: string | undefined, signal: AbortSignal | undefined) => Promise<RepositoryNamePage>;
let probe: () => Promise<RepositoryNamePage>;
let step: (look: object) => Promise<JobMove<unknown>>;

beforeEach(() => {
  clock = createManualClock();
  demand = createDemand(clock);
  listingRequests = createListingRequests();
  entities = createSqliteEntityStore();
  store = createRegistryStore({ store: entities, workTable: "work", now: clock.now });
  runs = [];
  pages = [];
  // Three pages of one repository each.
  listNames = async (after) => {
    const next = { none: "a", a: "b", b: "c" }[after ?? "none"] ?? "c";
    return { names: [next], after: next === "c" ? undefined : next };
  };
  probe = async () => ({ names: [], after: undefined });
  const acr: Partial<AcrGateway> = {
    listRuns: async () => runs,
    listTags: async () => ({ tags: [], tagCount: 0 }),
    listRepositoryNames: async (_registry, after, limit, signal) => {
      // One name is asked for to see whether there is an answer.
      if (limit === 1) return probe();
      pages.push(after);
      return listNames(after, signal);
    },
  };
  const job = createRegistryWatchJob({
    acr: acr as AcrGateway,
    store,
    buildRuns: createBuildRunTable(entities, "acrbuildruns"),
    now: clock.now,
    intentLimitMs: () => 600_000,
    isBeingScheduled: () => false,
    onBuildTableError: (error) => {
      throw error;
    },
    hints: { publish: () => undefined, subscribe: () => () => undefined } as never,
    demand,
    listingRequests,
    clock,
    azureTime: createAzureTime(1),
  });
  step = job.steps[0]?.run as typeof step;
  leave = demand.watching(registryTopic(REGISTRY));
});

/** One look, stored; answers with the wait until the next. */
async function look(): Promise<number | undefined> {
  const move = await step({ input: { registry: REGISTRY }, signal: new AbortController().signal });
  if (move.kind !== "again") return undefined;
  const made = await move.changes?.();
  await entities.table("work").transact(registryPartition(REGISTRY), made?.changes ?? []);
  made?.stored?.();
  await clock.advance(move.delayMs);
  return move.delayMs;
}

test("a listing that Azure refuses goes on where it was, after a rest; the builds are looked at meanwhile", async () => {
  const list = listNames;
  await look();
  listNames = async () => {
    throw refusal;
  };
  const delayMs = await look();
  expect(delayMs).toBeLessThanOrEqual(20_000);
  listNames = list;
  while (pages.length < 4) await look();
  // Not from the beginning, and not before a rest.
  expect(pages).toEqual([undefined, "a", "a", "b"]);
  expect(clock.now()).toBeGreaterThan(10_000);
});

test("a change that is told of during a pass is followed by a pass at once", async () => {
  await look();
  await look();
  await listingRequests.request(REGISTRY);
  const startMs = clock.now();
  while (pages.length < 4) await look();
  expect(pages).toEqual([undefined, "a", "b", undefined]);
  expect(clock.now() - startMs).toBeLessThan(10_000);
});

test("without one the next pass waits a minute", async () => {
  while (pages.length < 2) await look();
  const startMs = clock.now();
  while (pages.length < 4) await look();
  expect(clock.now() - startMs).toBeGreaterThan(60_000);
});

test("a pass that was kept waiting by refusals is not rested from any longer than another", async () => {
  const list = listNames;
  await look();
  listNames = async () => {
    throw refusal;
  };
  const refusedUntilMs = clock.now() + 60 * 60_000;
  while (clock.now() < refusedUntilMs) await look();
  listNames = list;
  pages = [];
  while (pages.length < 2) await look();
  expect(pages).toEqual(["a", "b"]);
  const endedMs = clock.now();
  while (pages.length < 3) await look();
  expect(clock.now() - endedMs).toBeLessThan(90_000);
});

test("the rest after a pass is a quarter of an hour at most, however long the pass took", async () => {
  const list = listNames;
  listNames = async (after, signal) => {
    await clock.advance(10 * 60_000);
    return list(after, signal);
  };
  while (pages.length < 3) await look();
  const endedMs = clock.now();
  listNames = list;
  while (pages.length < 4) await look();
  expect(clock.now() - endedMs).toBeLessThanOrEqual(16 * 60_000);
});

test("a data plane that refuses is told within seconds of a look, also between two passes, and so is its recovery", async () => {
  while (pages.length < 3) await look();
  expect(await look()).toBeDefined();
  expect((await store.readHead(REGISTRY)).dataPlaneProblem).toBeNull();
  probe = async () => {
    throw refusal;
  };
  let startMs = clock.now();
  while ((await store.readHead(REGISTRY)).dataPlaneProblem === null) await look();
  expect(clock.now() - startMs).toBeLessThanOrEqual(30_000);
  expect((await store.readHead(REGISTRY)).dataPlaneProblem).toMatchObject({ code: "TooManyRequests" });
  probe = async () => ({ names: [], after: undefined });
  startMs = clock.now();
  while ((await store.readHead(REGISTRY)).dataPlaneProblem !== null) await look();
  expect(clock.now() - startMs).toBeLessThanOrEqual(30_000);
});

test("the images are as old as their last listing says, not as the last look at the builds", async () => {
  while (pages.length < 3) await look();
  await look();
  const listed = (await store.readHead(REGISTRY)).imagesObservedAt;
  expect(Date.parse(listed ?? "")).toBeLessThanOrEqual(clock.now());
  probe = async () => {
    throw refusal;
  };
  listNames = async () => {
    throw refusal;
  };
  const untilMs = clock.now() + 10 * 60_000;
  while (clock.now() < untilMs) await look();
  const head = await store.readHead(REGISTRY);
  expect(head.imagesObservedAt).toBe(listed);
  expect(Date.parse(head.observedAt ?? "")).toBeGreaterThan(Date.parse(listed ?? "") + 9 * 60_000);
});

test("a data plane that keeps silent is given up, and does not keep the builds from being seen", async () => {
  runs = [
    {
      runId: "cf1",
      status: "RUNNING",
      createdAt: new Date(clock.now()).toISOString(),
      startedAt: undefined,
      finishedAt: undefined,
      error: undefined,
      outputImages: [],
      taskName: "nightly",
    },
  ];
  listNames = (_after, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
  const move = step({ input: { registry: REGISTRY }, signal: new AbortController().signal });
  // Listens by now.
  while (pages.length === 0) await new Promise(setImmediate);
  await clock.advance(15_000);
  const made = await (await move).changes?.();
  const records = (made?.changes ?? []).map((change) => JSON.stringify(change)).join("\n");
  expect(records).toContain("task nightly");
  expect(records).toContain("did not answer in time");
});

test("a watcher that nobody wants and nothing keeps busy rests", async () => {
  expect(await look()).toBeDefined();
  leave();
  await clock.advance(59_000);
  expect(await look()).toBeDefined();
  await clock.advance(60_000);
  const asked = pages.length;
  expect(await look()).toBeUndefined();
  expect(pages.length).toBe(asked);
});

test("a lock that lasts is one change, though Azure gives each of its refusals another id", async () => {
  const refuse =
    (id: string): (() => Promise<RepositoryNamePage>) =>
    async () => {
      const message = `client with IP '203.0.113.7' is not allowed access. CorrelationId: ${id}`;
      throw new AzureError({ kind: "forbidden", status: 403, body: { code: "DENIED", message } });
    };
  listNames = refuse("1f0c2a4e-9f63-4d0a-8a54-3f1c7b6d5e21");
  await look();
  const { sequence, dataPlaneProblem } = await store.readHead(REGISTRY);
  expect(dataPlaneProblem?.code).toBe("DENIED");
  listNames = refuse("77aa0c11-02b4-4f7e-b1d3-0a9c8e7f6d54");
  await clock.advance(20_000);
  await look();
  expect(await store.readHead(REGISTRY)).toMatchObject({ sequence, dataPlaneProblem });
});
