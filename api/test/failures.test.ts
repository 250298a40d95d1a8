import { describe, expect } from "vitest";
import { createTimeline } from "../arm-emulator/providers/containerservice/cluster-timeline.ts";
import { DEMO } from "../arm-emulator/seed/demo-names.ts";
import type { ApiClient } from "./api-client.ts";
import { clusterPuts, effectiveClusterPuts, requestsOf } from "./azure-control.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import { DEFAULT_SPEED } from "./harness.ts";
import {
  clusterInput,
  expectContiguous,
  expectProgressPromises,
  provisionToEnd,
  startProvision,
  untilEnded,
  watchProgress,
  type FailureAnswer,
  type TimelineRow,
} from "./provisions.ts";

/** A clusters' PUT, whatever its name. */
const CLUSTER_PUT = { method: "PUT", operation: "managedClusters.createOrUpdate" };

interface Outcome {
  readonly status: string;
  readonly failure: FailureAnswer | null;
  readonly leftovers: readonly { readonly kind: string; readonly resourceId: string }[];
  readonly timeline: readonly TimelineRow[];
}

async function outcomeOf(api: ApiClient, id: string): Promise<Outcome> {
  return (await api.data<{ provision: Outcome }>(operation("Provision"), { id })).provision;
}

interface Told {
  readonly summary: string;
  readonly fault: string;
  readonly correlationId: string | null;
  readonly operationId: string | null;
}

const TOLD_LIVE = `subscription Told($id: ID!) {
  provisionProgress(provisionId: $id) { failure { summary fault correlationId operationId } }
}`;

/** What a person is told, beyond what the contract's documents ask for. */
async function toldOf(api: ApiClient, id: string): Promise<Told> {
  const query = "query ($id: ID!) { provision(id: $id) { failure { summary fault correlationId operationId } } }";
  return (await api.data<{ provision: { failure: Told } }>(query, { id })).provision.failure;
}

async function registryId(api: ApiClient): Promise<string | undefined> {
  const { registries } = await api.data<{ registries: { id: string; name: string }[] }>(operation("Registries"));
  return registries.find(({ name }) => name === DEMO.registry.name)?.id;
}

