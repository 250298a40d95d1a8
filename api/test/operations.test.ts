import { describe, expect } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { requestsOf, type AzureControl } from "./azure-control.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import {
  begin,
  clusterId,
  clusters,
  operationToEnd,
  request,
  untilOperationEnded,
  watchOperation,
} from "./operations.ts";
import { clusterInput, provisionToEnd, startProvision, tryStart } from "./provisions.ts";

const posts = async (azure: AzureControl, verb: string) =>
  requestsOf(await azure.requests(), "POST", new RegExp(`/${verb}\\?`, "i"));
const CLUSTER_DELETE = /managedClusters\/[^/?]+\?/i;

/** A cluster of Slipway's own, in a group of its own. */
async function createCluster(api: ApiClient, name: string, changes: object = {}): Promise<string> {
  const { last } = await provisionToEnd(api, clusterInput(name, changes));
  expect(last.status).toBe("SUCCEEDED");
  return clusterId(api, name);
}

async function groupNames(azure: AzureControl): Promise<readonly string[]> {
  const resources = await azure.resources();
  return resources.filter(({ type }) => type === "Microsoft.Resources/resourceGroups").map(({ name }) => name);
}

interface GroupAnswer {
  readonly resourceGroupOutcome: { readonly fate: string; readonly message: string; readonly remaining: string[] };
}

async function groupOutcome(api: ApiClient, id: string): Promise<GroupAnswer["resourceGroupOutcome"]> {
  const query = `query ($id: ID!) { clusterOperation(id: $id) { resourceGroupOutcome { fate message remaining } } }`;
  return (await api.data<{ clusterOperation: GroupAnswer }>(query, { id })).clusterOperation.resourceGroupOutcome;
}

