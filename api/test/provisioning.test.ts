import { describe, expect } from "vitest";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import type { ApiClient } from "./api-client.ts";
import { effectiveClusterPuts, requestsOf } from "./azure-control.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import {
  clusterInput,
  expectContiguous,
  expectProgressPromises,
  provisionToEnd,
  startProvision,
  untilEnded,
  watchProgress,
  watchTimeline,
  type Progress,
  type TimelineRow,
} from "./provisions.ts";

async function demoRegistryId(api: ApiClient): Promise<string> {
  const { registries } = await api.data<{ registries: { id: string; name: string }[] }>(operation("Registries"));
  const registry = registries.find(({ name }) => name === DEMO.registry.name);
  if (!registry) throw new Error("The demo world has no registry.");
  return registry.id;
}

describe("a provision that goes well", () => {
  test("keeps every promise of the progress stream, from start to success", async ({ slipway }) => {
    const { api, azure } = slipway;
    const id = await startProvision(api, clusterInput("happy-one", { registryId: await demoRegistryId(api) }));
    const [first, second, timeline] = [watchProgress(api, id), watchProgress(api, id), watchTimeline(api, id)];
    const events = api.sse<Progress>(operation("ProvisionProgress"), { provisionId: id });
    const last = await untilEnded(first);
    await Promise.all([second.completed, timeline.completed, events.completed]);

    expectProgressPromises(first.messages);
    expectContiguous(first.messages, first.messages[0]?.sequence);
    expect(last).toMatchObject({ status: "SUCCEEDED", phase: "COMPLETED", step: 5, totalSteps: 5, percent: 100 });
    expect(last).toMatchObject({ clusterState: "Succeeded", failure: null, label: "Cluster ready" });
    expect(last.portalUrl).toContain("happy-one");
    expect(last.nodePools.map((pool) => [pool.name, pool.mode, pool.count, pool.tone])).toEqual([
      ["systempool", "SYSTEM", 1, "SUCCESS"],
      ["apps", "USER", 2, "SUCCESS"],
    ]);
    expect(new Set(first.messages.map(({ phase }) => phase))).toEqual(
      new Set(
        ["ENSURING_RESOURCE_GROUP", "ARM_CREATE_OR_UPDATE", "ENSURING_RBAC", "COMPLETED"].concat(
          first.messages[0]?.phase ?? [],
        ),
      ),
    );
    expect(first.messages.every(({ percent }) => Math.round(percent * 10) === percent * 10)).toBe(true);

    // Everybody is told the same, whatever the transport.
    for (const other of [second, events]) {
      const since = Math.max(other.messages[0]?.sequence ?? 0, first.messages[0]?.sequence ?? 0);
      const from = (messages: readonly Progress[]) => messages.filter(({ sequence }) => sequence >= since);
      // The pace alone is of the moment at which it is told.
      const facts = ({ pace: _pace, ...rest }: Progress) => rest;
      expect(from(other.messages).map(facts)).toEqual(from(first.messages).map(facts));
    }

    expectContiguous(timeline.messages);
    const requests = await azure.requests();
    expect(effectiveClusterPuts(requests)).toHaveLength(1);
    const grants = requestsOf(requests, "PUT", /roleAssignments\//i);
    expect(grants.map(({ status, effective }) => [status, effective])).toEqual([[201, true]]);
    const cluster = (await azure.resources()).find(({ name }) => name === "happy-one");
    expect(cluster?.tags).toMatchObject({ "managed-by": "slipway" });
  });

  test("needs no registry", async ({ slipway }) => {
    const { last } = await provisionToEnd(slipway.api, clusterInput("no-registry"));
    expect(last.status).toBe("SUCCEEDED");
    expect(requestsOf(await slipway.azure.requests(), "PUT", /roleAssignments/i)).toEqual([]);
  });

  test("takes a resource group in another location as it is", async ({ slipway }) => {
    const { api, azure } = slipway;
    const resourceGroup = DEMO.failedCluster.resourceGroup;
    const { last, id } = await provisionToEnd(api, clusterInput("guest", { resourceGroup }));
    expect(last.status).toBe("SUCCEEDED");
    const puts = requestsOf(await azure.requests(), "PUT", new RegExp(`/resourceGroups/${resourceGroup}\\?`, "i"));
    expect(puts).toEqual([]);
    const timeline = watchTimeline(api, id);
    await timeline.completed;
    expect(timeline.messages.map(({ message }) => message)).toContain(
      `Resource group ${resourceGroup} exists in northeurope`,
    );
  });

  test("counts the looks at a resource group that is not visible yet", async ({ start }) => {
    // Slow enough for several looks, fast once the group is there.
    const { api, azure } = await start({ speed: 20 });
    await azure.scenario("laggard", "resource-group-lags");
    const watch = watchProgress(api, await startProvision(api, clusterInput("laggard")));
    await watch.until("the cluster's own step", ({ step }) => step === 3);
    await azure.setSpeed(300);
    expect((await untilEnded(watch)).status).toBe("SUCCEEDED");
    const counts = watch.messages.flatMap(({ message }) => /visible \((\d+) of 12\)/.exec(message ?? "")?.[1] ?? []);
    expect(counts.length).toBeGreaterThan(2);
    expectContiguous(counts.map((count) => ({ sequence: Number(count) })));
    expect(requestsOf(await azure.requests(), "PUT", /resourceGroups\/laggard-rg\?/i)).toHaveLength(1);
  });

  test("two clusters for one registry get one role each, under names that a repeat would hit again", async ({
    slipway,
  }) => {
    const { api, azure } = slipway;
    const registryId = await demoRegistryId(api);
    const ended = await Promise.all(
      ["pull-one", "pull-two"].map((name) => provisionToEnd(api, clusterInput(name, { registryId }))),
    );
    expect(ended.map(({ last }) => last.status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    const grants = requestsOf(await azure.requests(), "PUT", /roleAssignments\//i);
    const names = grants.map(({ path }) => /roleAssignments\/([^?]+)/i.exec(path)?.[1]);
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => /^[0-9a-f]{8}-[0-9a-f]{4}-5/.test(name ?? ""))).toBe(true);
  });
});

describe("a provision that has ended", () => {
  test("gives its snapshot and completes, before and after a restart, with its times as they were", async ({
    slipway,
  }) => {
    const { last, id } = await provisionToEnd(slipway.api, clusterInput("ended"));
    const before = watchProgress(slipway.api, id);
    await before.completed;
    expect(before.messages).toEqual([last]);

    await slipway.restart();
    const api = slipway.client();
    const after = watchProgress(api, id);
    const events = api.sse<Progress>(operation("ProvisionProgress"), { provisionId: id });
    await Promise.all([after.completed, events.completed]);
    expect(after.messages).toEqual([last]);
    expect(events.messages).toEqual([last]);
    expect((await api.data<{ provision: object }>(operation("Provision"), { id })).provision).toMatchObject({
      status: "SUCCEEDED",
      leftovers: [],
      failure: null,
    });
  });

  test("has a timeline that can be read from any entry on", async ({ slipway }) => {
    const { api } = slipway;
    const { id } = await provisionToEnd(api, clusterInput("history"));
    const { provision } = await api.data<{ provision: { timeline: TimelineRow[] } }>(operation("Provision"), { id });
    expectContiguous(provision.timeline);
    for (const after of [0, 1, 3, provision.timeline.length, provision.timeline.length + 10]) {
      const watch = watchTimeline(api, id, after);
      await watch.completed;
      expect(watch.messages).toEqual(provision.timeline.slice(after));
    }
  });
});

test("a restart in the middle loses nothing and makes nothing twice", async ({ start }) => {
  const slipway = await start({ speed: 100 });
  const id = await startProvision(slipway.api, clusterInput("restarted"));
  const before = watchProgress(slipway.api, id);
  const seen = await before.until("a look at the cluster", ({ clusterState }) => clusterState === "Creating");
  await slipway.restart();
  const after = watchProgress(slipway.client(), id);
  const snapshot = await after.first();
  expect(snapshot.sequence).toBeGreaterThanOrEqual(seen.sequence);
  expect(snapshot.startedAt).toBe(seen.startedAt);
  const last = await untilEnded(after);
  expect(last.status).toBe("SUCCEEDED");
  expectProgressPromises(after.messages);
  const wall = (Date.parse(last.observedAt) - Date.parse(last.startedAt)) / 1000;
  expect(last.elapsedSeconds).toBe(Math.floor(wall));
  expect(effectiveClusterPuts(await slipway.azure.requests())).toHaveLength(1);
});

describe("lists of provisions", () => {
  test("page newest first, by cursors", async ({ slipway }) => {
    const { api } = slipway;
    const names = ["list-one", "list-two", "list-three", "list-four", "list-five"];
    for (const name of names) await startProvision(api, clusterInput(name));
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 3; pages++) {
      const page: Connection = await api.data<Connection>(operation("Provisions"), { first: 2, after });
      const { edges, pageInfo } = page.provisions;
      seen.push(...edges.map(({ node }) => node.clusterName));
      expect(pageInfo.hasNextPage).toBe(pages < 2);
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor);
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(names.toReversed());
  });

  test("begin live with what is under way and bring every change of every provision", async ({ slipway }) => {
    const { api } = slipway;
    const early = await startProvision(api, clusterInput("live-early"));
    const watch = api.subscribe<Updated>(operation("ProvisionUpdated"));
    const snapshot = await watch.first();
    expect(snapshot).toMatchObject({ id: early, clusterName: "live-early" });
    const late = await startProvision(api, clusterInput("live-late"));
    for (const id of [early, late])
      await watch.until(`the end of ${id}`, (one) => one.id === id && one.status === "SUCCEEDED");
    for (const id of [early, late]) {
      const sequences = watch.messages.filter((one) => one.id === id).map(({ progress }) => progress.sequence);
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
      expect(new Set(sequences).size).toBe(sequences.length);
    }
    expect(watch.isCompleted).toBe(false);
    watch.stop();
  });

  test("clusters live: the new one appears with its states and ends READY", async ({ slipway }) => {
    const { api } = slipway;
    const watch = api.subscribe<{ name: string; status: string; version: number }>(operation("ClusterUpdated"));
    await watch.until("the running demo cluster", ({ name }) => name === DEMO.runningCluster.name);
    await startProvision(api, clusterInput("appears"));
    const mine = (one: { name: string }): boolean => one.name === "appears";
    await watch.until("the cluster being created", (one) => mine(one) && one.status === "CREATING");
    await watch.until("the cluster ready", (one) => mine(one) && one.status === "READY");
    const versions = watch.messages.filter(mine).map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
    watch.stop();
    const { clusters } = await api.data<{ clusters: { name: string; status: string }[] }>(operation("Clusters"));
    expect(clusters.map(({ name, status }) => [name, status])).toEqual([
      ["appears", "READY"],
      ["data-lab", "FAILED"],
      ["shop-dev", "STOPPED"],
      ["shop-prod", "READY"],
    ]);
  });
});

test("what any query names by its id can be asked for by it", async ({ slipway }) => {
  const { api } = slipway;
  await startProvision(api, clusterInput("a-node"));
  const { clusters, registries, provisions } = await api.data<
    Record<"clusters" | "registries", { id: string }[]> & Ids
  >("{ clusters { id } registries { id } provisions { edges { node { id } } } }");
  const ids = [...clusters, ...registries, ...provisions.edges.map(({ node }) => node)].map(({ id }) => id);
  const { nodes } = await api.data<{ nodes: ({ id: string; __typename: string } | null)[] }>(
    "query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }",
    { ids },
  );
  expect(nodes.map((node) => node?.id)).toEqual(ids);
  expect(new Set(nodes.map((node) => node?.__typename))).toEqual(new Set(["Cluster", "Registry", "Provision"]));
});

describe("ids that name nothing", () => {
  const unknown = Buffer.from(`Provision:${"0".repeat(24)}.00000000-0000-7000-8000-000000000000`).toString("base64");
  const ofAnotherType = Buffer.from("Registry:demoacr").toString("base64");
  const ids = [unknown, ofAnotherType, "", "not-an-id", "é💥", "../../etc/passwd", `${unknown}x`];

  test("a provision is null", async ({ slipway }) => {
    for (const id of ids)
      expect(await slipway.api.graphql(operation("Provision"), { id }), id).toEqual({ data: { provision: null } });
  });

  test("a node is null", async ({ slipway }) => {
    const known = [DEMO.runningCluster.name, "nowhere"].map((name) =>
      Buffer.from(`Cluster:/subscriptions/${DEMO.subscriptionId}/${name}`).toString("base64"),
    );
    for (const id of [...ids, ...known])
      expect(await slipway.api.graphql("query ($id: ID!) { node(id: $id) { id } }", { id }), id).toEqual({
        data: { node: null },
      });
    const all = await slipway.api.graphql("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids });
    expect(all).toEqual({ data: { nodes: ids.map(() => null) } });
  });

  test("a subscription ends with an error of its own, and the socket goes on", async ({ slipway }) => {
    const { api } = slipway;
    const live = await startProvision(api, clusterInput("beside"));
    const good = watchProgress(api, live);
    await good.first();
    for (const provisionId of ids) {
      for (const name of ["ProvisionProgress", "ProvisionTimeline"]) {
        await expect(api.subscribe(operation(name), { provisionId }).completed).rejects.toThrow("NOT_FOUND");
      }
    }
    expect((await untilEnded(good)).status).toBe("SUCCEEDED");
    expect(api.connections()).toBe(1);
  });
});

interface Ids {
  readonly provisions: { readonly edges: readonly { readonly node: { readonly id: string } }[] };
}

interface Connection {
  readonly provisions: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly clusterName: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface Updated {
  readonly id: string;
  readonly clusterName: string;
  readonly status: string;
  readonly progress: { readonly percent: number; readonly sequence: number };
}

test("a clock that is moved by hand may stand as long as it likes", async ({ start }) => {
  const { api, azure } = await start({ speed: 0 });
  const watch = watchProgress(api, await startProvision(api, clusterInput("by-hand")));
  // Longer than every limit at its shortest: twelve looks at the group, then as many at the cluster.
  const looks = (messages: readonly Progress[], step: number): number =>
    messages.filter((one) => one.step === step).length;
  await watch.until("many looks at the group", () => looks(watch.messages, 2) > 14);
  await azure.advance(60);
  await watch.until("many looks at the cluster", () => looks(watch.messages, 3) > 10);
  expect(watch.messages.at(-1)).toMatchObject({ status: "RUNNING", clusterState: "Creating" });
  await azure.advance(600);
  expect((await untilEnded(watch)).status).toBe("SUCCEEDED");
  expectProgressPromises(watch.messages);
});
