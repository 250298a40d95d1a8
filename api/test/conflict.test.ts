import { describe, expect } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { clusterPuts, effectiveClusterPuts } from "./azure-control.ts";
import { test } from "./fixtures.ts";
import { outcomeOf, outside } from "./lifecycle.ts";
import { clusterInput, expectProgressPromises, startProvision, untilEnded, watchProgress } from "./provisions.ts";

const CLUSTER_PUT = { method: "PUT", operation: "managedClusters.createOrUpdate" };

const WITH_RETRY = `subscription Retry($id: ID!) {
  provisionProgress(provisionId: $id) {
    status phase sequence message retry { reason nextTryAt attempts }
  }
}`;

interface WithRetry {
  readonly status: string;
  readonly message: string | null;
  readonly retry: { readonly reason: string; readonly nextTryAt: string; readonly attempts: number } | null;
}

/** The preflight says of one check that it is in the way and goes by itself, and calls the create possible: then it must be. */
async function expectToWaitFor(api: ApiClient, input: object, name: string): Promise<void> {
  const query = `query Waits($input: StartProvisionInput!) {
    preflight(input: $input) { ok checks { name status endsByItself message } }
  }`;
  const { preflight } = await api.data<{ preflight: { ok: boolean; checks: readonly object[] } }>(query, { input });
  expect(preflight.ok).toBe(true);
  expect(preflight.checks).toContainEqual({
    name,
    status: "WARN",
    endsByItself: true,
    message: expect.stringContaining("is being deleted. Slipway waits until it is gone"),
  });
}

describe("another's operation in the way", () => {
  test("is named, watched to its end with the time of the next look, and then the step goes on", async ({
    slipway,
  }) => {
    const { api, azure } = slipway;
    const message =
      "Operation is not allowed: Another operation (Updating) is in progress, please wait for it to finish.";
    await azure.fault({
      match: CLUSTER_PUT,
      times: 3,
      then: { status: 409, body: { code: "OperationNotAllowed", details: null, message, subcode: "" } },
    });
    const id = await startProvision(api, clusterInput("queued"));
    const progress = watchProgress(api, id);
    const retries = api.subscribe<WithRetry>(WITH_RETRY, { id });
    const waiting = await retries.until("the other operation", ({ retry }) => retry !== null);
    expect(waiting.retry).toMatchObject({ reason: "Waiting for another operation to end: Updating" });
    expect(Date.parse(waiting.retry?.nextTryAt ?? "")).toBeGreaterThan(0);
    expect((await untilEnded(progress)).status).toBe("SUCCEEDED");
    expectProgressPromises(progress.messages);
    await retries.completed;
    expect(retries.messages.at(-1)).toMatchObject({ status: "SUCCEEDED", retry: null });
    const requests = await azure.requests();
    expect(clusterPuts(requests)).toHaveLength(4);
    expect(effectiveClusterPuts(requests)).toHaveLength(1);
    const told = (await outcomeOf(api, id)).timeline.map((entry) => entry.message);
    expect(told.filter((one) => one.startsWith("Waiting for another operation"))).toHaveLength(1);
    expect(told).toContain("The other operation has ended");
  });

  test("a resource group that is being deleted is waited for, then made anew", async ({ start }) => {
    const { api, azure } = await start({ speed: 40 });
    const input = clusterInput("phoenix");
    const groupId = `/subscriptions/${String(input["subscriptionId"])}/resourcegroups/${input.resourceGroup}`;
    await outside(azure, "PUT", groupId, { body: { location: "westeurope", tags: { owner: "ada" } } });
    await azure.advance(60);
    await outside(azure, "DELETE", groupId);
    await expectToWaitFor(api, input, "resource_group");
    const id = await startProvision(api, input);
    const progress = watchProgress(api, id);
    const waiting = await progress.until(
      "the wait",
      ({ message }) => message?.startsWith("Waiting for another") ?? false,
    );
    expect(waiting.message).toBe(
      "Waiting for another operation to end: Deleting the resource group 'phoenix-rg' (owner: ada)",
    );
    await progress.until("the new group", ({ phase }) => phase === "ARM_CREATE_OR_UPDATE");
    await azure.setSpeed(400);
    expect((await untilEnded(progress)).status).toBe("SUCCEEDED");
    expectProgressPromises(progress.messages);
  });

  test("another's cluster of the name that is being deleted is waited for, never touched", async ({ start }) => {
    const { api, azure } = await start({ speed: 150 });
    const other = await startProvision(api, clusterInput("departing"));
    await untilEnded(watchProgress(api, other));
    const armId = (await azure.resources()).find(({ name }) => name === "departing")?.id ?? "";
    await outside(azure, "DELETE", armId);
    await expectToWaitFor(api, clusterInput("departing"), "cluster");
    const id = await startProvision(api, clusterInput("departing"));
    const progress = watchProgress(api, id);
    const waiting = await progress.until(
      "the wait",
      ({ message }) => message?.startsWith("Waiting for another") ?? false,
    );
    expect(waiting.message).toContain("Deleting the cluster 'departing' (made by another attempt of Slipway's");
    expect((await untilEnded(progress)).status).toBe("SUCCEEDED");
    expectProgressPromises(progress.messages);
    expect(effectiveClusterPuts(await azure.requests())).toHaveLength(2);
  });
});
