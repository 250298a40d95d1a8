import { describe, expect } from "vitest";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
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
import { clusterInput, provisionToEnd, startProvision } from "./provisions.ts";

const STOP = { operation: "managedClusters.stop" };
const POLL = { operation: "operations.get" };

async function stops(azure: AzureControl) {
  return requestsOf(await azure.requests(), "POST", /\/stop\?/i);
}

/** Somebody else asks Azure, not through Slipway. */
async function outside(
  azure: AzureControl,
  method: string,
  cluster: { readonly resourceGroup: string; readonly name: string },
  rest = "",
  body?: object,
): Promise<void> {
  const path = `/subscriptions/${DEMO.subscriptionId}/resourceGroups/${cluster.resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster.name}${rest}`;
  const answer = await fetch(`${azure.url}${path}?api-version=2026-03-01`, {
    method,
    headers: { authorization: "Bearer x" },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

describe("trouble that passes ends in one stop", () => {
  test.for([
    { title: "the reply gets lost", then: { dropConnection: "after" }, posts: 1 },
    { title: "the request is never heard", then: { dropConnection: "before" }, posts: 2 },
    { title: "it is answered 500", then: { status: 500, body: {} }, posts: 2 },
    { title: "it is answered 503", then: { status: 503, body: { code: "ServerBusy", message: "busy" } }, posts: 2 },
    { title: "it is throttled", then: { throttle: { retryAfterSeconds: 1 } }, posts: 2 },
    { title: "another operation came first", then: { status: 409, body: conflict("Upgrading") }, posts: 2 },
  ])("$title", async ({ then, posts }, { slipway }) => {
    const { api, azure } = slipway;
    const id = await clusterId(api, "shop-prod");
    await azure.fault({ match: STOP, times: 1, then });
    const { last } = await operationToEnd(api, "StopCluster", { clusterId: id });
    expect(last).toMatchObject({ status: "SUCCEEDED", percent: 100 });
    const sent = await stops(azure);
    expect(sent).toHaveLength(posts);
    expect(sent.filter(({ effective }) => effective)).toHaveLength(1);
  });

  test("the operation can't be asked for: the cluster tells", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.fault({ match: POLL, then: { status: 404, body: { error: { code: "NotFound", message: "no" } } } });
    const { last } = await operationToEnd(api, "StopCluster", { clusterId: await clusterId(api, "shop-prod") });
    expect(last.status).toBe("SUCCEEDED");
    expect(await stops(azure)).toHaveLength(1);
  });

  test("the cluster is not shown at two looks", async ({ start }) => {
    const { api, azure } = await start({ speed: 100 });
    const watch = watchOperation(
      api,
      await begin(api, "StopCluster", { clusterId: await clusterId(api, "shop-prod") }),
    );
    await watch.until("the stopping cluster", ({ clusterState }) => clusterState === "Stopping");
    const then = { status: 404, body: { error: { code: "ResourceNotFound", message: "not found" } } };
    await azure.fault({ match: { operation: "managedClusters.get" }, times: 2, then });
    expect((await untilOperationEnded(watch)).status).toBe("SUCCEEDED");
  });

  test("Slipway is started anew in the middle", async ({ start }) => {
    const slipway = await start({ speed: 50 });
    const api = slipway.client({ reconnect: true });
    const watch = watchOperation(
      api,
      await begin(api, "StopCluster", { clusterId: await clusterId(api, "shop-prod") }),
    );
    await watch.until("the stopping cluster", ({ clusterState }) => clusterState === "Stopping");
    await slipway.restart();
    await watch.completed;
    expect(watch.messages.at(-1)).toMatchObject({ status: "SUCCEEDED" });
    expect(await stops(slipway.azure)).toHaveLength(1);
  });
});

describe("what somebody else does at Azure", () => {
  test("an operation that was started elsewhere is named, waited for, and ours goes on", async ({ start }) => {
    const { api, azure } = await start({ speed: 60 });
    const id = await clusterId(api, "shop-prod");
    await outside(azure, "PUT", DEMO.runningCluster, "/agentPools/apps", {
      properties: { count: 6, vmSize: "Standard_D4s_v3", mode: "User" },
    });
    const watch = watchOperation(api, await begin(api, "StopCluster", { clusterId: id }));
    const waiting = await watch.until("the reason", ({ message }) => message?.includes("apps") ?? false);
    expect(waiting.message).toBe(
      "Waiting for Azure to end another operation first, which was started elsewhere: node pool apps is Scaling",
    );
    expect((await untilOperationEnded(watch)).status).toBe("SUCCEEDED");
    expect(await stops(azure)).toHaveLength(1);
  });

  test("a stop that somebody else has begun is watched, and not asked for again", async ({ start }) => {
    const { api, azure } = await start({ speed: 60 });
    const id = await clusterId(api, "shop-prod");
    await outside(azure, "POST", DEMO.runningCluster, "/stop");
    const { last } = await operationToEnd(api, "StopCluster", { clusterId: id });
    expect(last.status).toBe("SUCCEEDED");
    expect(await stops(azure)).toHaveLength(1);
  });

  test("deleted outside: told so, and no other operation can begin", async ({ start }) => {
    const { api, azure } = await start({ speed: 60 });
    const id = await clusterId(api, "shop-prod");
    const watch = watchOperation(api, await begin(api, "StopCluster", { clusterId: id }));
    await watch.until("the stopping cluster", ({ clusterState }) => clusterState === "Stopping");
    await outside(azure, "DELETE", DEMO.runningCluster);
    expect(await untilOperationEnded(watch)).toMatchObject({
      status: "FAILED",
      failure: { category: "DELETED_OUTSIDE" },
    });
  });

  test("canceled outside: an end of its own", async ({ start }) => {
    const { api, azure } = await start({ speed: 60 });
    const id = await clusterId(api, "shop-prod");
    const watch = watchOperation(api, await begin(api, "StopCluster", { clusterId: id }));
    await watch.until("the stopping cluster", ({ clusterState }) => clusterState === "Stopping");
    await outside(azure, "POST", DEMO.runningCluster, "/abort");
    expect(await untilOperationEnded(watch)).toMatchObject({
      status: "CANCELED",
      failure: { category: "CANCELED_OUTSIDE" },
    });
  });
});

describe("what Azure refuses", () => {
  test("more nodes than the quota has: failed at once, with the cause, and the cluster is free again", async ({
    slipway,
  }) => {
    const { api, azure } = slipway;
    const id = await clusterId(api, "shop-prod");
    const { last } = await operationToEnd(api, "ScaleNodePool", { clusterId: id, poolName: "apps", count: 900 });
    expect(last).toMatchObject({ status: "FAILED", failure: { category: "QUOTA" } });
    expect(requestsOf(await azure.requests(), "PUT", /agentPools/i)).toHaveLength(1);
    expect((await operationToEnd(api, "StopCluster", { clusterId: id })).last.status).toBe("SUCCEEDED");
  });

  test("an operation that ends in failure tells Azure's own cause", async ({ slipway }) => {
    const { api, azure } = slipway;
    const error = { code: "AllocationFailed", message: "Allocation failed in zone 1." };
    await azure.fault({ match: POLL, then: { status: 200, body: { name: "1", status: "Failed", error } } });
    const { last } = await operationToEnd(api, "StopCluster", { clusterId: await clusterId(api, "shop-prod") });
    expect(last).toMatchObject({ status: "FAILED", failure: { category: "CAPACITY", message: error.message } });
  });

  test("a missing right is told", async ({ slipway }) => {
    const { api, azure } = slipway;
    const body = { error: { code: "AuthorizationFailed", message: "The client may not do that." } };
    await azure.fault({ match: STOP, then: { status: 403, body } });
    const { last } = await operationToEnd(api, "StopCluster", { clusterId: await clusterId(api, "shop-prod") });
    expect(last).toMatchObject({ status: "FAILED", failure: { category: "FORBIDDEN" } });
  });
});

describe("cleaning up after a provision", () => {
  interface Left {
    readonly leftovers: readonly { readonly kind: string }[];
  }

  async function leftovers(api: ApiClient, id: string): Promise<Left["leftovers"]> {
    return (await api.data<{ provision: Left }>(operation("Provision"), { id })).provision.leftovers;
  }

  /** What is left, and whether it still stands on everybody's dashboard. */
  async function left(api: ApiClient, id: string): Promise<object> {
    const query = `query ($id: ID!) { provision(id: $id) { leftovers { kind } needsAttention } }`;
    return (await api.data<{ provision: object }>(query, { id })).provision;
  }

  async function failedProvision(api: ApiClient, azure: AzureControl, name: string): Promise<string> {
    await azure.scenario(name, "pool-fails");
    const { id, last } = await provisionToEnd(api, clusterInput(name));
    expect(last.status).toBe("FAILED");
    expect((await leftovers(api, id)).map(({ kind }) => kind)).toEqual([
      "CLUSTER",
      "NODE_RESOURCE_GROUP",
      "RESOURCE_GROUP",
    ]);
    return id;
  }

  test("the cluster goes, then the group, and the provision has left nothing", async ({ slipway }) => {
    const { api, azure } = slipway;
    const provisionId = await failedProvision(api, azure, "broken");
    const { last } = await operationToEnd(api, "CleanUpProvision", { provisionId });
    expect(last).toMatchObject({ kind: "CLEAN_UP", status: "SUCCEEDED", label: "Deleting what the attempt left" });
    expect(await left(api, provisionId)).toEqual({ leftovers: [], needsAttention: false });
    const names = (await azure.resources()).map(({ name }) => name);
    expect(names).not.toContain("broken");
    expect(names).not.toContain("broken-rg");
    expect(await request(api, "CleanUpProvision", { provisionId })).toMatchObject({
      __typename: "NothingToCleanUpError",
      code: "NOTHING_TO_CLEAN_UP",
    });
  });

  test("deleting the cluster by itself tells the provision as well", async ({ slipway }) => {
    const { api, azure } = slipway;
    const provisionId = await failedProvision(api, azure, "halfway");
    const variables = { clusterId: await clusterId(api, "halfway"), confirmName: "halfway" };
    expect((await operationToEnd(api, "DeleteCluster", variables)).last.status).toBe("SUCCEEDED");
    expect(await left(api, provisionId)).toEqual({ leftovers: [], needsAttention: false });
  });

  test("a cluster of that name that another made is left alone", async ({ slipway }) => {
    const { api, azure } = slipway;
    const provisionId = await failedProvision(api, azure, "taken");
    await outside(azure, "PATCH", { resourceGroup: "taken-rg", name: "taken" }, "", {
      tags: { "slipway-provision": "x" },
    });
    expect(await request(api, "CleanUpProvision", { provisionId })).toMatchObject({
      __typename: "ClusterNotOursError",
      code: "CLUSTER_NOT_OURS",
    });
    expect((await azure.requests()).filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test("not while it is under way, and not what is not there", async ({ start }) => {
    const { api } = await start({ speed: 40 });
    const provisionId = await startProvision(api, clusterInput("running"));
    expect(await request(api, "CleanUpProvision", { provisionId })).toMatchObject({
      __typename: "ProvisionInProgressError",
    });
    expect(await request(api, "CleanUpProvision", { provisionId: "nothing" })).toMatchObject({
      __typename: "ProvisionNotFoundError",
      code: "NOT_FOUND",
    });
  });
});

test("the list of clusters has what was done to each, newest first", async ({ slipway }) => {
  const { api } = slipway;
  const id = await clusterId(api, "shop-prod");
  await operationToEnd(api, "StopCluster", { clusterId: id });
  await operationToEnd(api, "StartCluster", { clusterId: id });
  const query = `query ($id: ID!, $after: String) {
    cluster(id: $id) { currentOperation { id } operations(first: 1, after: $after) {
      edges { node { kind status startedBy events { sequence } } } pageInfo { hasNextPage endCursor } } } }`;
  interface Page {
    readonly cluster: {
      readonly currentOperation: null;
      readonly operations: {
        readonly edges: readonly {
          readonly node: { readonly kind: string; readonly events: { sequence: number }[] };
        }[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      };
    };
  }
  const first = (await api.data<Page>(query, { id })).cluster;
  expect(first.currentOperation).toBeNull();
  expect(first.operations.edges[0]?.node).toMatchObject({ kind: "START", startedBy: "Local operator" });
  expect(first.operations.pageInfo.hasNextPage).toBe(true);
  const { endCursor } = first.operations.pageInfo;
  const second = (await api.data<Page>(query, { id, after: endCursor })).cluster.operations;
  expect(second.edges[0]?.node.kind).toBe("STOP");
  expect(second.edges[0]?.node.events.map(({ sequence }) => sequence)).toEqual(
    second.edges[0]?.node.events.map((_event, index) => index + 1),
  );
  expect(second.pageInfo.hasNextPage).toBe(false);
  expect((await clusters(api)).find((one) => one.id === id)?.status).toBe("READY");
});

function conflict(name: string): object {
  return {
    code: "OperationNotAllowed",
    details: null,
    message: `Operation is not allowed: Another operation (${name}) is in progress, please wait for it to finish before starting a new operation.`,
    subcode: "",
  };
}