describe("trouble that passes ends in one cluster", () => {
  test.for([
    { title: "the reply of the PUT gets lost", then: { dropConnection: "after" }, puts: 1 },
    { title: "the PUT is never heard", then: { dropConnection: "before" }, puts: 2 },
    { title: "the PUT is answered 500", then: { status: 500, body: {} }, puts: 2 },
    { title: "the PUT is answered 503", then: { status: 503, body: { code: "ServerBusy", message: "busy" } }, puts: 2 },
    { title: "another operation is in progress", then: { status: 409, body: conflict() }, puts: 2 },
  ])("$title", async ({ then, puts }, { slipway }) => {
    await slipway.azure.fault({ match: CLUSTER_PUT, times: 1, then });
    const { last, messages } = await provisionToEnd(slipway.api, clusterInput("once"));
    expect(last.status).toBe("SUCCEEDED");
    expectProgressPromises(messages);
    const requests = await slipway.azure.requests();
    expect(clusterPuts(requests)).toHaveLength(puts);
    expect(effectiveClusterPuts(requests)).toHaveLength(1);
  });

  test("a burst of 503 on everything", async ({ slipway }) => {
    await slipway.azure.fault({
      match: { path: "/busy|/operations/" },
      times: 8,
      then: { status: 503, body: { error: { code: "ServiceUnavailable", message: "The service is unavailable." } } },
    });
    const { last, id } = await provisionToEnd(slipway.api, clusterInput("busy"));
    expect(last.status).toBe("SUCCEEDED");
    const { timeline } = await outcomeOf(slipway.api, id);
    expectContiguous(timeline);
    expect(timeline.some(({ message }) => message.startsWith("Azure answered 503 ServiceUnavailable"))).toBe(true);
  });

  test("429: waits as long as Azure says and shows why", async ({ slipway }) => {
    const { api, azure } = slipway;
    const retryAfterSeconds = 2;
    await azure.fault({ match: CLUSTER_PUT, times: 1, then: { throttle: { retryAfterSeconds } } });
    const id = await startProvision(api, clusterInput("patient"));
    const watch = watchProgress(api, id);
    const waiting = await watch.until("the reason", ({ message }) => message?.includes("429") ?? false);
    expect(waiting.message).toMatch(/^Azure limits its requests \(429 \w+\); trying again in 2 s$/);
    expect((await untilEnded(watch)).status).toBe("SUCCEEDED");
    const [refused, next] = clusterPuts(await azure.requests());
    expect(refused?.status).toBe(429);
    // The request log has Azure's time, which runs faster.
    const realMs = (Date.parse(next?.at ?? "") - Date.parse(refused?.at ?? "")) / DEFAULT_SPEED;
    expect(realMs).toBeGreaterThanOrEqual(retryAfterSeconds * 1000 - 20);
  });

  test.for([404, 410])(
    "the operation can't be asked for any more (%i): the cluster tells",
    async (status, { slipway }) => {
      await slipway.azure.fault({
        match: { operation: "operations.get" },
        then: { status, body: { error: { code: "OperationNotFound", message: "The operation is not found." } } },
      });
      const { last } = await provisionToEnd(slipway.api, clusterInput("forgotten"));
      expect(last.status).toBe("SUCCEEDED");
      expect(effectiveClusterPuts(await slipway.azure.requests())).toHaveLength(1);
    },
  );

  test.for([
    ["answers 500", { status: 500, body: { error: { code: "InternalServerError", message: "The poll is dead." } } }],
    ["breaks the connection", { dropConnection: "before" }],
  ] as const)(
    "the operation's address %s for ever: the cluster tells, and is seen all along",
    async ([, then], { slipway }) => {
      await slipway.azure.fault({ match: { operation: "operations.get" }, then });
      const { last, messages } = await provisionToEnd(slipway.api, clusterInput("dead-poll"));
      expect(last.status).toBe("SUCCEEDED");
      expectProgressPromises(messages);
      expect(messages.some(({ message }) => message?.includes("watching the cluster itself"))).toBe(true);
      expect(messages.some(({ clusterState }) => clusterState === "Creating")).toBe(true);
      expect(effectiveClusterPuts(await slipway.azure.requests())).toHaveLength(1);
    },
  );

  test("the cluster is not shown at two looks", async ({ start }) => {
    const { api, azure } = await start({ speed: 150 });
    const watch = watchProgress(api, await startProvision(api, clusterInput("blinks")));
    await watch.until("the cluster", ({ clusterState }) => clusterState === "Creating");
    await azure.fault({
      match: { operation: "managedClusters.get" },
      times: 2,
      then: { status: 404, body: { error: { code: "ResourceNotFound", message: "The resource was not found." } } },
    });
    const last = await untilEnded(watch);
    expect(last.status).toBe("SUCCEEDED");
    expectProgressPromises(watch.messages);
  });

  test("the role assignment is answered 503, then its reply gets lost", async ({ slipway }) => {
    const { api, azure } = slipway;
    const match = { operation: "roleAssignments.create" };
    await azure.fault({ match, times: 1, then: { status: 503, body: {} } });
    await azure.fault({ match, times: 1, then: { dropConnection: "after" } });
    const { last } = await provisionToEnd(api, clusterInput("granted", { registryId: await registryId(api) }));
    expect(last.status).toBe("SUCCEEDED");
    const grants = requestsOf(await azure.requests(), "PUT", /roleAssignments\//i);
    expect(grants.filter(({ effective }) => effective)).toHaveLength(1);
    expect(new Set(grants.map(({ path }) => path)).size).toBe(1);
  });

  test("principal-not-found-at-first: waits for the identity", async ({ start }) => {
    const { api, azure } = await start({ speed: 0 });
    await azure.scenario("newborn", "principal-not-found-at-first");
    const id = await startProvision(api, clusterInput("newborn", { registryId: await registryId(api) }));
    const watch = watchProgress(api, id);
    await watch.until("the wait for the group", ({ message }) => message?.includes("to be visible") ?? false);
    await azure.advance(60);
    await watch.until("the cluster", ({ clusterState }) => clusterState === "Creating");
    const { totalMs } = createTimeline("newborn", ["systempool", "apps"], "usual");
    await azure.advance(totalMs / 1000 + 1);
    await watch.until("the wait for the identity", ({ message }) => message?.includes("Microsoft Entra") ?? false);
    await azure.advance(60);
    expect((await untilEnded(watch)).status).toBe("SUCCEEDED");
    const grants = requestsOf(await azure.requests(), "PUT", /roleAssignments\//i);
    expect(grants[0]?.status).toBe(400);
    expect(grants.at(-1)?.status).toBe(201);
  });

  test("Azure can't be reached when Slipway starts, and comes back", async ({ start }) => {
    const slipway = await start({ withAzure: false });
    const { api } = slipway;
    const watch = watchProgress(api, await startProvision(api, clusterInput("early-bird")));
    const waiting = await watch.until("the reason", ({ message }) => message !== null);
    expect(waiting).toMatchObject({ status: "RUNNING", message: expect.stringContaining("Azure can't be reached") });
    for (const name of ["Registries", "Clusters", "Connection"]) {
      const { errors } = await api.graphql(operation(name));
      expect(errors?.[0]?.extensions, name).toMatchObject({ code: "AZURE_UNAVAILABLE" });
      expect(errors?.[0]?.message, name).toMatch(/^Azure can't be reached/);
    }
    await slipway.startAzure();
    expect((await untilEnded(watch)).status).toBe("SUCCEEDED");
    const { registries } = await api.data<{ registries: object[] }>(operation("Registries"));
    expect(registries).toHaveLength(1);
  });

  test("Azure is away for a while in the middle", async ({ start }) => {
    const slipway = await start({ speed: 150 });
    const watch = watchProgress(slipway.api, await startProvision(slipway.api, clusterInput("bridged")));
    await watch.until("the cluster", ({ clusterState }) => clusterState === "Creating");
    await slipway.stopAzure();
    await watch.until("the reason", ({ message }) => message?.includes("can't be reached") ?? false);
    await slipway.startAzure();
    expect((await untilEnded(watch)).status).toBe("SUCCEEDED");
    expectProgressPromises(watch.messages);
    expect(effectiveClusterPuts(await slipway.azure.requests())).toHaveLength(1);
  });
});

describe("trouble that does not pass ends with Azure's own words", () => {
  test.for([
    {
      scenario: "quota-exceeded",
      told: /^The subscription's quota for all vCPUs in westeurope is too small: the request needs 10 vCPUs, but only 8 are free\.$/,
      fault: "YOURS",
      status: "FAILED",
      failure: {
        code: "ErrCode_InsufficientVCPUQuota",
        category: "QUOTA",
        message: /left regional vcpu quota \d+, requested quota 10/,
      },
      remedies: ["EDIT", "LINK", "COMMAND", "RETRY"],
      leftovers: ["RESOURCE_GROUP"],
    },
    {
      scenario: "sku-not-allowed",
      told: /^The VM size Standard_D2s_v3 can't be had in westeurope with this subscription\.$/,
      fault: "YOURS",
      status: "FAILED",
      failure: {
        code: "BadRequest",
        category: "SKU_NOT_AVAILABLE",
        message: /^The VM size of Standard_D2s_v3 is not allowed in your subscription/,
      },
      remedies: ["EDIT", "EDIT", "COMMAND", "LINK"],
      leftovers: ["RESOURCE_GROUP"],
    },
    {
      scenario: "pool-fails",
      told: /did not become nodes: they can't reach the internet, .*\(exit code 50\)\.$/,
      fault: "YOURS",
      status: "FAILED",
      failure: { code: "CreateVMSSAgentPoolFailed", category: "OUTBOUND_CONNECTIVITY", message: /\w/ },
      remedies: ["LINK", "LINK", "COMMAND", "RETRY"],
      leftovers: ["CLUSTER", "NODE_RESOURCE_GROUP", "RESOURCE_GROUP"],
    },
    {
      scenario: "failed-then-succeeded",
      told: /^Azure has no free machines of size Standard_\w+ in zone 1 in westeurope now\.$/,
      fault: "AZURE",
      status: "FAILED",
      failure: { code: "ZonalAllocationFailed", category: "CAPACITY", message: /\w/ },
      remedies: ["EDIT", "EDIT", "LINK", "COMMAND", "RETRY"],
      // Amended before anybody can look.
      leftovers: undefined,
    },
    {
      scenario: "canceled-outside",
      told: /canceled at Azure, outside Slipway/,
      fault: "OUTSIDE",
      status: "CANCELED",
      failure: {
        code: "OperationCanceled",
        category: "CANCELED_OUTSIDE",
        message: /canceled at Azure, outside Slipway/,
      },
      remedies: ["COMMAND", "RETRY"],
      leftovers: ["CLUSTER", "NODE_RESOURCE_GROUP", "RESOURCE_GROUP"],
    },
    {
      scenario: "deleted-outside",
      told: /was deleted outside Slipway/,
      fault: "OUTSIDE",
      status: "FAILED",
      failure: { code: "ClusterDeleted", category: "DELETED_OUTSIDE", message: /was deleted outside Slipway/ },
      remedies: ["RETRY"],
      leftovers: ["RESOURCE_GROUP"],
    },
  ])("$scenario", async ({ scenario, status, failure, told, fault, remedies, leftovers }, { slipway }) => {
    await slipway.azure.scenario("fated", scenario);
    const id = await startProvision(slipway.api, clusterInput("fated"));
    const progress = watchProgress(slipway.api, id);
    const toldLive = slipway.api.subscribe<{ readonly failure: Told | null }>(TOLD_LIVE, { id });
    const last = await untilEnded(progress);
    expectProgressPromises(progress.messages);
    expect(last.status).toBe(status);
    expect(last.percent).toBeLessThan(100);
    expect(last.failure).toMatchObject({ ...failure, message: expect.stringMatching(failure.message) });
    await toldLive.completed;
    // What was told with the verdict: Azure may have thought better of it since.
    const failureThen = toldLive.messages.at(-1)?.failure;
    expect(failureThen).toMatchObject({ summary: expect.stringMatching(told), fault });
    expect(last.failure?.remedies.map(({ kind }) => kind)).toEqual(remedies);
    const outcome = await outcomeOf(slipway.api, id);
    if (leftovers) expect(outcome.leftovers.map(({ kind }) => kind)).toEqual(leftovers);
    expectContiguous(outcome.timeline);
    expect(outcome.timeline.some(({ message }) => message.includes(last.failure?.message ?? "?"))).toBe(true);
    // The name is free for another attempt at once.
    expect(clusterPuts(await slipway.azure.requests())).toHaveLength(1);
  });

  test("pool-fails: the pool that failed says why on its chip", async ({ slipway }) => {
    await slipway.azure.scenario("half", "pool-fails");
    const { last } = await provisionToEnd(slipway.api, clusterInput("half"));
    expect(last.nodePools.map(({ name, tone, error }) => [name, tone, error?.code ?? null])).toEqual([
      ["systempool", "SUCCESS", null],
      ["apps", "FAILED", "CreateVMSSAgentPoolFailed"],
    ]);
    expect(last.nodePools[1]?.error?.message).toMatch(
      /^The machines of pool apps .*can't reach the internet.*\(exit code 50\)\.$/,
    );
    expect(last.portalUrl).not.toBeNull();
  });

  test("a failed operation is told by the ids of the request that began it, not of a later look", async ({
    slipway,
  }) => {
    const { api, azure } = slipway;
    await azure.scenario("traced", "pool-fails");
    const { id } = await provisionToEnd(api, clusterInput("traced"));
    const told = await toldOf(api, id);
    expect(told.correlationId).toMatch(/^[0-9a-f-]{36}$/);
    const polls = (await azure.requests()).filter(({ path }) => path.includes("/operations/"));
    expect(polls.length).toBeGreaterThan(0);
    for (const { path } of polls) expect(path).toContain(`/operations/${told.operationId}`);
  });

  test("what nobody knows is looked up in Azure's activity log by the ids of the request that began it", async ({
    slipway,
  }) => {
    const { api, azure } = slipway;
    const error = { code: "FluxCapacitorDrained", message: "1.21 gigawatts are missing." };
    await azure.fault({
      match: { operation: "operations.get" },
      then: { status: 200, body: { name: "any", status: "Failed", startTime: "2026-01-01T00:00:00Z", error } },
    });
    const { id, last } = await provisionToEnd(api, clusterInput("novel"));
    const { correlationId } = await toldOf(api, id);
    expect(last.failure).toMatchObject({ category: "UNKNOWN", code: "FluxCapacitorDrained" });
    expect(last.failure?.remedies).toContainEqual(
      expect.objectContaining({
        kind: "COMMAND",
        command: expect.stringMatching(
          new RegExp(`^az monitor activity-log list --correlation-id ${correlationId} --subscription `),
        ),
      }),
    );
  });

  test("an operation that fails with nested causes shows the innermost, and the chip of the pool that it names", async ({
    start,
  }) => {
    const { api, azure } = await start({ speed: 150 });
    const watch = watchProgress(api, await startProvision(api, clusterInput("nested")));
    await watch.until("the cluster", ({ clusterState }) => clusterState === "Creating");
    await azure.fault({
      match: { operation: "operations.get" },
      then: {
        status: 200,
        body: {
          name: "any",
          status: "Failed",
          startTime: "2026-01-01T00:00:00Z",
          error: {
            code: "ReconcileVMSSAgentPoolFailed",
            message: "Unable to establish the agent pools.",
            details: [{ code: "SubnetIsFull", message: "Subnet of agentpool 'apps' is full.", target: "apps" }],
          },
        },
      },
    });
    const last = await untilEnded(watch);
    expect(last.failure).toMatchObject({ code: "SubnetIsFull", message: "Subnet of agentpool 'apps' is full." });
    expect(last.nodePools.find(({ name }) => name === "apps")?.error?.code).toBe("SubnetIsFull");
    expect(last.nodePools.find(({ name }) => name === "systempool")?.error).toBeNull();
  });

  test("rbac-denied: the cluster is there, the permission is not, and the command is given", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.scenario("denied", "rbac-denied");
    const { last, id } = await provisionToEnd(api, clusterInput("denied", { registryId: await registryId(api) }));
    expect(last).toMatchObject({ status: "FAILED", phase: "ENSURING_RBAC", clusterState: "Succeeded" });
    expect(last.failure).toMatchObject({ code: "AuthorizationFailed", category: "PERMISSIONS_INCOMPLETE" });
    expect(last.failure?.correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect((await toldOf(api, id)).summary).toMatch(
      /^The cluster works, but its nodes may not pull images from the registry demoacr yet\. The identity [0-9a-f-]{36} may not grant roles on /,
    );
    const command = last.failure?.remedies.find(({ kind }) => kind === "COMMAND")?.command;
    expect(command).toMatch(
      /^az role assignment create --assignee-object-id [0-9a-f-]{36} .*--role AcrPull --scope .*demoacr$/,
    );
    expect((await azure.resources()).some(({ name }) => name === "denied")).toBe(true);
  });

  test("a failure is no obstacle: the same name can be asked for again at once", async ({ slipway }) => {
    const { api, azure } = slipway;
    await azure.fault({
      match: CLUSTER_PUT,
      times: 1,
      then: { status: 400, body: { code: "BadRequest", message: "No." } },
    });
    const first = await provisionToEnd(api, clusterInput("again"));
    expect(first.last.failure).toMatchObject({ code: "BadRequest", category: "INVALID_REQUEST", message: "No." });
    const second = await provisionToEnd(api, clusterInput("again"));
    expect(second.last.status).toBe("SUCCEEDED");
    expect(second.id).not.toBe(first.id);
  });

  test("somebody else makes the cluster first: theirs is left alone", async ({ slipway }) => {
    const { api, azure } = slipway;
    const other = await provisionToEnd(api, clusterInput("contested"));
    expect(other.last.status).toBe("SUCCEEDED");
    // As if it had come between our looks and our PUT.
    await azure.fault({
      match: { operation: "managedClusters.get" },
      times: 2,
      then: { status: 404, body: { error: { code: "ResourceNotFound", message: "The resource was not found." } } },
    });
    const { last, id } = await provisionToEnd(api, clusterInput("contested"));
    expect(last.failure?.category).toBe("CLUSTER_EXISTS");
    expect((await outcomeOf(api, id)).leftovers).toEqual([]);
    expect(effectiveClusterPuts(await azure.requests())).toHaveLength(1);
  });
});

/** https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/operationnotallowed */
function conflict(): object {
  return {
    code: "OperationNotAllowed",
    details: null,
    message: "Operation is not allowed: Another operation (Updating) is in progress, please wait for it to finish.",
    subcode: "",
  };
}
