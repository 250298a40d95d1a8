import { describe, expect } from "vitest";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import { createAcrControl } from "./acr-control.ts";
import type { ApiClient } from "./api-client.ts";
import { registryIdOf, startBuild, startBuilds, watchRepositories, type BuildAnswer } from "./builds.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";

interface LiveBuild extends BuildAnswer {
  readonly version: number;
  readonly registryName: string;
  readonly startedBy: string | null;
  readonly runsAheadCount: number | null;
}

interface BuildPage {
  readonly edges: readonly { readonly cursor: string; readonly node: LiveBuild }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const FIELDS =
  "id version registryName runId image tag status startedBy queuedAt startedAt finishedAt error runsAheadCount";
const UPDATED = `subscription ($registryId: ID) { buildUpdated(registryId: $registryId) { ${FIELDS} } }`;
const PROGRESS = `subscription ($buildId: ID!) { buildProgress(buildId: $buildId) { ${FIELDS} } }`;
const IN_FLIGHT = `query { buildsInFlight { ${FIELDS} } }`;
const HISTORY = `query ($registryId: ID!, $image: String, $statuses: [AcrBuildStatus!], $first: Int, $after: String) {
  builds(registryId: $registryId, image: $image, statuses: $statuses, first: $first, after: $after) {
    edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage endCursor } } }`;
const ENDED = ["SUCCEEDED", "FAILED", "CANCELED", "ERROR", "TIMEOUT"];

const watchAll = (api: ApiClient) => api.subscribe<LiveBuild>(UPDATED, {});
const inFlight = async (api: ApiClient) => (await api.data<{ buildsInFlight: LiveBuild[] }>(IN_FLIGHT)).buildsInFlight;
const history = async (api: ApiClient, variables: Record<string, unknown>) =>
  (await api.data<{ builds: BuildPage }>(HISTORY, variables)).builds;
const named = (name: string) => (build: LiveBuild) => `${build.image}:${build.tag}` === name;

describe("one build", () => {
  test("is told as it is, then with each change, and its subscription completes after the outcome", async ({
    start,
  }) => {
    const slipway = await start({ speed: 60 });
    const registryId = await registryIdOf(slipway.api);
    const { id } = await startBuild(slipway.api, registryId, "team/one:1");
    const watch = slipway.api.subscribe<LiveBuild>(PROGRESS, { buildId: id });
    await watch.completed;
    const { messages } = watch;
    expect(messages.every((one) => one.id === id)).toBe(true);
    expect(messages.at(-1)?.status).toBe("SUCCEEDED");
    expect(messages.slice(0, -1).some(({ status }) => ENDED.includes(status))).toBe(false);
    const versions = messages.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
    expect(messages[0]).toMatchObject({ registryName: DEMO.registry.name, startedBy: "Local operator" });

    const later = slipway.api.subscribe<LiveBuild>(PROGRESS, { buildId: id });
    await later.completed;
    expect(later.messages.map(({ status }) => status)).toEqual(["SUCCEEDED"]);
  });

  test("is the only one that its subscription tells of", async ({ start }) => {
    const slipway = await start({ speed: 60 });
    const registryId = await registryIdOf(slipway.api);
    await createAcrControl(slipway.azure.url).script({ image: "team/waits:1" }, "queued-forever");
    const waiting = await startBuild(slipway.api, registryId, "team/waits:1");
    const watch = slipway.api.subscribe<LiveBuild>(PROGRESS, { buildId: waiting.id });
    const other = watchRepositories(slipway.api, registryId);
    const { id } = await startBuild(slipway.api, registryId, "team/other:1");
    await other.until("the end of the other", ({ lastBuild }) => lastBuild?.id === id);
    expect(watch.messages.map((one) => one.image)).toEqual(watch.messages.map(() => "team/waits"));
    expect(watch.isCompleted).toBe(false);
  });

  test("that waits tells how many wait before it, and each time when they are fewer", async ({ start }) => {
    const slipway = await start({ speed: 60 });
    const registryId = await registryIdOf(slipway.api);
    const acr = createAcrControl(slipway.azure.url);
    const names = ["team/first:1", "team/second:1"];
    for (const name of names) await acr.script({ image: name }, "queued-forever");
    const before = await startBuilds(slipway.api, registryId, names);
    await acr.script({ image: "team/third:1" }, "queued-forever");
    const { id } = await startBuild(slipway.api, registryId, "team/third:1");
    const watch = slipway.api.subscribe<LiveBuild>(PROGRESS, { buildId: id });
    await watch.until("two before it", ({ runsAheadCount }) => runsAheadCount === 2);
    for (const { build } of before) await slipway.api.data(operation("CancelBuild"), { buildId: build?.id });
    await watch.until("none before it", ({ runsAheadCount }) => runsAheadCount === 0);
    await slipway.api.data(operation("CancelBuild"), { buildId: id });
    await watch.completed;
    expect(watch.messages.at(-1)).toMatchObject({ status: "CANCELED", runsAheadCount: null });
  });

  test("that there is not is refused by code", async ({ slipway }) => {
    for (const buildId of ["nonsense", Buffer.from("AcrBuild:demoacr.none").toString("base64")]) {
      const watch = slipway.api.subscribe<LiveBuild>(PROGRESS, { buildId });
      await expect(watch.completed).rejects.toThrow("There is no such build");
    }
  });
});

describe("builds of every registry", () => {
  test("in flight come first, then each that starts or changes, whoever started it; nobody needs to look at the registry", async ({
    start,
  }) => {
    const slipway = await start({ speed: 60 });
    const acr = createAcrControl(slipway.azure.url);
    const registryId = await registryIdOf(slipway.api);
    await acr.script({ image: "team/waits:1" }, "queued-forever");
    await startBuild(slipway.api, registryId, "team/waits:1");
    const watch = watchAll(slipway.api);
    await watch.until("the one in flight", named("team/waits:1"));
    const runId = await acr.build("others/new:1");
    const begun = await watch.until("the run of others", (one) => one.runId === runId);
    expect(begun).toMatchObject({ registryName: DEMO.registry.name, startedBy: null });
    const end = await watch.until("its end", (one) => one.runId === runId && ENDED.includes(one.status));
    expect(end).toMatchObject({ id: begun.id, image: "others/new", tag: "1", status: "SUCCEEDED" });
    const flying = await inFlight(slipway.api);
    expect(flying.filter(named("team/waits:1"))).toHaveLength(1);
    expect(flying.filter(({ status }) => ENDED.includes(status))).toEqual([]);
  });

  test("are found again after a restart, while Azure can't be reached", async ({ start }) => {
    const slipway = await start({ speed: 60 });
    const registryId = await registryIdOf(slipway.api);
    await createAcrControl(slipway.azure.url).script({ image: "team/waits:1" }, "queued-forever");
    const { id } = await startBuild(slipway.api, registryId, "team/waits:1");
    await slipway.stopAzure();
    await slipway.restart();
    expect((await inFlight(slipway.api)).map((one) => one.id)).toContain(id);
    const watch = watchAll(slipway.api);
    await watch.until("the build", (one) => one.id === id);
  });

  test("have their runs looked for while somebody watches, and no repository listed for it", async ({ start }) => {
    const slipway = await start({ speed: 60 });
    const registryId = await registryIdOf(slipway.api);
    await createAcrControl(slipway.azure.url).script({ image: "team/waits:1" }, "queued-forever");
    await startBuild(slipway.api, registryId, "team/waits:1");
    await slipway.restart();
    const since = await slipway.azure.lastRequest();
    const watch = watchAll(slipway.api);
    await watch.until("the one in flight", named("team/waits:1"));
    const acr = createAcrControl(slipway.azure.url);
    const runId = await acr.build("others/new:1");
    await watch.until("the run of others", (one) => one.runId === runId);
    const asked = await slipway.azure.requests(since);
    // One name is asked for while a build is in flight: whether the registry can be reached matters to the build.
    expect(asked.filter(({ path }) => /_tags|_catalog\?(?!.*\bn=1&)/.test(path))).toEqual([]);
  });
});

describe("the history of a registry", () => {
  test("is paged, newest first, and filtered by image and by how builds ended", async ({ start }) => {
    const slipway = await start({ speed: 60 });
    const { api } = slipway;
    const acr = createAcrControl(slipway.azure.url);
    await acr.script({ image: "team/bad:1" }, "fails");
    const registryId = await registryIdOf(api);
    const watch = api.subscribe<LiveBuild>(UPDATED, { registryId });
    await startBuilds(api, registryId, ["team/good:1", "team/bad:1"]);
    await watch.until("the good one's end", (one) => one.image === "team/good" && one.status === "SUCCEEDED");
    await watch.until("the bad one's end", (one) => one.image === "team/bad" && one.status === "FAILED");

    const whole = await history(api, { registryId, first: 100 });
    const ids = whole.edges.map(({ node }) => node.id);
    const collected: string[] = [];
    let after: string | null = null;
    do {
      const page: BuildPage = await history(api, { registryId, first: 3, after });
      collected.push(...page.edges.map(({ node }) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(collected).toEqual(ids);

    const bad = await history(api, { registryId, image: "team/bad" });
    expect(bad.edges.map(({ node }) => [node.image, node.status, node.error])).toEqual([
      ["team/bad", "FAILED", "failed during run, err: exit status 1"],
    ]);
    const failed = await history(api, { registryId, statuses: ["FAILED"] });
    expect(failed.edges.map(({ node }) => node.id)).toEqual(
      whole.edges.filter(({ node }) => node.status === "FAILED").map(({ node }) => node.id),
    );
    expect((await history(api, { registryId, image: "team/good", statuses: ["FAILED"] })).edges).toEqual([]);
  });

  test("of a registry that there is not, or from a cursor that is none, is refused by code", async ({ slipway }) => {
    const { api } = slipway;
    await expect(history(api, { registryId: "nonsense" })).rejects.toThrow("There is no such registry");
    const registryId = await registryIdOf(api);
    await expect(history(api, { registryId, after: "bm9uc2Vuc2U" })).rejects.toThrow("no cursor of this list");
    const watch = api.subscribe<LiveBuild>(UPDATED, { registryId: "nonsense" });
    await expect(watch.completed).rejects.toThrow("There is no such registry");
  });
});
