import { describe, expect } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { clusterPuts, effectiveClusterPuts, requestsOf, type AzureControl } from "./azure-control.ts";
import { test } from "./fixtures.ts";
import { change, leftKinds, lifecycleOf, outcomeOf } from "./lifecycle.ts";
import {
  clusterInput,
  expectContiguous,
  expectProgressPromises,
  provisionToEnd,
  startProvision,
  untilEnded,
  watchProgress,
  type Progress,
} from "./provisions.ts";
import type { Watch } from "./watch.ts";

const ABORT = /\/managedClusters\/[^/]+\/abort\?/i;
const CLUSTER_PUT = { method: "PUT", operation: "managedClusters.createOrUpdate" };
const ABORT_REQUEST = { operation: "managedClusters.abortLatestOperation" };
const WHOLE_CLUSTER = ["CLUSTER", "NODE_RESOURCE_GROUP", "RESOURCE_GROUP"];

async function startAndReach(
  api: ApiClient,
  clusterName: string,
  isReached: (progress: Progress) => boolean,
): Promise<{ readonly id: string; readonly watch: Watch<Progress> }> {
  const id = await startProvision(api, clusterInput(clusterName));
  const watch = watchProgress(api, id);
  await watch.until("the moment to cancel", isReached);
  return { id, watch };
}

const isCreating = ({ clusterState }: Progress): boolean => clusterState === "Creating";

async function expectCanceled(watch: Watch<Progress>): Promise<Progress> {
  const last = await untilEnded(watch);
  expect(last.status).toBe("CANCELED");
  expectProgressPromises(watch.messages);
  expect(watch.messages.some(({ status }) => status === "CANCELING")).toBe(true);
  return last;
}

async function stateOf(azure: AzureControl, name: string): Promise<unknown> {
  return (await azure.resources()).find((resource) => resource.name === name)?.properties["provisioningState"];
}

describe("a cancel that is accepted ends as CANCELED", () => {
  test("before Azure was asked for the cluster: nothing is asked of it any more", async ({ start }) => {
    const { api, azure } = await start({ speed: 20 });
    const { id, watch } = await startAndReach(
      api,
      "early",
      ({ phase, message }) => phase === "ENSURING_RESOURCE_GROUP" && message !== null,
    );
    const before = await azure.lastRequest();
    expect(await change(api, "CancelProvision", id)).toMatchObject({
      __typename: "CancelProvisionSuccess",
      provision: { status: "CANCELING" },
    });
    await expectCanceled(watch);
    const asked = (await azure.requests(before)).filter(({ method }) => method !== "GET");
    expect(asked).toEqual([]);
    expect(leftKinds(await outcomeOf(api, id))).toEqual(["RESOURCE_GROUP"]);
  });

  test("while Azure creates: the create is stopped there, and what stays is named", async ({ start }) => {
    const { api, azure } = await start({ speed: 150 });
    const { id, watch } = await startAndReach(api, "midway", isCreating);
    await change(api, "CancelProvision", id);
    const last = await expectCanceled(watch);
    expect(last).toMatchObject({ clusterState: "Canceled", failure: null, phase: "ARM_CREATE_OR_UPDATE" });
    expect(last.percent).toBeLessThan(100);
    expect(await stateOf(azure, "midway")).toBe("Canceled");
    const requests = await azure.requests();
    expect(requestsOf(requests, "POST", ABORT)).toHaveLength(1);
    expect(effectiveClusterPuts(requests)).toHaveLength(1);
    const outcome = await outcomeOf(api, id);
    expect(leftKinds(outcome)).toEqual(WHOLE_CLUSTER);
    expectContiguous(outcome.timeline);
    expect(outcome.timeline.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Cancel asked for by /), "Azure was asked to stop the create"]),
    );
    expect((await lifecycleOf(api, id)).canceledBy).not.toBeNull();
  });

  test("a create that is stuck is stopped as well", async ({ start }) => {
    const { api, azure } = await start({ speed: 300 });
    await azure.scenario("frozen", "stuck");
    const { id, watch } = await startAndReach(api, "frozen", isCreating);
    await change(api, "CancelProvision", id);
    expect(await expectCanceled(watch)).toMatchObject({ clusterState: "Canceled" });
  });

  test("while roles are granted: the cluster was faster, stays, and it is said so", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.fault({ match: { operation: "roleAssignments.create" }, then: { status: 503, body: {} } });
    const { registries } = await api.data<{ registries: { id: string }[] }>("{ registries { id } }");
    const id = await startProvision(api, clusterInput("granting", { registryId: registries[0]?.id }));
    const watch = watchProgress(api, id);
    await watch.until("the grants", ({ phase, message }) => phase === "ENSURING_RBAC" && message !== null);
    await change(api, "CancelProvision", id);
    expect(await expectCanceled(watch)).toMatchObject({ clusterState: "Succeeded", phase: "ENSURING_RBAC" });
    expect(requestsOf(await azure.requests(), "POST", ABORT)).toHaveLength(0);
    const outcome = await outcomeOf(api, id);
    expect(leftKinds(outcome)).toEqual(WHOLE_CLUSTER);
    expect(outcome.timeline.some(({ message }) => message.includes("finished the cluster before"))).toBe(true);
  });

  test("while trouble is waited out: at once, with the next try never made", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.fault({ match: CLUSTER_PUT, then: { throttle: { retryAfterSeconds: 600 } } });
    const id = await startProvision(api, clusterInput("patient"));
    const watch = watchProgress(api, id);
    await watch.until("the reason", ({ message }) => message?.includes("429") ?? false);
    await change(api, "CancelProvision", id);
    await expectCanceled(watch);
    expect(clusterPuts(await azure.requests())).toHaveLength(1);
    expect(leftKinds(await outcomeOf(api, id))).toEqual(["RESOURCE_GROUP"]);
  });

  test.for([
    ["the reply to the abort gets lost", { dropConnection: "after" }],
    ["the abort is never heard", { dropConnection: "before" }],
    ["the abort is answered 503", { status: 503, body: {} }],
    ["the abort is throttled", { throttle: { retryAfterSeconds: 1 } }],
    [
      "the abort is refused for the moment",
      { status: 409, body: { code: "OperationNotAllowed", message: "Another operation is in progress." } },
    ],
  ] as const)("%s", async ([, then], { start }) => {
    const { api, azure } = await start({ speed: 100 });
    await azure.fault({ match: ABORT_REQUEST, times: 1, then });
    const { id, watch } = await startAndReach(api, "doubtful", isCreating);
    await change(api, "CancelProvision", id);
    expect(await expectCanceled(watch)).toMatchObject({ clusterState: "Canceled" });
    const aborts = requestsOf(await azure.requests(), "POST", ABORT);
    expect(aborts.filter(({ effective }) => effective)).toHaveLength(1);
  });

  test("Azure does not allow to stop it: waits for its end, says why, and leaves the roles undone", async ({
    slipway,
  }) => {
    const { api, azure } = slipway;
    await azure.fault({
      match: ABORT_REQUEST,
      then: { status: 403, body: { error: { code: "AuthorizationFailed", message: "You may not." } } },
    });
    const { id, watch } = await startAndReach(api, "headless", isCreating);
    await change(api, "CancelProvision", id);
    expect(await expectCanceled(watch)).toMatchObject({ clusterState: "Succeeded" });
    expect(requestsOf(await azure.requests(), "POST", ABORT)).toHaveLength(1);
    const { timeline } = await outcomeOf(api, id);
    expect(timeline.some(({ message }) => message === "Azure refuses to stop the create: You may not.")).toBe(true);
  });

  test("the PUT's reply got lost and nobody knows: the cluster that comes of it is stopped", async ({ start }) => {
    const { api, azure } = await start({ speed: 20 });
    await azure.fault({ match: CLUSTER_PUT, times: 1, then: { dropConnection: "after" } });
    const { id, watch } = await startAndReach(api, "unheard", ({ phase }) => phase === "ENSURING_RESOURCE_GROUP");
    await azure.fault({ match: { operation: "managedClusters.get" }, then: { status: 503, body: {} } });
    await watch.until("the doubt", ({ phase, message }) => phase === "ARM_CREATE_OR_UPDATE" && message !== null);
    await change(api, "CancelProvision", id);
    await azure.clearFaults();
    expect(await expectCanceled(watch)).toMatchObject({ clusterState: "Canceled" });
  });
});

