import { restorePoller } from "@azure/arm-containerservice";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CREATE_SECONDS,
  errorOf,
  poolStates,
  smallCluster,
  startAzure,
  submitCreate,
  SUBSCRIPTION,
  type Azure,
} from "./azure.ts";

let azure: Azure;

beforeEach(async () => {
  azure = await startAzure();
  await azure.makeGroup("rg1");
});
afterEach(() => azure.stop());

const get = (name: string) => azure.aks.managedClusters.get("rg1", name);

describe("creating a cluster", () => {
  test("takes 5 to 10 minutes, and each pool comes to its end at its own time before that", async () => {
    await submitCreate(azure, "c1");
    const seen: string[] = [];
    let seconds = 0;
    for (; seen.at(-1) !== "Succeeded systempool:Succeeded apps:Succeeded" && seconds < 700; seconds += 5) {
      azure.emulator.advance(5);
      const cluster = await get("c1");
      const state = `${cluster.provisioningState} ${poolStates(cluster).join(" ")}`;
      if (state !== seen.at(-1)) seen.push(state);
    }
    expect(seen).toEqual([
      "Creating systempool:Creating apps:Creating",
      "Creating systempool:Succeeded apps:Creating",
      "Creating systempool:Succeeded apps:Succeeded",
      "Succeeded systempool:Succeeded apps:Succeeded",
    ]);
    expect(seconds).toBeGreaterThanOrEqual(300);
    expect(seconds).toBeLessThanOrEqual(600);
  });

  test("takes the same time for the same name", async () => {
    const timeOf = async (): Promise<number> => {
      await azure.control("POST", "reset", { seed: "empty" });
      await azure.makeGroup("rg1");
      await submitCreate(azure, "same");
      azure.emulator.advance(CREATE_SECONDS);
      const { body } = await azure.control("GET", "state");
      const [operation] = (body as { operations: { startTime: string; endTime: string }[] }).operations;
      return Date.parse(operation?.endTime ?? "") - Date.parse(operation?.startTime ?? "");
    };
    expect(await timeOf()).toBe(await timeOf());
  });

  test("answers 201 with Azure-AsyncOperation alone, its URL as long as Azure's and on the host that was meant", async () => {
    const response = await fetch(
      `${azure.emulator.url}/subscriptions/${SUBSCRIPTION}/resourceGroups/rg1/providers/Microsoft.ContainerService/managedClusters/raw?api-version=2026-03-01`,
      {
        method: "PUT",
        headers: { authorization: "Bearer x", "x-emu-host": "management.azure.com" },
        body: JSON.stringify({
          location: "westeurope",
          properties: {
            dnsPrefix: "raw",
            agentPoolProfiles: [{ name: "sys", mode: "System", count: 3, vmSize: "Standard_D2s_v3" }],
          },
        }),
      },
    );
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBeNull();
    expect(response.headers.get("retry-after")).toBeNull();
    const url = response.headers.get("azure-asyncoperation") ?? "";
    expect(url).toMatch(
      /^https:\/\/management\.azure\.com\/subscriptions\/.*\/operations\/[-0-9a-f]{36}\?api-version=2016-03-30&t=/,
    );
    expect(url.length).toBeGreaterThan(3400);
    expect(await response.json()).toMatchObject({
      id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg1/providers/Microsoft.ContainerService/managedClusters/raw`,
      properties: { provisioningState: "Creating", agentPoolProfiles: [{ count: 3, provisioningState: "Creating" }] },
    });
  });

  test("ends for the poller that started it with the finished cluster", async () => {
    const { poller } = await submitCreate(azure, "c1");
    await poller.poll();
    expect(poller.operationState?.status).toBe("running");
    azure.emulator.advance(CREATE_SECONDS);
    const cluster = await poller.pollUntilDone();
    expect(cluster).toMatchObject({
      provisioningState: "Succeeded",
      powerState: { code: "Running" },
      kubernetesVersion: "1.35",
      currentKubernetesVersion: "1.35.3",
      nodeResourceGroup: "MC_rg1_c1_westeurope",
      tags: { "slipway-provision": "p1" },
    });
    expect(cluster.fqdn).toMatch(/^small-.*\.hcp\.westeurope\.azmk8s\.io$/);
  });

  test("can be followed to its end by another process from the poller's saved state", async () => {
    const { state } = await submitCreate(azure, "c1");
    azure.emulator.advance(CREATE_SECONDS);
    const other = azure.freshAks();
    const cluster = await restorePoller(other, state, other.managedClusters.createOrUpdate, {
      updateIntervalInMs: 1,
    }).pollUntilDone();
    expect(cluster.provisioningState).toBe("Succeeded");
  });

  test("shows the kubelet's identity once AKS has made it, the same from then on", async () => {
    await submitCreate(azure, "c1");
    expect((await get("c1")).identityProfile).toBeUndefined();
    azure.emulator.advance(90);
    const early = (await get("c1")).identityProfile?.["kubeletidentity"]?.objectId;
    expect(early).toMatch(/^[-0-9a-f]{36}$/);
    azure.emulator.advance(CREATE_SECONDS);
    expect((await get("c1")).identityProfile?.["kubeletidentity"]?.objectId).toBe(early);
  });

  test("makes the node resource group and takes vCPUs of the quota at once", async () => {
    await submitCreate(azure, "c1");
    expect((await azure.groups.get("MC_rg1_c1_westeurope")).managedBy).toMatch(/managedClusters\/c1$/);
    const response = await fetch(
      `${azure.emulator.url}/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope/usages?api-version=2024-07-01`,
      { headers: { authorization: "Bearer x" } },
    );
    const { value } = (await response.json()) as { value: { name: { value: string }; currentValue: number }[] };
    expect(value.find(({ name }) => name.value === "standardDSv3Family")?.currentValue).toBe(10);
  });

  test("with If-None-Match '*' happens once: the second call is refused with 412", async () => {
    await submitCreate(azure, "c1", smallCluster(), { ifNoneMatch: "*" });
    expect(await errorOf(submitCreate(azure, "c1", smallCluster(), { ifNoneMatch: "*" }))).toMatchObject({
      statusCode: 412,
      code: "PreconditionFailed",
    });
    const puts = (await azure.requests()).filter(
      ({ method, path }) => method === "PUT" && path.includes("managedClusters"),
    );
    expect(puts.map(({ status, effective }) => ({ status, effective }))).toEqual([
      { status: 201, effective: true },
      { status: 412, effective: false },
    ]);
  });

  test("whose reply is lost has happened: the same call again meets 412 and finds its own cluster by its tag", async () => {
    await azure.fault({
      match: { operation: "managedClusters.createOrUpdate" },
      times: 1,
      then: { dropConnection: "after" },
    });
    expect((await errorOf(submitCreate(azure, "c1", smallCluster(), { ifNoneMatch: "*" }))).statusCode).toBeUndefined();
    expect((await errorOf(submitCreate(azure, "c1", smallCluster(), { ifNoneMatch: "*" }))).statusCode).toBe(412);
    expect((await get("c1")).tags).toEqual({ "slipway-provision": "p1" });
    const [first] = (await azure.requests()).filter(({ path }) => path.includes("managedClusters"));
    expect(first).toMatchObject({ method: "PUT", status: 201, effective: true });
  });
});

describe("a cluster that is being made", () => {
  test("refuses another operation with a flat 409", async () => {
    await submitCreate(azure, "c1");
    for (const refused of [
      azure.aks.managedClusters.stop("rg1", "c1"),
      azure.aks.managedClusters.createOrUpdate("rg1", "c1", smallCluster()),
      azure.aks.agentPools.createOrUpdate("rg1", "c1", "apps", { count: 3, vmSize: "Standard_D4s_v3", mode: "User" }),
    ]) {
      expect(await errorOf(refused)).toMatchObject({
        statusCode: 409,
        code: "OperationNotAllowed",
        message: expect.stringContaining("Another operation (Creating) is in progress"),
      });
    }
  });

  test("is Canceling, then Canceled with the pools that had not ended, when it is aborted", async () => {
    const { poller } = await submitCreate(azure, "c1");
    azure.emulator.advance(60);
    const abort = azure.aks.managedClusters.abortLatestOperation("rg1", "c1", { updateIntervalInMs: 1 });
    await abort.submitted();
    expect((await get("c1")).provisioningState).toBe("Canceling");
    expect((await errorOf(azure.aks.managedClusters.abortLatestOperation("rg1", "c1"))).statusCode).toBe(409);
    azure.emulator.advance(60);
    await abort.pollUntilDone();
    const cluster = await get("c1");
    expect([cluster.provisioningState, ...poolStates(cluster)]).toEqual([
      "Canceled",
      "systempool:Canceled",
      "apps:Canceled",
    ]);
    expect((await errorOf(poller.pollUntilDone())).message).toContain("canceled");
    azure.emulator.advance(CREATE_SECONDS);
    expect((await get("c1")).provisioningState).toBe("Canceled");
  });

  test("can be deleted, which ends the create as canceled", async () => {
    const { poller } = await submitCreate(azure, "c1");
    const deletion = azure.aks.managedClusters.delete("rg1", "c1", { updateIntervalInMs: 1 });
    await deletion.submitted();
    expect(poolStates(await get("c1"))).toEqual(["systempool:Deleting", "apps:Deleting"]);
    azure.emulator.advance(300);
    await deletion.pollUntilDone();
    expect((await errorOf(poller.pollUntilDone())).message).toContain("canceled");
    expect(await errorOf(get("c1"))).toMatchObject({ statusCode: 404, code: "ResourceNotFound" });
    expect((await errorOf(azure.groups.get("MC_rg1_c1_westeurope"))).code).toBe("ResourceGroupNotFound");
  });
});

describe("a cluster that stands", () => {
  beforeEach(async () => {
    await submitCreate(azure, "c1");
    azure.emulator.advance(CREATE_SECONDS);
  });

  test("stops with its pools and starts again", async () => {
    const stop = azure.aks.managedClusters.stop("rg1", "c1", { updateIntervalInMs: 1 });
    await stop.submitted();
    expect(await get("c1")).toMatchObject({ provisioningState: "Stopping", powerState: { code: "Running" } });
    azure.emulator.advance(200);
    await stop.pollUntilDone();
    const stopped = await get("c1");
    expect(stopped).toMatchObject({ provisioningState: "Succeeded", powerState: { code: "Stopped" } });
    expect(stopped.agentPoolProfiles?.map(({ powerState }) => powerState?.code)).toEqual(["Stopped", "Stopped"]);
    expect((await errorOf(azure.aks.managedClusters.stop("rg1", "c1"))).message).toContain("not currently running");

    const start = azure.aks.managedClusters.start("rg1", "c1", { updateIntervalInMs: 1 });
    await start.submitted();
    expect(await get("c1")).toMatchObject({ provisioningState: "Starting", powerState: { code: "Running" } });
    azure.emulator.advance(250);
    await start.pollUntilDone();
    expect(await get("c1")).toMatchObject({ provisioningState: "Succeeded", powerState: { code: "Running" } });
    expect((await errorOf(azure.aks.managedClusters.start("rg1", "c1"))).message).toContain(
      "starting cannot be performed",
    );
  });

  test("scales one pool: the target count at once, Scaling until it is done", async () => {
    const scale = azure.aks.agentPools.createOrUpdate(
      "rg1",
      "c1",
      "apps",
      { count: 5, vmSize: "Standard_D4s_v3", mode: "User" },
      { updateIntervalInMs: 1 },
    );
    await scale.submitted();
    expect(await azure.aks.agentPools.get("rg1", "c1", "apps")).toMatchObject({
      count: 5,
      provisioningState: "Scaling",
    });
    expect((await errorOf(azure.aks.managedClusters.stop("rg1", "c1"))).statusCode).toBe(409);
    azure.emulator.advance(200);
    expect(await scale.pollUntilDone()).toMatchObject({ count: 5, provisioningState: "Succeeded" });
  });

  test("gets a new pool beside a running change of another one, and loses it again", async () => {
    await azure.aks.agentPools
      .createOrUpdate("rg1", "c1", "apps", { count: 3, vmSize: "Standard_D4s_v3", mode: "User" })
      .submitted();
    await azure.aks.agentPools
      .createOrUpdate("rg1", "c1", "blast", { count: 1, vmSize: "Standard_D2s_v3", mode: "User" })
      .submitted();
    expect(poolStates(await get("c1"))).toEqual(["systempool:Succeeded", "apps:Scaling", "blast:Creating"]);
    expect(
      (await errorOf(azure.aks.agentPools.createOrUpdate("rg1", "c1", "apps", { count: 4, vmSize: "Standard_D4s_v3" })))
        .message,
    ).toContain("Another agentpool operation (Scaling)");
    azure.emulator.advance(300);
    await azure.aks.agentPools.delete("rg1", "c1", "blast").submitted();
    azure.emulator.advance(300);
    const pools: (string | undefined)[] = [];
    for await (const { name } of azure.aks.agentPools.list("rg1", "c1")) pools.push(name);
    expect(pools).toEqual(["systempool", "apps"]);
    expect((await errorOf(azure.aks.agentPools.delete("rg1", "c1", "systempool"))).code).toBe(
      "MustDefineAtLeastOneSystemPool",
    );
  });

  test("can have the change of a pool aborted: pool and cluster are Canceled", async () => {
    await azure.aks.agentPools
      .createOrUpdate("rg1", "c1", "apps", { count: 3, vmSize: "Standard_D4s_v3", mode: "User" })
      .submitted();
    await azure.aks.agentPools.abortLatestOperation("rg1", "c1", "apps").submitted();
    azure.emulator.advance(60);
    const cluster = await get("c1");
    expect([cluster.provisioningState, ...poolStates(cluster)]).toEqual([
      "Canceled",
      "systempool:Succeeded",
      "apps:Canceled",
    ]);
    expect((await errorOf(azure.aks.agentPools.abortLatestOperation("rg1", "c1", "apps"))).statusCode).toBe(409);
  });

  test("takes new tags only from a caller that names its current etag", async () => {
    const { eTag = "" } = await get("c1");
    await azure.aks.managedClusters.updateTags("rg1", "c1", { tags: { team: "a" } }, { ifMatch: eTag });
    expect(
      (await errorOf(azure.aks.managedClusters.updateTags("rg1", "c1", { tags: { team: "b" } }, { ifMatch: eTag })))
        .statusCode,
    ).toBe(412);
    expect((await get("c1")).tags).toEqual({ team: "a" });
  });

  test("is settled by a PUT: Updating, then Succeeded", async () => {
    const update = azure.aks.managedClusters.createOrUpdate("rg1", "c1", smallCluster({ tags: { team: "a" } }), {
      updateIntervalInMs: 1,
    });
    await update.submitted();
    expect((await get("c1")).provisioningState).toBe("Updating");
    azure.emulator.advance(200);
    expect(await update.pollUntilDone()).toMatchObject({ provisioningState: "Succeeded", tags: { team: "a" } });
  });

  test("is listed by subscription and by group", async () => {
    const names = async (clusters: AsyncIterable<{ name?: string }>): Promise<(string | undefined)[]> => {
      const all: (string | undefined)[] = [];
      for await (const { name } of clusters) all.push(name);
      return all;
    };
    expect(await names(azure.aks.managedClusters.list())).toEqual(["c1"]);
    expect(await names(azure.aks.managedClusters.listByResourceGroup("RG1"))).toEqual(["c1"]);
  });

  test("has nothing to abort", async () => {
    expect(await errorOf(azure.aks.managedClusters.abortLatestOperation("rg1", "c1"))).toMatchObject({
      statusCode: 409,
      code: "OperationNotAllowed",
    });
  });

  test("deleted twice goes once; deleting what is not there is no error", async () => {
    await azure.aks.managedClusters.delete("rg1", "c1").submitted();
    await azure.aks.managedClusters.delete("rg1", "c1").submitted();
    azure.emulator.advance(300);
    await azure.aks.managedClusters.delete("rg1", "c1").submitted();
    expect((await azure.requests()).filter(({ method, effective }) => method === "DELETE" && effective)).toHaveLength(
      1,
    );
  });
});
