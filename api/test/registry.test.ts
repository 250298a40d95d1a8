import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import { createApp } from "../src/app.ts";
import { parseConfig } from "../src/config/config.ts";
import { createLogger } from "../src/observability/logger.ts";
import { createSystemClock } from "../src/shared/clock.ts";
import { createAcrControl } from "./acr-control.ts";
import { createApiClient } from "./api-client.ts";
import { createAzureControl } from "./azure-control.ts";
import {
  readRepositories,
  registryIdOf,
  startBuild,
  untilEnded,
  watchRegistry,
  watchRepositories,
  type RegistryAnswer,
  type RepositoryAnswer,
} from "./builds.ts";
import { test } from "./fixtures.ts";
import type { Slipway } from "./harness.ts";

const REGISTRY = DEMO.registry.name;
const LOST = 60_000;
const listed = ({ listingComplete, reachable }: RegistryAnswer): boolean => listingComplete && reachable;

const namesOf = (repositories: readonly RepositoryAnswer[]): string[] =>
  repositories.map(({ name }) => name).toSorted();

describe("the repositories of a registry", () => {
  test("come as a snapshot at once, then by changes whose versions rise; every view tells the same", async ({
    slipway,
  }) => {
    const registryId = await registryIdOf(slipway.api);
    const watch = watchRepositories(slipway.api, registryId);
    const registry = await watchRegistry(slipway.api, registryId).until("a whole listing", listed);
    // The failed one was started elsewhere: its log alone tells its image.
    expect(registry).toMatchObject({ repositoryCount: 12, builtCount: 12, failedCount: 1, problem: null });
    for (const { repository, runId } of [...DEMO.runningBuilds, DEMO.queuedBuild])
      await watch.until(
        `the end of ${runId}`,
        ({ name, lastBuild }) => name === repository && lastBuild?.runId === runId,
      );
    const seen = new Map<string, number>();
    for (const { name, version } of watch.messages) {
      expect(version, name).toBeGreaterThan(seen.get(name) ?? 0);
      seen.set(name, version);
    }
    const client = slipway.client();
    const later = watchRepositories(client, registryId);
    const query = await readRepositories(slipway.api, registryId);
    expect(query).toHaveLength(12);
    expect(query.find(({ name }) => name === "data/trainer")).toMatchObject({
      state: "AVAILABLE",
      lastBuild: { status: "FAILED", tag: "0.4.0" },
    });
    for (const { name, version, state } of query) {
      const one = await later.until(name, (message) => message.name === name && message.version >= version);
      expect([one.version, one.state]).toEqual([version, state]);
    }
  });

  test("are counted alike at every moment: a first push is a repository more at once", async ({ slipway }) => {
    const { api } = slipway;
    const registryId = await registryIdOf(api);
    const registry = watchRegistry(api, registryId);
    await registry.until("a whole listing", listed);
    await startBuild(api, registryId, "fresh/service:1");
    await registry.until("the push", ({ builtCount }) => builtCount === 13);
    for (const { builtCount, repositoryCount } of registry.messages)
      expect(repositoryCount).toBeGreaterThanOrEqual(builtCount);
    expect(registry.messages.at(-1)).toMatchObject({ repositoryCount: 13, builtCount: 13 });
  });

  test("hold a build that was started straight at Azure: by its run id, then on its repository alone", async ({
    start,
  }) => {
    const { api, azure } = await start({ speed: 60 });
    const registryId = await registryIdOf(api);
    const watch = watchRepositories(api, registryId);
    await watch.first();
    const runId = await createAcrControl(azure.url).build("outside/new:1");
    const ghost = await watch.until("the run by its id", ({ name }) => name === `run ${runId}`);
    expect(ghost.activeBuilds).toMatchObject([{ runId, tag: "" }]);
    const found = await watch.until("the repository", ({ name, tags }) => name === "outside/new" && tags.length > 0);
    expect(found).toMatchObject({ state: "AVAILABLE", lastBuild: { runId, status: "SUCCEEDED" } });
    const over = await watch.until(
      "the end of its row",
      (one) => one.name === ghost.name && one.version > ghost.version && one.activeBuilds.length === 0,
    );
    expect(over).toMatchObject({ state: "UNKNOWN", lastBuild: null });
    expect(namesOf(await readRepositories(api, registryId))).not.toContain(ghost.name);
  });

  test("say DELETED for a day when Azure has them no more, and come back with the next push", async ({ slipway }) => {
    const { api, azure } = slipway;
    const registryId = await registryIdOf(api);
    const watch = watchRepositories(api, registryId);
    await watch.until("the repository", ({ name, tags }) => name === "shop/mailer" && tags.length > 0);
    await watchRegistry(api, registryId).until("a whole listing", listed);
    await createAcrControl(azure.url).deleteRepository("shop/mailer");
    const gone = await watch.until("its end", ({ name, state }) => name === "shop/mailer" && state === "DELETED");
    expect(gone.tags).toEqual([]);
    expect(namesOf(await readRepositories(api, registryId))).not.toContain("shop/mailer");
    const late = watchRepositories(slipway.client(), registryId);
    expect((await late.until("the tombstone", ({ name }) => name === "shop/mailer")).state).toBe("DELETED");
    const build = await startBuild(api, registryId, "shop/mailer:2");
    await untilEnded(watch, build);
    const back = await watch.until(
      "the new tag",
      ({ name, version, tags }) => name === "shop/mailer" && version > gone.version && tags.length > 0,
    );
    expect(back).toMatchObject({ state: "AVAILABLE", tags: [{ name: "2" }] });
  });
});

