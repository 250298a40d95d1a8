import type { ManagedCluster } from "@azure/arm-containerservice";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorOf, smallCluster, startAzure, submitCreate, SUBSCRIPTION, type Azure } from "./azure.ts";

let azure: Azure;

beforeAll(async () => {
  azure = await startAzure();
  await azure.makeGroup("rg1");
});
// AKS takes one PUT of a cluster a minute, after the first twenty.
beforeEach(() => azure.emulator.advance(60));
afterAll(() => azure.stop());

const pool = (changes: object = {}) => ({
  name: "sys",
  mode: "System",
  count: 1,
  vmSize: "Standard_D2s_v3",
  ...changes,
});
const pools = (...agentPoolProfiles: object[]): Partial<ManagedCluster> => ({
  agentPoolProfiles: agentPoolProfiles as never,
});

async function call(method: string, path: string, options: { body?: string; headers?: Record<string, string> } = {}) {
  const response = await fetch(azure.emulator.url + path, {
    method,
    headers: { authorization: "Bearer x", ...options.headers },
    ...(options.body !== undefined && { body: options.body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
  };
}

const clusterPath = (name: string, group = "rg1"): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}?api-version=2026-03-01`;

describe("AKS refuses", () => {
  test.each<{ what: string; name?: string; changes: Partial<ManagedCluster>; code: string; message: string }>([
    {
      what: "a name that ends in a hyphen",
      name: "bad-",
      changes: {},
      code: "InvalidParameter",
      message: "parameter name is invalid",
    },
    {
      what: "a name of 64 characters",
      name: "a".repeat(64),
      changes: {},
      code: "InvalidParameter",
      message: "1 to 63 characters",
    },
    {
      what: "a reserved name",
      name: "azure",
      changes: {},
      code: "InvalidParameter",
      message: "because it is reserved",
    },
    { what: "a DNS prefix with a dot", changes: { dnsPrefix: "a.b" }, code: "InvalidParameter", message: "dnsPrefix" },
    { what: "no pool", changes: pools(), code: "MustDefineAtLeastOneSystemPool", message: "at least one system pool" },
    {
      what: "no system pool",
      changes: pools(pool({ mode: "User" })),
      code: "MustDefineAtLeastOneSystemPool",
      message: "at least one system pool",
    },
    {
      what: "a pool name with a capital",
      changes: pools(pool({ name: "Sys" })),
      code: "InvalidParameter",
      message: "agentPoolProfile.name",
    },
    {
      what: "a pool name of 13 characters",
      changes: pools(pool({ name: "a".repeat(13) })),
      code: "InvalidParameter",
      message: "max length of 12",
    },
    {
      what: "a Windows pool name of 7 characters",
      changes: pools(pool(), pool({ name: "windows", mode: "User", osType: "Windows" })),
      code: "InvalidParameter",
      message: "max length of 6",
    },
    {
      what: "the same pool name twice",
      changes: pools(pool(), pool()),
      code: "InvalidParameter",
      message: "more than once",
    },
    {
      what: "a system pool without nodes",
      changes: pools(pool({ count: 0 })),
      code: "InvalidParameter",
      message: "count was 0. It must be greater or equal to minCount:1",
    },
    { what: "1001 nodes", changes: pools(pool({ count: 1001 })), code: "InvalidParameter", message: "maxCount:1000" },
    {
      what: "a count outside the autoscaler's bounds",
      changes: pools(pool({ count: 5, enableAutoScaling: true, minCount: 1, maxCount: 4 })),
      code: "InvalidParameter",
      message: "count was 5. It must be greater or equal to minCount:1 and less than or equal to maxCount:4",
    },
    {
      what: "an autoscaler whose bounds are the wrong way round",
      changes: pools(pool({ count: 2, enableAutoScaling: true, minCount: 4, maxCount: 2 })),
      code: "InvalidParameter",
      message: "maxCount was 2",
    },
    {
      what: "a version that is not there",
      changes: { kubernetesVersion: "1.99.9" },
      code: "K8sVersionNotSupported",
      message: "Version 1.99.9 is not supported",
    },
    {
      what: "a version with long-term support only",
      changes: { kubernetesVersion: "1.32" },
      code: "K8sVersionNotSupported",
      message: "Long-Term Support",
    },
    {
      what: "a size that does not exist",
      changes: pools(pool({ vmSize: "Standard_X1" })),
      code: "BadRequest",
      message:
        "The VM size of Standard_X1 is not allowed in your subscription in location 'westeurope'. The available VM sizes are 'standard_b2s,",
    },
    {
      what: "a size that is restricted",
      changes: pools(pool({ vmSize: "Standard_NC24ads_A100_v4" })),
      code: "BadRequest",
      message: "is not allowed in your subscription",
    },
    {
      what: "more of a family than its quota",
      changes: pools(pool({ count: 11, vmSize: "Standard_F2s_v2" })),
      code: "ErrCode_InsufficientVCPUQuota",
      message: "requested 22, remaining 20 for family standardFSv2Family",
    },
    {
      what: "more than the quota of the region",
      changes: pools(pool({ count: 90 }), pool({ name: "b", count: 40, vmSize: "Standard_D2s_v5" })),
      code: "ErrCode_InsufficientVCPUQuota",
      message: "left regional vcpu quota 250, requested quota 260",
    },
    {
      what: "a node resource group name of 81 characters",
      changes: { nodeResourceGroup: "m".repeat(81) },
      code: "InvalidParameter",
      message: "maximum length is 80 and the length of the value provided is 81",
    },
  ])("$what, in its flat form, and nothing is made", async ({ name = "c1", changes, code, message }) => {
    const error = await errorOf(submitCreate(azure, name, smallCluster(changes)));
    expect(error).toMatchObject({ statusCode: 400, code, message: expect.stringContaining(message) });
    expect((await errorOf(azure.aks.managedClusters.get("rg1", "c1"))).statusCode).toBe(404);
  });

  test("flatly: code, details, message and subcode at the top", async () => {
    const { status, body } = await call("PUT", clusterPath("c1"), {
      body: JSON.stringify({ location: "westeurope", properties: { dnsPrefix: "x" } }),
    });
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        code: "MustDefineAtLeastOneSystemPool",
        details: null,
        message: "Must define at least one system pool.",
        subcode: "",
      },
    });
  });

  test.each(["wrong", '"quoted"'])("If-None-Match: %s", async (value) => {
    const answer = await call("PUT", clusterPath("c1"), { body: "{}", headers: { "if-none-match": value } });
    expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
  });

  test("the name of a cluster in another location", async () => {
    await submitCreate(azure, "placed");
    const elsewhere = await errorOf(submitCreate(azure, "placed", smallCluster({ location: "northeurope" })));
    expect(elsewhere).toMatchObject({ statusCode: 409, code: "InvalidResourceLocation" });
  });
});

describe("ARM refuses", () => {
  test.each([
    {
      what: "a call without a token",
      method: "GET",
      path: clusterPath("c1"),
      headers: { authorization: "" },
      status: 401,
      code: "AuthenticationFailed",
    },
    {
      what: "a call without an API version",
      method: "GET",
      path: clusterPath("c1").split("?")[0] ?? "",
      status: 400,
      code: "MissingApiVersionParameter",
    },
    {
      what: "an unknown subscription",
      method: "GET",
      path: "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups?api-version=1",
      status: 404,
      code: "SubscriptionNotFound",
    },
    {
      what: "an unknown group",
      method: "GET",
      path: clusterPath("c1", "nogroup"),
      status: 404,
      code: "ResourceGroupNotFound",
    },
    { what: "an unknown cluster", method: "GET", path: clusterPath("none"), status: 404, code: "ResourceNotFound" },
    {
      what: "an unknown namespace",
      method: "GET",
      path: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Nothing/things?api-version=1`,
      status: 404,
      code: "InvalidResourceNamespace",
    },
    {
      what: "an unknown type",
      method: "GET",
      path: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.ContainerService/fleets?api-version=1`,
      status: 404,
      code: "InvalidResourceType",
    },
    {
      what: "a method that the path has not",
      method: "POST",
      path: clusterPath("c1"),
      status: 405,
      code: "MethodNotAllowed",
    },
    {
      what: "a body that is no JSON",
      method: "PUT",
      path: clusterPath("c1"),
      body: "{",
      status: 400,
      code: "InvalidRequestContent",
    },
    {
      what: "a body that is no object",
      method: "PUT",
      path: clusterPath("c1"),
      body: "[]",
      status: 400,
      code: "InvalidRequestContent",
    },
    {
      what: "a cluster without a location",
      method: "PUT",
      path: clusterPath("c1"),
      body: "{}",
      status: 400,
      code: "LocationRequired",
    },
    {
      what: "a cluster in an unknown location",
      method: "PUT",
      path: clusterPath("c1"),
      body: '{"location":"moon"}',
      status: 400,
      code: "LocationNotAvailableForResourceType",
    },
    {
      what: "a path that can't be decoded",
      method: "GET",
      path: clusterPath("%ff"),
      status: 400,
      code: "InvalidResourceName",
    },
    {
      what: "5 MB of body",
      method: "PUT",
      path: clusterPath("c1"),
      body: " ".repeat(5_000_000),
      status: 413,
      code: "RequestContentTooLarge",
    },
  ])("$what, in its wrapped form", async ({ method, path, status, code, ...options }) => {
    const answer = await call(method, path, options);
    expect(answer).toMatchObject({ status, body: { error: { code, message: expect.stringMatching(/\w{3}/) } } });
  });

  test("marks what it answers itself, and every answer can be traced", async () => {
    const { headers } = await call("GET", clusterPath("none"), { headers: { "x-ms-client-request-id": "mine" } });
    expect(headers.get("x-ms-failure-cause")).toBe("gateway");
    expect(headers.get("x-ms-client-request-id")).toBe("mine");
    expect(headers.get("x-ms-request-id")).toMatch(/^[-0-9a-f]{36}$/);
    expect(headers.get("x-ms-correlation-request-id")).toMatch(/^[-0-9a-f]{36}$/);
    expect(headers.get("x-emulator-speed")).toBe("0");
  });
});

test("paths are read without regard to case and with doubled slashes", async () => {
  await azure.makeGroup("Mixed");
  const answer = await call(
    "GET",
    `//SUBSCRIPTIONS/${SUBSCRIPTION.toUpperCase()}/ResourceGroups/mIXED?api-version=2025-04-01`,
  );
  expect(answer).toMatchObject({ status: 200, body: { name: "Mixed" } });
});
