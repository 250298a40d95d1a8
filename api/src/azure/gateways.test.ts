import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ArmOperationLook, ClusterSpec } from "../clusters/aks-gateway.ts";
import type { ClusterRef } from "../clusters/cluster.ts";
import { AzureError, UntrustedOperationError } from "../shared/azure-error.ts";
import { createAzureTime } from "../shared/azure-time.ts";
import { createAzureGateways } from "./azure-gateways.ts";
import type { AzureRequestFacts } from "./azure-http-client.ts";
import { startEmulatedAzure } from "./emulated-azure.fixture.ts";
import type { EmulatedAzure } from "./emulated-azure.fixture.ts";
import { describeAzureGateways } from "./gateways.contract.ts";

describeAzureGateways("the emulator", async () => {
  const azure = await startEmulatedAzure();
  return {
    gateways: azure.gateways,
    freshGateways: azure.freshGateways,
    location: "westeurope",
    vmSize: "Standard_D2s_v3",
    pass: async (seconds) => azure.advance(seconds),
    stop: azure.stop,
  };
});

describe("gateways when Azure fails", () => {
  let azure: EmulatedAzure;
  let subscriptionId: string;
  let clusterNumber = 0;
  const resourceGroup = "faulty";

  beforeAll(async () => {
    azure = await startEmulatedAzure();
    subscriptionId = (await azure.gateways.catalogue.listSubscriptions())[0]?.subscriptionId ?? "";
    await azure.gateways.resourceGroups.createResourceGroup(subscriptionId, {
      name: resourceGroup,
      location: "westeurope",
      tags: {},
    });
    azure.advance(60);
  });
  afterAll(() => azure.stop());
  beforeEach(async () => {
    await azure.control("DELETE faults");
    await azure.requests();
  });

  const freshRef = (): ClusterRef => ({ subscriptionId, resourceGroup, name: `cluster${++clusterNumber}` });
  const spec = (owner = "mine"): ClusterSpec => ({
    location: "westeurope",
    dnsPrefix: "faulty",
    kubernetesVersion: undefined,
    tags: { "slipway-provision": owner },
    nodePools: [{ name: "systempool", mode: "SYSTEM", vmSize: "Standard_D2s_v3", count: 1 }],
  });
  const fault = (match: object, then: object, times = 1) => azure.control("POST faults", { match, then, times });
  const PUT_CLUSTER = { operation: "managedClusters.createOrUpdate" };
  const POLL = { operation: "operations.get" };

  const look = (state: string, gateways = azure.gateways): Promise<ArmOperationLook> =>
    gateways.aks.lookAtOperation(subscriptionId, state);
  const lookUntilDone = async (state: string): Promise<ArmOperationLook> => {
    for (let current = state; ; azure.advance(60)) {
      const seen = await look(current);
      if (seen.status !== "running") return seen;
      current = seen.state;
    }
  };

  it("say lost-reply when a create took effect and its reply got lost, and send it once", async () => {
    const ref = freshRef();
    await fault(PUT_CLUSTER, { dropConnection: "after" });
    expect(await refusal(azure.gateways.aks.submitCluster(ref, spec()))).toMatchObject({
      kind: "lost-reply",
      status: undefined,
    });
    expect((await azure.requests()).filter(({ method }) => method === "PUT")).toMatchObject([{ effective: true }]);
    expect((await azure.gateways.aks.getCluster(ref))?.tags).toEqual({ "slipway-provision": "mine" });
    expect(await refusal(azure.gateways.aks.submitCluster(ref, spec()))).toMatchObject({
      kind: "conflict",
      status: 412,
    });
  });

  it("say lost-reply for a write whose connection broke, transient for a read", async () => {
    const ref = freshRef();
    await fault({ path: `/${ref.name}\\?` }, { dropConnection: "before" }, 2);
    expect(await refusal(azure.gateways.aks.submitCluster(ref, spec()))).toMatchObject({ kind: "lost-reply" });
    expect(await refusal(azure.gateways.aks.getCluster(ref))).toMatchObject({ kind: "transient" });
    expect(await azure.gateways.aks.getCluster(ref)).toBeUndefined();
  });

  it("say transient and when to try again when Azure throttles, and don't try again themselves", async () => {
    const ref = freshRef();
    await fault(PUT_CLUSTER, { throttle: { retryAfterSeconds: 17 } });
    expect(await refusal(azure.gateways.aks.submitCluster(ref, spec()))).toMatchObject({
      kind: "transient",
      code: "SubscriptionRequestsThrottled",
      status: 429,
      retryAfterMs: 17_000,
      correlationId: expect.any(String),
    });
    await fault(
      { operation: "managedClusters.get" },
      {
        status: 503,
        headers: { "retry-after": "2" },
        body: { error: { code: "ServiceUnavailable", message: "Later." } },
      },
    );
    expect(await refusal(azure.gateways.aks.getCluster(ref))).toMatchObject({
      kind: "transient",
      status: 503,
      retryAfterMs: 2_000,
    });
    expect(await azure.requests()).toHaveLength(2);
  });

  it("say transient when nothing listens", async () => {
    const stopped = await startEmulatedAzure();
    await stopped.stop();
    expect(await refusal(stopped.gateways.aks.getCluster(freshRef()))).toMatchObject({
      kind: "transient",
      code: "ECONNREFUSED",
    });
    expect(await refusal(stopped.gateways.aks.submitCluster(freshRef(), spec()))).toMatchObject({
      kind: "transient",
      code: "ECONNREFUSED",
    });
  });

  it("refuse a create with Azure's own reason", async () => {
    const ref = freshRef();
    await azure.control("POST scenarios", { cluster: ref.name, scenario: "quota-exceeded" });
    const refused = await refusal(azure.gateways.aks.submitCluster(ref, spec()));
    expect(refused).toMatchObject({ kind: "permanent", code: "ErrCode_InsufficientVCPUQuota", status: 400 });
    expect(refused.message).toContain("Insufficient regional vcpu quota");
  });

  it("keep the details of a refused create, which the SDK drops", async () => {
    const body = {
      error: {
        code: "InvalidTemplateDeployment",
        message: "m",
        details: [{ code: "QuotaExceeded", message: "d", target: "t" }],
      },
    };
    await fault(PUT_CLUSTER, { status: 400, body });
    expect((await refusal(azure.gateways.aks.submitCluster(freshRef(), spec()))).body).toEqual(body.error);
  });

  it("give the whole error of an operation that failed, also from another process", async () => {
    const ref = freshRef();
    const { state } = await azure.gateways.aks.submitCluster(ref, spec());
    const error = {
      code: "QuotaExceeded",
      message: "Create or update VMSS failed.",
      details: [{ code: "OperationNotAllowed", message: "Current Limit: 10", target: "systempool" }],
    };
    await fault(POLL, { status: 200, body: { name: "1", status: "Failed", error } }, 2);
    expect(await look(state)).toEqual({ status: "failed", error });
    expect(await look(state, azure.freshGateways())).toEqual({ status: "failed", error });
  });

  it("report a scripted failure of a pool with the reason of the pool", async () => {
    const ref = freshRef();
    await azure.control("POST scenarios", { cluster: ref.name, scenario: "pool-fails" });
    const seen = await lookUntilDone((await azure.gateways.aks.submitCluster(ref, spec())).state);
    expect(seen.status).toBe("failed");
    expect(seen.status === "failed" && seen.error.message).not.toBe("");
    const cluster = await azure.gateways.aks.getCluster(ref);
    expect(cluster?.provisioningState).toBe("Failed");
    expect(cluster?.nodePools.map((pool) => pool.provisioningState)).toContain("Failed");
  });

  it("report an operation that was canceled by somebody else", async () => {
    const ref = freshRef();
    await azure.control("POST scenarios", { cluster: ref.name, scenario: "canceled-outside" });
    expect(await lookUntilDone((await azure.gateways.aks.submitCluster(ref, spec())).state)).toEqual({
      status: "canceled",
    });
  });

  it.each<[string, object, object]>([
    ["a broken connection", { dropConnection: "before" }, { kind: "transient" }],
    ["a throttled look", { throttle: true }, { kind: "transient", status: 429 }],
    [
      "a failing Azure",
      { status: 500, body: { error: { code: "InternalServerError", message: "m" } } },
      { kind: "transient", status: 500 },
    ],
    [
      "an operation that Azure does not know",
      { status: 404, body: { error: { code: "NotFound", message: "m" } } },
      { kind: "not-found", status: 404 },
    ],
    [
      "an operation that is gone",
      { status: 410, body: { error: { code: "Gone", message: "m" } } },
      { kind: "not-found", status: 410 },
    ],
    [
      "a missing right",
      { status: 403, body: { error: { code: "AuthorizationFailed", message: "m" } } },
      { kind: "forbidden", status: 403 },
    ],
  ])("leave the stored state good after %s", async (_, then, expected) => {
    const { state } = await azure.gateways.aks.submitCluster(freshRef(), spec());
    await fault(POLL, then);
    expect(await refusal(look(state))).toMatchObject(expected);
    expect(await look(state)).toMatchObject({ status: "running" });
    expect(await lookUntilDone(state)).toEqual({ status: "succeeded" });
  });

  it("leave the stored state good after an aborted look, and pass the abort on", async () => {
    const { state } = await azure.gateways.aks.submitCluster(freshRef(), spec());
    await expect(azure.gateways.aks.lookAtOperation(subscriptionId, state, AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
    const inFlight = new AbortController();
    await fault(POLL, { delayMs: 500 });
    setImmediate(() => inFlight.abort());
    await expect(azure.gateways.aks.lookAtOperation(subscriptionId, state, inFlight.signal)).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(await look(state)).toMatchObject({ status: "running" });
  });

  it("report success though the SDK fails to read the finished cluster", async () => {
    const { state } = await azure.gateways.aks.submitCluster(freshRef(), spec());
    azure.advance(3_600);
    await fault(
      { operation: "managedClusters.get" },
      { status: 404, body: { error: { code: "ResourceNotFound", message: "m" } } },
    );
    expect(await look(state)).toEqual({ status: "succeeded" });
  });

  it("look with one request while the operation runs", async () => {
    const { state } = await azure.gateways.aks.submitCluster(freshRef(), spec());
    await azure.requests();
    await look(state);
    expect(await azure.requests()).toMatchObject([{ method: "GET", path: expect.stringContaining("/operations/") }]);
  });

  it.each<[string, (url: string) => string]>([
    ["a foreign host", (url) => url.replace("management.azure.com", "evil.example")],
    [
      "a foreign host that ends alike",
      (url) => url.replace("management.azure.com", "management.azure.com.evil.example"),
    ],
    ["an unencrypted address", (url) => url.replace("https:", "http:")],
    ["no address", () => "nowhere"],
  ])("refuse a stored state that points to %s, and send nothing", async (_, change) => {
    const state = JSON.parse((await azure.gateways.aks.submitCluster(freshRef(), spec())).state) as {
      state: { config: Record<string, string> };
    };
    await azure.requests();
    for (const name of ["operationLocation", "resourceLocation", "initialRequestUrl"]) {
      const config = { ...state.state.config, [name]: change(state.state.config[name] ?? "") };
      await expect(look(JSON.stringify({ state: { ...state.state, config } }))).rejects.toBeInstanceOf(
        UntrustedOperationError,
      );
    }
    await expect(look("{}")).rejects.toBeInstanceOf(UntrustedOperationError);
    await expect(look("not json")).rejects.toBeInstanceOf(UntrustedOperationError);
    expect(await azure.requests()).toEqual([]);
  });

  it("refuse to be led to a foreign host by an answer, and keep the stored state good", async () => {
    const { state } = await azure.gateways.aks.submitCluster(freshRef(), spec());
    const headers = { "azure-asyncoperation": "https://evil.example/operations/1" };
    await fault(POLL, { status: 200, headers, body: { name: "1", status: "InProgress" } });
    await expect(look(state)).rejects.toBeInstanceOf(UntrustedOperationError);
    expect(await look(state)).toMatchObject({ status: "running", state: expect.not.stringContaining("evil.example") });
  });

  it("say transient while Microsoft Entra does not know a new identity, and forbidden without the right", async () => {
    const ref = freshRef();
    await azure.control("POST scenarios", { cluster: ref.name, scenario: "principal-not-found-at-first" });
    const denied = freshRef();
    await azure.control("POST scenarios", { cluster: denied.name, scenario: "rbac-denied" });
    expect(await assignOnceReady(ref)).toMatchObject({ kind: "transient", code: "PrincipalNotFound", status: 400 });
    expect(await assignOnceReady(denied)).toMatchObject({
      kind: "forbidden",
      code: "AuthorizationFailed",
      status: 403,
    });
    azure.advance(120);
    expect(await assign(ref)).toBe("created");
  });

  it("offer the sizes that a restricted subscription can't have with Azure's reason", async () => {
    const [, tight] = await azure.gateways.catalogue.listSubscriptions();
    const sizes = await azure.gateways.catalogue.listVmSizes(tight?.subscriptionId ?? "", "westeurope");
    expect(
      sizes.filter(({ restriction }) => restriction !== undefined).map(({ restriction }) => restriction),
    ).toContain("NotAvailableForSubscription");
    expect(sizes.some(({ restriction }) => restriction === undefined)).toBe(true);
  });

  it("let a restriction of zones alone pass", async () => {
    const sku = (name: string, restrictions: object[]) => ({
      resourceType: "virtualMachines",
      name,
      family: "f",
      locations: ["westeurope"],
      capabilities: [
        { name: "vCPUs", value: "2" },
        { name: "MemoryGB", value: "8" },
      ],
      locationInfo: [{ location: "westeurope", zones: ["3", "1", "2"] }],
      restrictions,
    });
    const zones = {
      type: "Zone",
      values: ["westeurope"],
      restrictionInfo: { locations: ["westeurope"], zones: ["2", "3"] },
      reasonCode: "NotAvailableForSubscription",
    };
    const here = {
      type: "Location",
      values: ["WestEurope"],
      restrictionInfo: { locations: ["WestEurope"] },
      reasonCode: "QuotaId",
    };
    const elsewhere = { ...here, values: ["eastus"] };
    const value = [
      sku("Zones", [zones]),
      sku("Both", [zones, here]),
      sku("Elsewhere", [elsewhere]),
      { ...sku("Disk", []), resourceType: "disks" },
    ];
    await fault({ operation: "resourceSkus.list" }, { status: 200, body: { value } });
    const size = { family: "f", vCpus: 2, memoryGb: 8, restriction: undefined };
    const partly = { ...size, zones: ["1"], zoneRestriction: "NotAvailableForSubscription" };
    expect(await azure.gateways.catalogue.listVmSizes(subscriptionId, "westeurope")).toEqual([
      { ...partly, name: "Zones" },
      { ...partly, name: "Both", restriction: "QuotaId" },
      { ...size, name: "Elsewhere", zones: ["1", "2", "3"], zoneRestriction: undefined },
    ]);
  });

  it("follow the emulator's speed", async () => {
    await azure.control("PUT clock", { speed: 20 });
    await azure.gateways.catalogue.listSubscriptions();
    expect(azure.azureTime.scale()).toBe(20);
    await azure.control("PUT clock", { speed: 0 });
    await azure.gateways.catalogue.listSubscriptions();
    expect(azure.azureTime.toRealMs(3_600_000)).toBe(250);
  });

  it("report each request with Azure's ids of it, and what is left of Azure's limits", async () => {
    const facts: AzureRequestFacts[] = [];
    const gateways = createAzureGateways({
      mode: "emulator",
      emulatorUrl: azure.url,
      azureTime: createAzureTime(1),
      onRequest: (fact) => facts.push(fact),
    });
    await gateways.aks.getCluster(freshRef());
    await gateways.acr.listRegistries(subscriptionId);
    const ofAzure = {
      durationMs: expect.any(Number),
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      correlationId: expect.stringMatching(/^[\da-f-]{36}$/),
    };
    expect(facts).toEqual([
      { operation: "GET microsoft.containerservice/managedclusters", status: 404, ...ofAzure },
      { operation: "GET microsoft.containerregistry/registries", status: 200, ...ofAzure },
    ]);
    expect(gateways.rateLimits()).toContainEqual(
      expect.objectContaining({ subscriptionId, remaining: expect.any(Number) }),
    );
  });

  it.each([
    "http://10.0.0.1:4100",
    "https://127.0.0.1:4100",
    "http://emulator:4100",
    "http://localhost.evil.example",
    "nowhere",
  ])("refuse an emulator that is not on this machine: %s", (emulatorUrl) => {
    expect(() => createAzureGateways({ mode: "emulator", emulatorUrl, azureTime: createAzureTime(1) })).toThrow(
      RangeError,
    );
  });

  async function assign(ref: ClusterRef): Promise<"created" | "exists"> {
    const cluster = await azure.gateways.aks.getCluster(ref);
    return azure.gateways.roleAssignments.assignRole({
      subscriptionId,
      scope: cluster?.armId ?? "",
      roleId: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
      principalId: cluster?.kubeletObjectId ?? "",
      name: randomUUID(),
    });
  }

  async function assignOnceReady(ref: ClusterRef): Promise<AzureError> {
    let { state } = await azure.gateways.aks.submitCluster(ref, spec());
    for (;;) {
      const seen = await look(state);
      if (seen.status !== "running") break;
      state = seen.state;
      azure.advance(5);
    }
    return refusal(assign(ref));
  }
});

async function refusal(promise: Promise<unknown>): Promise<AzureError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AzureError))
    throw new Error(`Expected Azure to refuse, got ${String(error)}.`, { cause: error });
  return error;
}