describe("a registry that can't be asked", () => {
  const fault = (operation: string, then: object) => (slipway: Slipway) =>
    slipway.azure.fault({ match: { operation }, then });
  const script = (scenario: string) => (slipway: Slipway) =>
    createAcrControl(slipway.azure.url).script({ registry: REGISTRY }, scenario);
  const denied = { error: { code: "AuthorizationFailed", message: "The client has no right to read runs." } };
  const missing = { error: { code: "ResourceNotFound", message: "The registry was not found." } };

  test.for([
    ["locked by its firewall", script("locked"), "images", "firewall"],
    ["with its data plane down", script("data-plane-down"), "images", "tried again"],
    [
      "with a data plane that throttles",
      fault("repositories.list", { throttle: true }),
      "images",
      "asks again by itself",
    ],
    ["with a data plane that does not know it", fault("repositories.list", { status: 404 }), "images", "still exists"],
    ["with ARM down", fault("runs.list", { status: 503 }), "builds", "tried again"],
    ["with ARM that throttles", fault("runs.list", { throttle: true }), "builds", "asks again by itself"],
    ["without the right to read runs", fault("runs.list", { status: 403, body: denied }), "builds", "role"],
    ["that is gone", fault("runs.list", { status: 404, body: missing }), "builds", "still exists"],
  ] as const)(
    "%s says so and what to do, keeps its rows and recovers",
    async ([_what, begin, side, advice], { slipway }) => {
      const { api, azure } = slipway;
      const registryId = await registryIdOf(api);
      const registry = watchRegistry(api, registryId);
      const healthy = await registry.until("a whole listing", listed);
      // Runs without an image yet may be told theirs meanwhile, and go over to its row.
      const before = (await readRepositories(api, registryId)).filter(({ tags }) => tags.length > 0);
      await begin(slipway);
      const trouble = await registry.until("trouble", ({ reachable }) => !reachable);
      expect(trouble.problem?.message).toContain(`The ${side} of ${REGISTRY}`);
      expect(trouble.problem?.message).toContain(advice);
      expect(trouble.problem?.message).not.toContain("..");
      expect(trouble.problem?.subject).toBe(side.toUpperCase());
      const lastKnownAt = side === "images" ? trouble.imagesObservedAt : trouble.observedAt;
      expect(trouble.problem?.lastKnownAt).toBe(lastKnownAt);
      expect(trouble.repositoryCount).toBe(healthy.repositoryCount);
      const during = await readRepositories(api, registryId);
      expect(namesOf(during)).toEqual(expect.arrayContaining(namesOf(before)));
      for (const { name, tags, observedAt } of before) {
        const now = during.find((one) => one.name === name);
        expect(now?.tags, name).toEqual(expect.arrayContaining([...tags]));
        expect(Date.parse(now?.observedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(observedAt));
      }
      await azure.clearFaults();
      await createAcrControl(azure.url).script({ registry: REGISTRY }, "open");
      await registry.until(
        "the recovery",
        ({ reachable, problem, snapshotVersion }) =>
          reachable && problem === null && snapshotVersion > trouble.snapshotVersion,
      );
    },
  );

  test("keeps telling from when its images are, however long the lock lasts and the builds are read", async ({
    start,
  }) => {
    const slipway = await start({ speed: 60 });
    const { api } = slipway;
    const registryId = await registryIdOf(api);
    const registry = watchRegistry(api, registryId);
    await registry.until("a whole listing", listed);
    const lockedAt = Date.now();
    await script("locked")(slipway);
    const trouble = await registry.until("trouble", ({ reachable }) => !reachable);
    const lastKnownAt = trouble.problem?.lastKnownAt ?? "";
    expect(Date.parse(lastKnownAt)).toBeLessThanOrEqual(lockedAt);
    await startBuild(api, registryId, "team/locked:1");
    const later = await registry.until("a later look", (one) => one.snapshotVersion > trouble.snapshotVersion + 1);
    expect(later.problem?.lastKnownAt).toBe(lastKnownAt);
    expect(Date.parse(later.observedAt ?? "")).toBeGreaterThan(Date.parse(lastKnownAt));
  });

  test("says so again when it is locked right after an outage that lasted, between two listings", async ({ start }) => {
    const slipway = await start({ speed: 60 });
    const { api } = slipway;
    const registryId = await registryIdOf(api);
    const registry = watchRegistry(api, registryId);
    await registry.until("a whole listing", listed);
    await script("data-plane-down")(slipway);
    const trouble = await registry.until("trouble", ({ reachable }) => !reachable);
    const since = await slipway.azure.lastRequest();
    // Some refusals more: the outage lasts.
    await expect
      .poll(async () => (await slipway.azure.requests(since)).filter(({ path }) => /_catalog/.test(path)).length, {
        timeout: LOST,
      })
      .toBeGreaterThanOrEqual(8);
    await script("open")(slipway);
    const back = await registry.until(
      "the recovery",
      ({ reachable, snapshotVersion }) => reachable && snapshotVersion > trouble.snapshotVersion,
    );
    await script("locked")(slipway);
    const again = await registry.until(
      "the lock",
      ({ reachable, snapshotVersion }) => !reachable && snapshotVersion > back.snapshotVersion,
    );
    expect(again.problem?.message).toContain("firewall");
  });

  test("for images still shows its builds go on, and then what they pushed", async ({ slipway }) => {
    const { api, azure } = slipway;
    const registryId = await registryIdOf(api);
    const registry = watchRegistry(api, registryId);
    const watch = watchRepositories(api, registryId);
    await registry.until("a whole listing", listed);
    await createAcrControl(azure.url).script({ registry: REGISTRY }, "data-plane-down");
    await registry.until("trouble", ({ reachable }) => !reachable);
    const build = await startBuild(api, registryId, "team/blind:1");
    expect((await untilEnded(watch, build)).lastBuild?.status).toBe("SUCCEEDED");
    await createAcrControl(azure.url).script({ registry: REGISTRY }, "open");
    await watch.until("its tag", ({ name, tags }) => name === "team/blind" && tags.length > 0);
  });

  test("for builds still shows what was pushed meanwhile; the page needs no ARM", async ({ slipway }) => {
    const { api, azure } = slipway;
    const registryId = await registryIdOf(api);
    const registry = watchRegistry(api, registryId);
    const watch = watchRepositories(api, registryId);
    await registry.until("a whole listing", listed);
    for (const operation of ["runs.list", "registries.list"])
      await azure.fault({ match: { operation }, then: { status: 503 } });
    await registry.until("trouble", ({ reachable }) => !reachable);
    await createAcrControl(azure.url).build("pushed/blind:1");
    await watch.until("what was pushed", ({ name, tags }) => name === "pushed/blind" && tags.length > 0);
    await slipway.restart();
    // Nobody has been told of any registry since the restart: it is known from before.
    expect(namesOf(await readRepositories(api, registryId))).toContain("pushed/blind");
  });
});

describe("what Azure is asked", () => {
  const LOOKS = 6;
  async function countLooks(slipway: Slipway, viewers: number): Promise<number[]> {
    const { api, azure } = slipway;
    await createAcrControl(azure.url).script({ image: "team/waiting:1" }, "queued-forever");
    const registryId = await registryIdOf(api);
    await startBuild(api, registryId, "team/waiting:1");
    const clients = Array.from({ length: viewers }, () => slipway.client());
    const watches = clients.map((client) => {
      watchRegistry(client, registryId);
      return watchRepositories(client, registryId);
    });
    await Promise.all(watches.map((watch) => watch.first()));
    await watchRegistry(api, registryId).until("a whole listing", listed);
    const since = await azure.lastRequest();
    const lists = async () => {
      const requests = await azure.requests(since);
      return requests.filter(({ path }) => /\/runs\?/.test(path));
    };
    await expect.poll(async () => (await lists()).length, { timeout: LOST }).toBeGreaterThanOrEqual(LOOKS);
    const seen = await lists();
    await Promise.all(clients.map((client) => client.close()));
    // Virtual seconds between two looks.
    return seen.slice(1).map(({ at }, index) => (Date.parse(at) - Date.parse(seen[index]?.at ?? "")) / 1000);
  }

  test("does not grow with 50 who look", async ({ start }) => {
    const one = await countLooks(await start({ speed: 20 }), 1);
    const fifty = await countLooks(await start({ speed: 20 }), 50);
    const shortest = (gaps: readonly number[]): number => Math.min(...gaps);
    expect(shortest(one)).toBeGreaterThan(4);
    expect(shortest(fifty)).toBeGreaterThan(4);
  });

  test("is nothing once nobody has looked for a minute and no build runs; a look wakes the watcher", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "slipway-rest-"));
    const emulator = await createEmulator({ port: 0, speed: 300 });
    const azure = createAzureControl(emulator.url);
    const system = createSystemClock();
    let aheadMs = 0;
    const parsed = parseConfig({
      SLIPWAY_DATA_DIR: dataDir,
      SLIPWAY_EMULATOR_URL: emulator.url,
      SLIPWAY_EMULATOR_SPEED: "300",
      SLIPWAY_LOG_LEVEL: "warn",
    });
    if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
    const app = await createApp({
      config: { ...parsed.config, api: { ...parsed.config.api, port: 0 } },
      clock: { ...system, now: () => system.now() + aheadMs },
      log: createLogger({ level: "silent", isPretty: false }),
    });
    const api = createApiClient(app.url);
    const runLists = async (since: number) =>
      (await azure.requests(since)).filter(({ path }) => !path.includes("_emulator")).length;
    try {
      const registryId = await registryIdOf(api);
      const watch = watchRepositories(api, registryId);
      const registry = watchRegistry(api, registryId);
      await registry.until("a whole listing", listed);
      const { runId, repository } = DEMO.queuedBuild;
      await watch.until("the last build's end", (one) => one.name === repository && one.lastBuild?.runId === runId);
      watch.stop();
      registry.stop();
      await readRepositories(api, registryId);
      aheadMs += 61_000;
      // Two counts in a row without a request between them: with somebody looking there are four a second.
      let since = await azure.lastRequest();
      await expect
        .poll(
          async () => {
            const count = await runLists(since);
            since = await azure.lastRequest();
            return count;
          },
          { timeout: 10_000, interval: 1_500 },
        )
        .toBe(0);
      const resting = await azure.lastRequest();
      const acr = createAcrControl(emulator.url);
      await acr.build("after/rest:1");
      const again = watchRepositories(api, registryId);
      await again.until("what happened meanwhile", ({ name }) => name === "after/rest");
      expect(await runLists(resting)).toBeGreaterThan(1);
    } finally {
      await api.close();
      await app.stop();
      await emulator.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
