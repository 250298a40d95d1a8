import { describe, expect } from "vitest";
import type { AzureControl } from "./azure-control.ts";
import { operation } from "./documents.ts";
import { test } from "./fixtures.ts";
import { change, idsNeedingAttention, leftKinds, lifecycleOf, outcomeOf, outside } from "./lifecycle.ts";
import {
  clusterInput,
  expectContiguous,
  provisionToEnd,
  startProvision,
  untilEnded,
  watchProgress,
} from "./provisions.ts";

interface Updated {
  readonly id: string;
  readonly status: string;
  readonly needsAttention: boolean;
  readonly leftovers: readonly { readonly kind: string }[];
  readonly amendments: readonly { readonly kind: string; readonly message: string }[];
  readonly progress: { readonly sequence: number };
}

const UPDATED = `subscription Amended {
  provisionUpdated { id status needsAttention leftovers { kind } amendments { kind message } progress { sequence } }
}`;

async function armIdOf(azure: AzureControl, name: string): Promise<string> {
  return (await azure.resources()).find((resource) => resource.name === name)?.id ?? "";
}

describe("the truth afterwards", () => {
  test("failed-then-succeeded: becomes SUCCEEDED with its roles granted, and says when Azure said what", async ({
    start,
  }) => {
    const { api, azure } = await start({ speed: 200 });
    await azure.scenario("lazarus", "failed-then-succeeded");
    const { registries } = await api.data<{ registries: { id: string }[] }>("{ registries { id } }");
    const updates = api.subscribe<Updated>(UPDATED, {});
    const { id, last } = await provisionToEnd(api, clusterInput("lazarus", { registryId: registries[0]?.id }));
    expect(last.status).toBe("FAILED");
    expect(await idsNeedingAttention(api)).toEqual([id]);
    const amended = await updates.until("the amendment", (one) => one.id === id && one.status === "SUCCEEDED");
    expect(amended.progress.sequence).toBeGreaterThan(last.sequence);
    expect(amended).toMatchObject({ needsAttention: false, leftovers: [] });
    expect(amended.amendments).toEqual([
      { kind: "CLUSTER_SUCCEEDED", message: expect.stringMatching(/^Azure reported Failed at .* and Succeeded at /) },
      { kind: "ROLES_GRANTED", message: "Granted AcrPull on the registry to the cluster" },
    ]);
    const outcome = await outcomeOf(api, id);
    expect(outcome).toMatchObject({ status: "SUCCEEDED", failure: null });
    expectContiguous(outcome.timeline);
    expect(outcome.timeline.map(({ message }) => message)).toEqual(
      expect.arrayContaining(amended.amendments.map(({ message }) => message)),
    );
    expect(await idsNeedingAttention(api)).toEqual([]);
    // Whoever asks now is told the amended state, and that it is the last.
    expect(await untilEnded(watchProgress(api, id))).toMatchObject({ status: "SUCCEEDED", percent: 100 });
  });

  test("deleted after it failed: its leftovers go, and with them the reason to look at it", async ({ start }) => {
    const { api, azure } = await start({ speed: 200 });
    await azure.scenario("doomed", "pool-fails");
    const updates = api.subscribe<Updated>(UPDATED, {});
    const { id } = await provisionToEnd(api, clusterInput("doomed"));
    await outside(azure, "DELETE", await armIdOf(azure, "doomed"));
    const gone = await updates.until("the deletion", (one) =>
      one.amendments.some(({ kind }) => kind === "CLUSTER_DELETED"),
    );
    expect(gone).toMatchObject({ id, status: "FAILED", needsAttention: false });
    expect(leftKinds(await outcomeOf(api, id))).toEqual(["RESOURCE_GROUP"]);
    expect(await idsNeedingAttention(api)).toEqual([]);
  });

  test("stopped after it succeeded: stays SUCCEEDED and tells", async ({ start }) => {
    const { api, azure } = await start({ speed: 200 });
    const updates = api.subscribe<Updated>(UPDATED, {});
    const { id } = await provisionToEnd(api, clusterInput("sleepy"));
    await outside(azure, "POST", `${await armIdOf(azure, "sleepy")}/stop`);
    const stopped = await updates.until("the stop", (one) =>
      one.amendments.some(({ kind }) => kind === "CLUSTER_STOPPED"),
    );
    expect(stopped).toMatchObject({ id, status: "SUCCEEDED", needsAttention: false });
  });

  test("a restart of the server does not end the watch", async ({ start }) => {
    const slipway = await start({ speed: 200 });
    await slipway.azure.scenario("restarted", "failed-then-succeeded");
    const { id } = await provisionToEnd(slipway.api, clusterInput("restarted"));
    await slipway.restart();
    const api = slipway.client();
    const updates = api.subscribe<Updated>(UPDATED, {});
    await expect.poll(async () => (await lifecycleOf(api, id)).status, { timeout: 15_000 }).toBe("SUCCEEDED");
    updates.stop();
  });
});

describe("a failed attempt stays on everybody's dashboard", () => {
  test("until somebody dismisses it, which everybody sees and a second time changes nothing", async ({ slipway }) => {
    const { api, azure } = slipway;
    const other = slipway.client();
    await azure.scenario("refused", "quota-exceeded");
    const updates = other.subscribe<Updated>(UPDATED, {});
    const { id } = await provisionToEnd(api, clusterInput("refused"));
    expect(await idsNeedingAttention(other)).toEqual([id]);
    const first = await change(api, "DismissProvision", id);
    expect(first).toMatchObject({
      __typename: "DismissProvisionSuccess",
      provision: { dismissedAt: expect.any(String) },
    });
    await updates.until("the dismissal", (one) => one.id === id && !one.needsAttention);
    expect(await change(other, "DismissProvision", id)).toEqual(first);
    expect(await idsNeedingAttention(other)).toEqual([]);
    const { timeline } = await outcomeOf(api, id);
    expect(timeline.filter(({ message }) => message.startsWith("Dismissed by"))).toHaveLength(1);
  });

  test("one that runs or has succeeded can't be dismissed", async ({ slipway }) => {
    const { api } = slipway;
    const id = await startProvision(api, clusterInput("fine"));
    expect(await change(api, "DismissProvision", id)).toMatchObject({ code: "CANNOT_DISMISS" });
    await untilEnded(watchProgress(api, id));
    expect(await change(api, "DismissProvision", id)).toMatchObject({ code: "CANNOT_DISMISS" });
    const { provision } = await api.data<{ provision: { status: string } }>(operation("Provision"), { id });
    expect(provision.status).toBe("SUCCEEDED");
  });
});