describe("a cancel that is refused changes nothing", () => {
  test("the provision has ended", async ({ slipway }) => {
    const { api } = slipway;
    const { id, last } = await provisionToEnd(api, clusterInput("ready"));
    const answer = await change(api, "CancelProvision", id);
    expect(answer).toMatchObject({ __typename: "CannotCancelProvisionError", code: "CANNOT_CANCEL" });
    expect(await lifecycleOf(api, id)).toMatchObject({
      status: "SUCCEEDED",
      canceledBy: null,
      progress: { sequence: last.sequence },
    });
  });

  test("there is no such provision", async ({ slipway }) => {
    expect(await change(slipway.api, "CancelProvision", "UHJvdmlzaW9uOm5vbmU=")).toMatchObject({
      __typename: "ProvisionNotFoundError",
      code: "NOT_FOUND",
    });
  });
});

test("canceling twice, and many times at once, is one cancel", async ({ start }) => {
  const { api, azure } = await start({ speed: 100 });
  const { id, watch } = await startAndReach(api, "insistent", isCreating);
  const answers = await Promise.all(Array.from({ length: 5 }, () => change(api, "CancelProvision", id)));
  expect(answers.map(({ __typename }) => __typename)).toEqual(Array(5).fill("CancelProvisionSuccess"));
  await expectCanceled(watch);
  expect(requestsOf(await azure.requests(), "POST", ABORT)).toHaveLength(1);
  const { timeline } = await outcomeOf(api, id);
  expect(timeline.filter(({ message }) => message.startsWith("Cancel asked for"))).toHaveLength(1);
});

test("the name is taken while it is being canceled, and another attempt is refused while the rest of it stays", async ({
  start,
}) => {
  const { api } = await start({ speed: 100 });
  const { id, watch } = await startAndReach(api, "occupied", isCreating);
  await change(api, "CancelProvision", id);
  await expectCanceled(watch);
  await expect(startProvision(api, clusterInput("occupied"))).rejects.toThrow("ClusterExistsError");
});
