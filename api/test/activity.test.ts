import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { createEmulator } from "../arm-emulator/emulator.ts";
import { createApiClient, type ApiClient } from "./api-client.ts";
import { createAzureControl, effectiveClusterPuts } from "./azure-control.ts";
import { image, registryIdOf, tryStartBuilds } from "./builds.ts";
import { createCrashProxy } from "./crash-proxy.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import { createApiProcess } from "./processes.ts";
import { clusterInput, expectContiguous, startProvision, tryStart, untilEnded, watchProgress } from "./provisions.ts";
import type { Watch } from "./watch.ts";

interface Entry {
  readonly sequence: number;
  readonly at: string;
  readonly viewerId: string;
  readonly viewerName: string;
  readonly action: string;
  readonly target: {
    readonly kind: string;
    readonly id: string;
    readonly name: string;
    readonly withinId: string | null;
  };
  readonly outcome: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly started: readonly ({ readonly __typename: string; readonly id: string; readonly status?: string } | null)[];
}

const FIELDS = `sequence at viewerId viewerName action target { kind id name withinId } outcome code message
  started { __typename id ... on Provision { status } }`;
const LIST = `query Activity($first: Int, $after: String, $action: ActivityAction, $aboutId: ID) {
  activity(first: $first, after: $after, action: $action, aboutId: $aboutId) {
    newestSequence edges { node { ${FIELDS} } } pageInfo { hasNextPage endCursor } } }`;
const RECORDED = `subscription Recorded($afterSequence: Int, $action: ActivityAction) {
  activityRecorded(afterSequence: $afterSequence, action: $action) { ${FIELDS} } }`;
const CANCEL = `mutation Cancel($id: ID!) { cancelBuild(buildId: $id) { __typename } }`;

