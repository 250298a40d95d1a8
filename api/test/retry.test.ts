import { describe, expect } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { effectiveClusterPuts, requestsOf } from "./azure-control.ts";
import { test } from "./fixtures.ts";
import { change, idsNeedingAttention, lifecycleOf, outcomeOf } from "./lifecycle.ts";
import { clusterInput, provisionToEnd, startProvision, untilEnded, watchProgress } from "./provisions.ts";

const INPUTS = `query Inputs($id: ID!) {
  provision(id: $id) {
    subscriptionId resourceGroup location clusterName kubernetesVersion registryId
    requestedTags { name value }
    requestedNodePools { name mode vmSize count taints labels { name value } availabilityZones autoscale { minCount maxCount } }
    retryOf { id } retriedBy { id }
  }
}`;

interface Inputs {
  readonly retryOf: { readonly id: string } | null;
  readonly retriedBy: { readonly id: string } | null;
}

async function inputsOf(api: ApiClient, id: string): Promise<Inputs> {
  return (await api.data<{ provision: Inputs }>(INPUTS, { id })).provision;
}

async function registryId(api: ApiClient): Promise<string | undefined> {
  return (await api.data<{ registries: { id: string }[] }>("{ registries { id } }")).registries[0]?.id;
}

const REFUSE_ONCE = {
  match: { method: "PUT", operation: "managedClusters.createOrUpdate" },
  times: 1,
  then: { status: 400, body: { code: "BadRequest", message: "No." } },
};

describe("a retry", () => {
  test("asks for everything that the first attempt did, is linked to it, and takes its place", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.fault(REFUSE_ONCE);
    const first = await provisionToEnd(
      api,
      clusterInput("again", {
        registryId: await registryId(api),
        tags: [{ name: "team", value: "shop" }],
        nodePools: [
          { name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 1 },
          {
            name: "apps",
            mode: "USER",
            vmSize: "Standard_D4s_v3",
            count: 2,
            taints: ["a=b:NoSchedule"],
            labels: [{ name: "tier", value: "web" }],
          },
        ],
      }),
    );
    const answer = await change(api, "RetryProvision", first.id);
    expect(answer.__typename).toBe("RetryProvisionSuccess");
    const secondId = answer.provision?.id ?? "";
    expect(secondId).not.toBe(first.id);
    const [before, after] = await Promise.all([inputsOf(api, first.id), inputsOf(api, secondId)]);
    expect({ ...after, retryOf: null, retriedBy: null }).toEqual({ ...before, retryOf: null, retriedBy: null });
    expect(before.retriedBy).toEqual({ id: secondId });
    expect(after.retryOf).toEqual({ id: first.id });
    expect(await idsNeedingAttention(api)).toEqual([]);
    expect((await untilEnded(watchProgress(api, secondId))).status).toBe("SUCCEEDED");
    expect(effectiveClusterPuts(await azure.requests())).toHaveLength(1);
    const { timeline } = await outcomeOf(api, first.id);
    expect(timeline.at(-1)?.message).toMatch(/^Tried again by /);
  });

  test("many at once are one attempt: the others are told of it", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.scenario("eager", "quota-exceeded");
    const { id } = await provisionToEnd(api, clusterInput("eager"));
    const answers = await Promise.all(Array.from({ length: 5 }, () => change(api, "RetryProvision", id)));
    const names = answers.map(({ __typename }) => __typename).toSorted();
    expect(names).toEqual([...Array(4).fill("ProvisionInProgressError"), "RetryProvisionSuccess"]);
  });

  test("is refused while the cluster of the first attempt is left, and says whose it is; nothing is deleted", async ({
    slipway,
  }) => {
    const { api, azure } = slipway;
    await azure.scenario("remains", "pool-fails");
    const { id } = await provisionToEnd(api, clusterInput("remains"));
    const answer = await api.data<{ retryProvision: { code: string; message: string; leftBy: { id: string } } }>(
      "mutation R($id: ID!) { retryProvision(provisionId: $id) { ... on ClusterExistsError { code message leftBy { id } } } }",
      { id },
    );
    expect(answer.retryProvision).toMatchObject({
      code: "CLUSTER_EXISTS",
      message: expect.stringContaining("Clean that attempt up first"),
      leftBy: { id },
    });
    expect((await inputsOf(api, id)).retriedBy).toBeNull();
    expect(await idsNeedingAttention(api)).toEqual([id]);
    expect(requestsOf(await azure.requests(), "DELETE", /./)).toEqual([]);
  });

  test("of one that runs or has succeeded is refused", async ({ slipway }) => {
    const { api } = slipway;
    const id = await startProvision(api, clusterInput("fine"));
    expect(await change(api, "RetryProvision", id)).toMatchObject({ code: "CANNOT_RETRY" });
    await untilEnded(watchProgress(api, id));
    expect(await change(api, "RetryProvision", id)).toMatchObject({ code: "CANNOT_RETRY" });
  });
});

