import { beforeEach, expect, test } from "vitest";
import type { EntityStore } from "../../storage/entity-store.ts";
import { createSqliteEntityStore } from "../../storage/sqlite-entity-store.ts";
import { createRegistryStore, formatBuildId, registryPartition, type RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import type { AcrBuildStatus } from "./acr-run.ts";
import type { BuildFilter } from "./build-history.ts";

const REGISTRY: Registry = {
  armId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/demoacr",
  subscriptionId: "s",
  resourceGroup: "g",
  name: "demoacr",
  location: "westeurope",
  loginServer: "demoacr.azurecr.io",
  sku: "Basic",
};
const START = Date.parse("2026-01-01T00:00:00.000Z");

let entities: EntityStore;
let store: RegistryStore;

beforeEach(() => {
  entities = createSqliteEntityStore();
  store = createRegistryStore({ store: entities, workTable: "work", now: () => START });
});

/** The `minute`th build. */
function build(minute: number, image: string, status: AcrBuildStatus, changes: Partial<AcrBuild> = {}): AcrBuild {
  const at = new Date(START + minute * 60_000).toISOString();
  return {
    id: formatBuildId(REGISTRY, `b${minute}`),
    registryArmId: REGISTRY.armId,
    image,
    tag: "1",
    runId: `cf${minute}`,
    status,
    createdAt: at,
    observedAt: at,
    isRecorded: true,
    version: 0,
    ...changes,
  };
}

async function write(...builds: readonly AcrBuild[]): Promise<void> {
  for (const one of builds) await store.write(REGISTRY, { builds: [one] });
}

/** Every page of the filter, as the minutes of its builds. */
async function pages(filter: BuildFilter, limit: number): Promise<number[][]> {
  const found: number[][] = [];
  let after: string | undefined;
  for (;;) {
    const page = await store.listBuilds(REGISTRY, filter, { limit, after });
    found.push(page.builds.map((one) => (Date.parse(one.build.createdAt) - START) / 60_000));
    if (!page.hasNextPage) return found;
    after = page.endCursor;
  }
}

test("pages hold every build once, newest first, and the last one says so", async () => {
  await write(...[3, 1, 2, 5, 4].map((minute) => build(minute, "app", "SUCCEEDED")));
  expect(await pages({}, 2)).toEqual([[5, 4], [3, 2], [1]]);
  expect(await pages({}, 5)).toEqual([[5, 4, 3, 2, 1]]);
  expect(await pages({}, 100)).toEqual([[5, 4, 3, 2, 1]]);
});

test("a registry without builds has one empty page", async () => {
  expect(await pages({}, 20)).toEqual([[]]);
  expect(await pages({ image: "app", statuses: ["FAILED"] }, 20)).toEqual([[]]);
});

test("the filters hold alone and together; an image is meant by its whole name", async () => {
  await write(
    build(1, "team/app", "SUCCEEDED"),
    build(2, "team/app", "FAILED"),
    build(3, "team/app-two", "FAILED"),
    build(4, "team", "CANCELED"),
    build(5, "team/app", "SUCCEEDED"),
  );
  expect(await pages({ image: "team/app" }, 2)).toEqual([[5, 2], [1]]);
  expect(await pages({ image: "team" }, 2)).toEqual([[4]]);
  expect(await pages({ statuses: ["FAILED", "CANCELED"] }, 2)).toEqual([[4, 3], [2]]);
  expect(await pages({ image: "team/app", statuses: ["FAILED"] }, 2)).toEqual([[2]]);
});

test("a build is listed by how it stands now, and under the image that Azure has told since", async () => {
  await write(build(1, "run cf1", "RUNNING"));
  expect(await pages({ image: "run cf1" }, 20)).toEqual([[1]]);
  await write(build(1, "team/app", "SUCCEEDED"));
  expect(await pages({ image: "run cf1" }, 20)).toEqual([[]]);
  expect(await pages({ image: "team/app" }, 20)).toEqual([[1]]);
  expect(await pages({ statuses: ["RUNNING"] }, 20)).toEqual([[]]);
  expect(await pages({}, 20)).toEqual([[1]]);
});

test("a filter that hardly anything matches is answered in parts, which together find it", async () => {
  await write(build(1, "app", "FAILED"), ...Array.from({ length: 1100 }, (_, at) => build(at + 2, "app", "SUCCEEDED")));
  expect(await pages({ statuses: ["FAILED"] }, 20)).toEqual([[], [], [1]]);
});

test("a build's version is the sequence of the write that changed it", async () => {
  await write(build(1, "app", "QUEUED"), build(2, "app", "QUEUED"));
  const change = await store.write(REGISTRY, { builds: [build(1, "app", "RUNNING")] });
  expect(change.builds.map(({ status, version }) => [status, version])).toEqual([["RUNNING", 3]]);
  expect((await store.readBuild(formatBuildId(REGISTRY, "b1")))?.version).toBe(3);
  expect((await store.readBuild(formatBuildId(REGISTRY, "b2")))?.version).toBe(2);
});

test("builds of before there were lists by image get their place in them, once", async () => {
  const minutes = Array.from({ length: 200 }, (_one, minute) => minute);
  await write(...minutes.map((minute) => build(minute, minute % 2 === 0 ? "a" : "b", "SUCCEEDED")));
  const work = entities.table("work");
  const partitionKey = registryPartition(REGISTRY);
  const { entities: rows } = await work.list({ partitionKey, fromRowKey: "imagehistory:", toRowKey: "imagehistory;" });
  expect(rows).toHaveLength(200);
  for (const { rowKey } of rows) await work.delete({ partitionKey, rowKey });
  const { hasImageHistory: _none, ...head } = await store.readHead(REGISTRY);
  await work.upsert({ partitionKey, rowKey: "head", properties: { record: JSON.stringify(head) } });
  expect(await pages({ image: "a" }, 500)).toEqual([[]]);

  await store.fillImageHistory(REGISTRY);
  const ofA = minutes.filter((minute) => minute % 2 === 0).toReversed();
  expect(await pages({ image: "a" }, 500)).toEqual([ofA]);
  expect(await store.readHead(REGISTRY)).toEqual({ ...head, hasImageHistory: true });

  // Not again: what is removed then stays away.
  for (const { rowKey } of rows) await work.delete({ partitionKey, rowKey });
  await store.fillImageHistory(REGISTRY);
  expect(await pages({ image: "a" }, 500)).toEqual([[]]);
});