interface Page {
  readonly newestSequence: number;
  readonly edges: readonly { readonly node: Entry }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function readPage(api: ApiClient, variables: object = {}): Promise<Page> {
  return (await api.data<{ activity: Page }>(LIST, variables)).activity;
}

async function readActivity(api: ApiClient, variables: object = {}): Promise<readonly Entry[]> {
  return (await readPage(api, variables)).edges.map(({ node }) => node);
}

const watchActivity = (api: ApiClient, afterSequence?: number): Watch<Entry> =>
  api.subscribe<Entry>(RECORDED, { afterSequence });

const globalId = (type: string, id: string): string => Buffer.from(`${type}:${id}`).toString("base64");

async function refuse(api: ApiClient, nth: number): Promise<void> {
  await api.data(CANCEL, { id: globalId("AcrBuild", `none-${nth}`) });
}

describe("an entry", () => {
  test("says who did what to what, and shows what that began as it is now", async ({ slipway: { api } }) => {
    const id = await startProvision(api, clusterInput("told"));
    const [entry] = await readActivity(api);
    expect(entry).toMatchObject({
      sequence: 1,
      viewerId: "local",
      viewerName: "Local operator",
      action: "START_PROVISION",
      target: { kind: "CLUSTER", name: "told" },
      outcome: "ACCEPTED",
      code: null,
      started: [{ __typename: "Provision", id }],
    });
    await untilEnded(watchProgress(api, id));
    expect((await readActivity(api))[0]?.started).toEqual([{ __typename: "Provision", id, status: "SUCCEEDED" }]);
    expect(await readActivity(api, { aboutId: entry?.target.id })).toHaveLength(1);
    expect(await readActivity(api, { aboutId: id })).toHaveLength(1);
  });

  test("of a refusal says why; of input that can't be used there is none", async ({ slipway: { api } }) => {
    await tryStart(api, clusterInput("shop-prod", { resourceGroup: "shop-prod-weu" }));
    await tryStart(api, clusterInput("bad name"));
    await tryStartBuilds(api, await registryIdOf(api), [image("no tag:")]);
    await refuse(api, 1);
    const entries = await readActivity(api);
    expect(entries.map(({ action, outcome, code }) => [action, outcome, code])).toEqual([
      ["CANCEL_BUILD", "REFUSED", "NOT_FOUND"],
      ["START_PROVISION", "REFUSED", "CLUSTER_EXISTS"],
    ]);
    expect(entries[0]?.message).toContain("There is no such build");
    expectContiguous(entries.toReversed());
  });

  test("of several builds names each that began", async ({ slipway: { api } }) => {
    const registryId = await registryIdOf(api);
    await tryStartBuilds(api, registryId, [image("told/a:1"), image("told/b:1")]);
    await tryStartBuilds(api, registryId, [image("told/a:1"), image("told/c:1")]);
    const [second, first] = await readActivity(api, { action: "START_BUILDS", aboutId: registryId });
    expect(first).toMatchObject({ target: { kind: "REGISTRY", name: "demoacr" }, outcome: "ACCEPTED", message: null });
    expect(first?.started.map((one) => one?.__typename)).toEqual(["AcrBuild", "AcrBuild"]);
    expect(second?.started).toHaveLength(1);
    expect(second?.message).toContain("1 of 2 refused: told/a:1 is being built already");
  });
});

describe("the list", () => {
  test("is the same page by page as at once, by sequence", async ({ slipway: { api } }) => {
    for (let nth = 0; nth < 5; nth++) await refuse(api, nth);
    const paged: Entry[] = [];
    let after: string | null = null;
    for (let hasNextPage = true; hasNextPage;) {
      const page: Page = await readPage(api, { first: 2, after });
      paged.push(...page.edges.map(({ node }) => node));
      ({ hasNextPage, endCursor: after } = page.pageInfo);
    }
    expect(paged.map(({ sequence }) => sequence)).toEqual([5, 4, 3, 2, 1]);
    const { errors } = await api.graphql(LIST, { after: "nonsense" });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("the subscription", () => {
  test("brings each entry once, in order, and goes on after a restart where the reader was", async ({ slipway }) => {
    const { api } = slipway;
    for (let nth = 0; nth < 3; nth++) await refuse(api, nth);
    const watch = watchActivity(api, 0);
    await watch.until("the third", ({ sequence }) => sequence === 3);
    const fromNow = watchActivity(api);
    await refuse(api, 3);
    await watch.until("the fourth", ({ sequence }) => sequence === 4);
    watch.stop();
    fromNow.stop();
    expectContiguous(watch.messages);
    await slipway.restart();
    const again = slipway.client();
    for (let nth = 4; nth < 8; nth++) await refuse(again, nth);
    const resumed = watchActivity(again, 4);
    await resumed.until("the eighth", ({ sequence }) => sequence === 8);
    expectContiguous(resumed.messages, 5);
  });

  test("with a filter brings what matches alone; a cursor of no sequence is refused", async ({ slipway: { api } }) => {
    await refuse(api, 1);
    await tryStart(api, clusterInput("filtered"));
    await refuse(api, 2);
    const watch = api.subscribe<Entry>(RECORDED, { afterSequence: 0, action: "CANCEL_BUILD" });
    await watch.until("the last", ({ sequence }) => sequence === 3);
    expect(watch.messages.map(({ sequence }) => sequence)).toEqual([1, 3]);
    await expect(watchActivity(api, -1).completed).rejects.toThrow("'afterSequence' is 0 or more");
  });
});

test(
  "kill -9 between the intent and the act: the entry says that nobody knows, and nothing was begun",
  { timeout: 60_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "slipway-kill-activity-"));
    const emulator = await createEmulator({ port: 0, dataDir: join(dataDir, "azure"), speed: 500 });
    const proxy = await createCrashProxy(() => emulator.url);
    const process = await createApiProcess({ dataDir, azureUrl: proxy.url, speed: 500 });
    await process.start();
    const api = createApiClient(process.url, { reconnect: true });
    try {
      const asksWhetherFree = /\/managedClusters\/survivor\?/i;
      const crash = proxy.crashAt(
        [{ title: "before the act", method: "GET", path: asksWhetherFree, when: "before" }],
        async () => {
          await process.kill();
          await process.start();
        },
      );
      await expect(tryStart(api, clusterInput("survivor"))).rejects.toThrow();
      await crash;
      expect(await readActivity(api)).toMatchObject([
        { sequence: 1, action: "START_PROVISION", target: { name: "survivor" }, outcome: "UNKNOWN", started: [] },
      ]);
      const { provisions } = await api.data<{ provisions: { edges: object[] } }>(operation("Provisions"), {});
      expect(provisions.edges).toEqual([]);
      expect(effectiveClusterPuts(await createAzureControl(emulator.url).requests())).toEqual([]);
      await startProvision(api, clusterInput("survivor"));
      expect((await readActivity(api)).map(({ sequence, outcome }) => [sequence, outcome])).toEqual([
        [2, "ACCEPTED"],
        [1, "UNKNOWN"],
      ]);
    } finally {
      await api.close();
      await process.kill();
      await proxy.stop();
      await emulator.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);