test("a later success of the same cluster makes an earlier failure moot", async ({ slipway }) => {
  const { api, azure } = slipway;
  await azure.fault(REFUSE_ONCE);
  const first = await provisionToEnd(api, clusterInput("second-luck"));
  expect(await idsNeedingAttention(api)).toEqual([first.id]);
  expect((await provisionToEnd(api, clusterInput("second-luck"))).last.status).toBe("SUCCEEDED");
  expect(await idsNeedingAttention(api)).toEqual([]);
  expect(await lifecycleOf(api, first.id)).toMatchObject({
    status: "FAILED",
    needsAttention: false,
    dismissedAt: null,
  });
});

describe("granting roles again", () => {
  const REFUSED = {
    match: { operation: "roleAssignments.create" },
    then: { status: 403, body: { error: { code: "AuthorizationFailed", message: "You may not." } } },
  };

  test("grants them and nothing else: the provision has succeeded then", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.fault(REFUSED);
    const { id, last } = await provisionToEnd(api, clusterInput("lacking", { registryId: await registryId(api) }));
    expect(last.failure?.category).toBe("PERMISSIONS_INCOMPLETE");
    expect(await change(api, "GrantRoles", id)).toMatchObject({ provision: { status: "FAILED" } });
    await expect.poll(async () => (await lifecycleOf(api, id)).amendments).toMatchObject([{ kind: "ROLES_REFUSED" }]);
    await azure.clearFaults();
    const since = await azure.lastRequest();
    const updates = api.subscribe<{ id: string; status: string }>(
      "subscription U { provisionUpdated { id status } }",
      {},
    );
    // Many at once: one grant.
    const answers = await Promise.all(Array.from({ length: 3 }, () => change(api, "GrantRoles", id)));
    expect(answers.some(({ __typename }) => __typename === "GrantRolesSuccess")).toBe(true);
    await expect.poll(async () => (await lifecycleOf(api, id)).status, { timeout: 10_000 }).toBe("SUCCEEDED");
    updates.stop();
    const writes = (await azure.requests(since)).filter(({ method }) => method !== "GET");
    expect(writes.map(({ method, path }) => [method, /roleAssignments/.test(path)])).toEqual([["PUT", true]]);
    expect(await lifecycleOf(api, id)).toMatchObject({
      status: "SUCCEEDED",
      needsAttention: false,
      amendments: [{ kind: "ROLES_REFUSED" }, { kind: "ROLES_GRANTED" }],
    });
    expect(await outcomeOf(api, id)).toMatchObject({ failure: null, leftovers: [] });
    expect(await change(api, "GrantRoles", id)).toMatchObject({ code: "NOTHING_TO_GRANT" });
  });

  test("goes on after a restart", async ({ start }) => {
    const slipway = await start();
    const { azure } = slipway;
    await azure.fault({ ...REFUSED, times: 1 });
    const { id } = await provisionToEnd(
      slipway.api,
      clusterInput("resumed", { registryId: await registryId(slipway.api) }),
    );
    await azure.fault({ match: REFUSED.match, times: 2, then: { status: 503, body: {} } });
    await change(slipway.api, "GrantRoles", id);
    await slipway.restart();
    const api = slipway.client();
    await expect.poll(async () => (await lifecycleOf(api, id)).status, { timeout: 15_000 }).toBe("SUCCEEDED");
  });

  test("of a cluster that lacks none, or is none, is refused", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.scenario("nothing", "quota-exceeded");
    const { id } = await provisionToEnd(api, clusterInput("nothing"));
    expect(await change(api, "GrantRoles", id)).toMatchObject({ code: "NOTHING_TO_GRANT" });
  });
});