describe("start and stop", () => {
  test("a running cluster is stopped, seen by everyone, and started again", async ({ slipway }) => {
    const { api, azure } = slipway;
    const id = await clusterId(api, "shop-prod");
    const other = slipway.client();
    const live = other.subscribe<{ id: string; status: string }>(operation("ClusterUpdated"), {});
    const stop = await operationToEnd(api, "StopCluster", { clusterId: id });
    expect(stop.last).toMatchObject({
      kind: "STOP",
      status: "SUCCEEDED",
      label: "Stopping the cluster",
      percent: 100,
      clusterState: "Succeeded",
    });
    expect(stop.messages.some(({ clusterState }) => clusterState === "Stopping")).toBe(true);
    await live.until("the stopped cluster", (row) => row.id === id && row.status === "STOPPED");
    const start = await operationToEnd(api, "StartCluster", { clusterId: id });
    expect(start.last).toMatchObject({ kind: "START", status: "SUCCEEDED" });
    await live.until("the cluster ready again", (row) => row.id === id && row.status === "READY");
    expect(await posts(azure, "stop")).toHaveLength(1);
    expect(await posts(azure, "start")).toHaveLength(1);
  });

  test("what is so already has succeeded at once, and Azure is not asked", async ({ slipway }) => {
    const { api, azure } = slipway;
    const id = await clusterId(api, "shop-dev");
    const answer = await request(api, "StopCluster", { clusterId: id });
    expect(answer).toMatchObject({
      __typename: "StopClusterSuccess",
      operation: { kind: "STOP", status: "SUCCEEDED" },
    });
    const watch = watchOperation(api, answer.operation?.id ?? "");
    expect(await untilOperationEnded(watch)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
    expect(await posts(azure, "stop")).toEqual([]);
  });
});

describe("node pools", () => {
  const scale = (clusterId: string, poolName: string, count: number) => ({ clusterId, poolName, count });

  test("a pool is scaled by what was read of it, and again is done at once", async ({ slipway }) => {
    const { api, azure } = slipway;
    const id = await clusterId(api, "shop-prod");
    const { last } = await operationToEnd(api, "ScaleNodePool", scale(id, "apps", 6));
    expect(last).toMatchObject({ kind: "SCALE", status: "SUCCEEDED", label: "Scaling node pool apps to 6 nodes" });
    expect(last.nodePools.find(({ name }) => name === "apps")).toMatchObject({ tone: "SUCCESS" });
    await expect
      .poll(async () => (await clusters(api)).find((one) => one.id === id)?.nodePools)
      .toContainEqual(expect.objectContaining({ name: "apps", count: 6 }));
    expect(await request(api, "ScaleNodePool", scale(id, "apps", 6))).toMatchObject({
      operation: { status: "SUCCEEDED" },
    });
    expect(requestsOf(await azure.requests(), "PUT", /agentPools/i)).toHaveLength(1);
  });

  test.for([
    { title: "no node for a system pool", name: "shop-prod", pool: "systempool", count: 0, path: "count" },
    { title: "more nodes than AKS has", name: "shop-prod", pool: "apps", count: 1001, path: "count" },
    { title: "a pool that is not there", name: "shop-prod", pool: "nope", count: 1, path: "poolName" },
  ])("refuses $title and writes nothing", async ({ name, pool, count, path }, { slipway }) => {
    const { api } = slipway;
    const answer = await api.data<{ scaleNodePool: object }>(
      SCALE_WITH_FIELDS,
      scale(await clusterId(api, name), pool, count),
    );
    expect(answer.scaleNodePool).toMatchObject({ __typename: "InvalidInputError", fields: [{ path }] });
  });

  test("refuses the count of a pool that AKS scales itself, and says so", async ({ slipway }) => {
    const { api } = slipway;
    const pools = clusterInput("elastic").nodePools as object[];
    const apps = {
      name: "apps",
      mode: "USER",
      vmSize: "Standard_D2s_v3",
      count: 1,
      autoscale: { minCount: 1, maxCount: 3 },
    };
    const id = await createCluster(api, "elastic", { nodePools: [pools[0], apps] });
    const answer = await api.data<{ scaleNodePool: object }>(SCALE_WITH_FIELDS, scale(id, "apps", 2));
    expect(answer.scaleNodePool).toMatchObject({
      __typename: "InvalidInputError",
      fields: [{ path: "count", message: expect.stringContaining("between 1 and 3 nodes") }],
    });
  });

  test("refuses pools of a stopped cluster", async ({ slipway }) => {
    const { api } = slipway;
    const answer = await request(api, "ScaleNodePool", scale(await clusterId(api, "shop-dev"), "apps", 3));
    expect(answer).toMatchObject({ __typename: "ClusterStoppedError", code: "CLUSTER_STOPPED" });
  });

  test("a pool is added with its options, and removed", async ({ slipway }) => {
    const { api, azure } = slipway;
    const id = await clusterId(api, "shop-prod");
    const pool = {
      name: "batch",
      mode: "USER",
      vmSize: "Standard_D2s_v3",
      count: 2,
      autoscale: { minCount: 1, maxCount: 4 },
      availabilityZones: ["2", "1"],
      taints: ["batch=yes:NoSchedule"],
      labels: [{ name: "team", value: "batch" }],
    };
    const added = await api.data<{ addNodePool: { operation: { id: string } } }>(ADD_POOL, { id, pool });
    expect(await untilOperationEnded(watchOperation(api, added.addNodePool.operation.id))).toMatchObject({
      kind: "ADD_NODE_POOL",
      status: "SUCCEEDED",
      label: "Adding node pool batch",
    });
    const query = `query ($id: ID!) { cluster(id: $id) { nodePools { name autoscale { minCount maxCount } availabilityZones taints labels { name value } } } }`;
    await expect
      .poll(async () => (await api.data<{ cluster: { nodePools: object[] } }>(query, { id })).cluster.nodePools)
      .toContainEqual({
        name: "batch",
        autoscale: { minCount: 1, maxCount: 4 },
        availabilityZones: ["1", "2"],
        taints: ["batch=yes:NoSchedule"],
        labels: [{ name: "team", value: "batch" }],
      });
    const again = await api.data<{ addNodePool: object }>(ADD_POOL, { id, pool });
    expect(again.addNodePool).toMatchObject({ operation: { status: "SUCCEEDED" } });
    const other = await api.data<{ addNodePool: object }>(ADD_POOL, {
      id,
      pool: { ...pool, vmSize: "Standard_D4s_v3" },
    });
    expect(other.addNodePool).toMatchObject({ fields: [{ path: "pool.name" }] });
    for (const [vmSize, why] of [
      ["Standard_Nonesuch_v9", "Azure offers no VM size 'Standard_Nonesuch_v9' in"],
      ["Standard_NC24ads_A100_v4", "can't be had in"],
    ]) {
      const wrong = { ...pool, name: "other", vmSize };
      const refused = await api.data<{ addNodePool: object }>(ADD_POOL, { id, pool: wrong });
      const message = expect.stringContaining(why ?? "") as string;
      expect(refused.addNodePool).toMatchObject({ fields: [{ path: "pool.vmSize", message }] });
    }

    const removed = await api.data<{ removeNodePool: { operation: { id: string } } }>(REMOVE_POOL, {
      id,
      name: "batch",
    });
    const last = await untilOperationEnded(watchOperation(api, removed.removeNodePool.operation.id));
    expect(last).toMatchObject({ kind: "REMOVE_NODE_POOL", status: "SUCCEEDED" });
    expect(last.nodePools).toContainEqual({ name: "batch", provisioningState: "Deleted", tone: "NEUTRAL" });
    const refused = await api.data<{ removeNodePool: object }>(REMOVE_POOL, { id, name: "systempool" });
    expect(refused.removeNodePool).toMatchObject({ fields: [{ path: "poolName" }] });
    for (const name of ["", "NOPE!!", "x".repeat(500)]) {
      const nonsense = await api.data<{ removeNodePool: object }>(REMOVE_POOL, { id, name });
      expect(nonsense.removeNodePool).toMatchObject({ fields: [{ path: "poolName" }] });
    }
    const gone = await api.data<{ removeNodePool: object }>(REMOVE_POOL, { id, name: "batch" });
    expect(gone.removeNodePool).toMatchObject({ operation: { status: "SUCCEEDED" } });
    expect(requestsOf(await azure.requests(), "PUT", /agentPools/i)).toHaveLength(1);
  });
});

describe("delete", () => {
  test("the name has to be typed", async ({ slipway }) => {
    const { api, azure } = slipway;
    const id = await clusterId(api, "shop-dev");
    for (const confirmName of ["", "shop", "SHOP-DEV"]) {
      const answer = await api.data<{ deleteCluster: object }>(DELETE_WITH_FIELDS, { id, confirmName });
      expect(answer.deleteCluster).toMatchObject({ fields: [{ path: "confirmName" }] });
    }
    expect((await azure.requests()).filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test("a group that is ours and empty goes as well", async ({ slipway }) => {
    const { api, azure } = slipway;
    const clusterId = await createCluster(api, "mine");
    const { last, id } = await operationToEnd(api, "DeleteCluster", { clusterId, confirmName: "mine" });
    expect(last).toMatchObject({ kind: "DELETE", status: "SUCCEEDED", clusterState: "Deleted" });
    expect(last.nodePools.map(({ provisioningState }) => provisioningState)).toEqual(["Deleted", "Deleted"]);
    expect(await groupOutcome(api, id)).toMatchObject({ fate: "DELETED", remaining: [] });
    expect(await groupNames(azure)).not.toContain("mine-rg");
    await expect.poll(async () => (await clusters(api)).map(({ name }) => name)).not.toContain("mine");
    const again = await request(api, "DeleteCluster", { clusterId, confirmName: "mine" });
    expect(again).toMatchObject({ operation: { kind: "DELETE", status: "SUCCEEDED" } });
  });

  test("a group that somebody else made stays, also of a failed cluster", async ({ slipway }) => {
    const { api, azure } = slipway;
    const variables = { clusterId: await clusterId(api, "data-lab"), confirmName: "data-lab" };
    const { last, id } = await operationToEnd(api, "DeleteCluster", variables);
    expect(last.status).toBe("SUCCEEDED");
    expect(await groupOutcome(api, id)).toMatchObject({ fate: "KEPT_NOT_OURS" });
    expect(await groupNames(azure)).toContain("data-lab-neu");
    expect(requestsOf(await azure.requests(), "DELETE", /./).map(({ path }) => path)).toEqual([
      expect.stringMatching(CLUSTER_DELETE),
    ]);
  });

  test("a group of ours that holds something else stays, with the names of it", async ({ slipway }) => {
    const { api, azure } = slipway;
    await createCluster(api, "first", { resourceGroup: "both-rg" });
    await createCluster(api, "second", { resourceGroup: "both-rg" });
    const variables = { clusterId: await clusterId(api, "first"), confirmName: "first" };
    const { last, id } = await operationToEnd(api, "DeleteCluster", variables);
    expect(last.status).toBe("SUCCEEDED");
    expect(await groupOutcome(api, id)).toEqual({
      fate: "KEPT_NOT_EMPTY",
      message: "The resource group both-rg was kept: it still holds second.",
      remaining: ["second"],
    });
    expect(await groupNames(azure)).toContain("both-rg");
  });

  test("a group that Azure does not delete stays, and the cluster is gone all the same", async ({ slipway }) => {
    const { api, azure } = slipway;
    const clusterId = await createCluster(api, "locked");
    await azure.fault({
      match: { operation: "resourceGroups.delete" },
      then: { status: 409, body: { error: { code: "ScopeLocked", message: "The scope is locked." } } },
    });
    const { last, id } = await operationToEnd(api, "DeleteCluster", { clusterId, confirmName: "locked" });
    expect(last.status).toBe("SUCCEEDED");
    expect(await groupOutcome(api, id)).toMatchObject({
      fate: "KEPT",
      message: expect.stringContaining("scope is locked"),
    });
  });
});

describe("one at a time", () => {
  test("whoever comes second is told what runs; a create waits as well", async ({ start }) => {
    const { api } = await start({ speed: 40 });
    const id = await clusterId(api, "shop-prod");
    const running = await begin(api, "StopCluster", { clusterId: id });
    expect(await request(api, "StartCluster", { clusterId: id })).toEqual({
      __typename: "OperationInProgressError",
      message: expect.stringContaining("Stopping the cluster, asked for by Local operator"),
      code: "OPERATION_IN_PROGRESS",
      operation: { id: running, kind: "STOP" },
    });
    expect(await request(api, "StopCluster", { clusterId: id })).toMatchObject({ code: "OPERATION_IN_PROGRESS" });
    const input = clusterInput("shop-prod", { resourceGroup: "shop-prod-weu" });
    expect(await tryStart(api, input)).toMatchObject({ __typename: "OperationInProgressError" });
    expect((await untilOperationEnded(watchOperation(api, running))).status).toBe("SUCCEEDED");
  });

  test("of many at once exactly one begins", async ({ slipway }) => {
    const { api, azure } = slipway;
    const id = await clusterId(api, "shop-prod");
    const answers = await Promise.all(Array.from({ length: 8 }, () => request(api, "StopCluster", { clusterId: id })));
    const [first, ...others] = answers.filter(({ __typename }) => __typename === "StopClusterSuccess");
    expect(others).toEqual([]);
    expect(answers.filter(({ code }) => code === "OPERATION_IN_PROGRESS")).toHaveLength(7);
    expect((await untilOperationEnded(watchOperation(api, first?.operation?.id ?? ""))).status).toBe("SUCCEEDED");
    expect(await posts(azure, "stop")).toHaveLength(1);
  });

  test("a cluster that is being created can't be changed", async ({ start }) => {
    const { api } = await start({ speed: 40 });
    const provisionId = await startProvision(api, clusterInput("fresh"));
    await expect
      .poll(async () => (await clusters(api)).map(({ name }) => name), { timeout: 10_000 })
      .toContain("fresh");
    const answer = await request(api, "DeleteCluster", {
      clusterId: await clusterId(api, "fresh"),
      confirmName: "fresh",
    });
    expect(answer).toMatchObject({ __typename: "ProvisionInProgressError", code: "PROVISION_IN_PROGRESS" });
    expect(provisionId).not.toBe("");
  });
});

test("an id of nothing is nothing", async ({ slipway }) => {
  const { api } = slipway;
  for (const id of [
    "",
    "x",
    Buffer.from("Cluster:x").toString("base64"),
    Buffer.from("Registry:/a").toString("base64"),
  ])
    expect(await request(api, "StopCluster", { clusterId: id })).toMatchObject({
      __typename: "ClusterNotFoundError",
      code: "NOT_FOUND",
    });
  const missing =
    "/subscriptions/6d1c2f1e-3b0a-4c59-9a53-2f4b8d7e0a11/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/none";
  const answer = await request(api, "DeleteCluster", {
    clusterId: Buffer.from(`Cluster:${missing}`).toString("base64"),
    confirmName: "none",
  });
  expect(answer).toMatchObject({ __typename: "ClusterNotFoundError" });
});

const FIELDS = `__typename ... on Error { message code } ... on InvalidInputError { fields { path message } }`;
const SCALE_WITH_FIELDS = `mutation ($clusterId: ID!, $poolName: String!, $count: Int!) {
  scaleNodePool(clusterId: $clusterId, poolName: $poolName, count: $count) { ${FIELDS} } }`;
const DELETE_WITH_FIELDS = `mutation ($id: ID!, $confirmName: String!) {
  deleteCluster(clusterId: $id, confirmName: $confirmName) { ${FIELDS} } }`;
const ADD_POOL = `mutation ($id: ID!, $pool: NodePoolInput!) {
  addNodePool(clusterId: $id, pool: $pool) { ${FIELDS} ... on AddNodePoolSuccess { operation { id status } } } }`;
const REMOVE_POOL = `mutation ($id: ID!, $name: String!) {
  removeNodePool(clusterId: $id, poolName: $name) { ${FIELDS} ... on RemoveNodePoolSuccess { operation { id status } } } }`;
