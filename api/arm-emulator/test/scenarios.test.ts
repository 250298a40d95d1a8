import { AuthorizationManagementClient } from "@azure/arm-authorization";
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
import { ANY_CREDENTIAL, loopbackHttpClient } from "./loopback.ts";

let azure: Azure;

beforeEach(async () => {
  azure = await startAzure();
  await azure.makeGroup("rg1");
});
afterEach(() => azure.stop());

const get = () => azure.aks.managedClusters.get("rg1", "c1");
const stateOf = async (): Promise<string> => (await get()).provisioningState ?? "";

describe("fates that AKS decides at once", () => {
  test("quota-exceeded: the real flat answer, and no cluster", async () => {
    await azure.scenario("C1", "quota-exceeded");
    expect(await errorOf(submitCreate(azure, "c1"))).toMatchObject({
      statusCode: 400,
      code: "ErrCode_InsufficientVCPUQuota",
      message: expect.stringContaining("left regional vcpu quota 8, requested quota 10."),
    });
    expect((await errorOf(get())).statusCode).toBe(404);
  });

  test("sku-not-allowed: names the size, the location and what there is instead", async () => {
    await azure.scenario("c1", "sku-not-allowed");
    const error = await errorOf(submitCreate(azure, "c1"));
    expect(error).toMatchObject({ statusCode: 400, code: "BadRequest" });
    expect(error.message).toMatch(
      /^The VM size of Standard_D2s_v3 is not allowed in your subscription in location 'westeurope'\. The available/,
    );
    expect(error.message).not.toMatch(/'[^']*standard_d2s_v3[,']/);
  });
});

describe("fates of a cluster that is being made", () => {
  test("pool-fails: the user pool fails and says why, then cluster and operation fail", async () => {
    await azure.scenario("c1", "pool-fails");
    const { poller } = await submitCreate(azure, "c1");
    const seen = new Set<string>();
    for (let seconds = 0; seconds < CREATE_SECONDS; seconds += 5) {
      azure.emulator.advance(5);
      const cluster = await get();
      seen.add([cluster.provisioningState, ...poolStates(cluster)].join(" "));
    }
    expect([...seen]).toContain("Creating systempool:Succeeded apps:Failed");
    const cluster = await get();
    expect([cluster.provisioningState, ...poolStates(cluster)]).toEqual([
      "Failed",
      "systempool:Succeeded",
      "apps:Failed",
    ]);
    expect(cluster.agentPoolProfiles?.[1]?.status?.provisioningError?.code).toBe("CreateVMSSAgentPoolFailed");
    expect((await errorOf(poller.pollUntilDone())).message).toContain("CreateVMSSAgentPoolFailed");
  });

  test("stuck: still Creating after two hours, until somebody aborts it", async () => {
    await azure.scenario("c1", "stuck");
    await submitCreate(azure, "c1");
    azure.emulator.advance(7200);
    expect([await stateOf(), ...poolStates(await get())]).toEqual(["Creating", "systempool:Creating", "apps:Creating"]);
    await azure.aks.managedClusters.abortLatestOperation("rg1", "c1").submitted();
    azure.emulator.advance(60);
    expect(await stateOf()).toBe("Canceled");
  });

  test("slow: three times as long as usual, and then it succeeds", async () => {
    await azure.scenario("c1", "slow");
    await submitCreate(azure, "c1");
    azure.emulator.advance(1450);
    expect(await stateOf()).toBe("Creating");
    azure.emulator.advance(360);
    expect(await stateOf()).toBe("Succeeded");
  });

  test("failed-then-succeeded: fails with its operation, and two minutes later stands after all", async () => {
    await azure.scenario("c1", "failed-then-succeeded");
    const { poller } = await submitCreate(azure, "c1");
    while ((await stateOf()) === "Creating") azure.emulator.advance(10);
    expect(await stateOf()).toBe("Failed");
    expect((await errorOf(poller.pollUntilDone())).message).toContain("ZonalAllocationFailed");
    azure.emulator.advance(130);
    expect([await stateOf(), ...poolStates(await get())]).toEqual([
      "Succeeded",
      "systempool:Succeeded",
      "apps:Succeeded",
    ]);
  });

  test("failed-then-succeeded: a second create of the same name goes well the first time", async () => {
    await azure.scenario("c1", "failed-then-succeeded");
    await submitCreate(azure, "c1");
    azure.emulator.advance(CREATE_SECONDS - 30);
    await azure.aks.managedClusters.delete("rg1", "c1").submitted();
    azure.emulator.advance(300);
    await submitCreate(azure, "c1");
    azure.emulator.advance(CREATE_SECONDS);
    expect(await stateOf()).toBe("Succeeded");
  });

  test("canceled-outside: somebody else aborts it half way", async () => {
    await azure.scenario("c1", "canceled-outside");
    const { poller } = await submitCreate(azure, "c1");
    azure.emulator.advance(CREATE_SECONDS);
    expect(await stateOf()).toBe("Canceled");
    expect((await errorOf(poller.pollUntilDone())).message).toContain("canceled");
  });

  test("deleted-outside: somebody else deletes it half way", async () => {
    await azure.scenario("c1", "deleted-outside");
    await submitCreate(azure, "c1");
    const seen = new Set<string>();
    for (let seconds = 0; seconds < CREATE_SECONDS; seconds += 10) {
      azure.emulator.advance(10);
      seen.add(await stateOf().catch((error: { code: string }) => error.code));
    }
    expect([...seen]).toEqual(["Creating", "Deleting", "ResourceNotFound"]);
  });
});

describe("what somebody else does to a cluster that stands", () => {
  test.each([
    { scenario: "deleted-outside", state: "Deleting" },
    { scenario: "canceled-outside", state: "Succeeded" },
  ])("$scenario begins at once: $state", async ({ scenario, state }) => {
    await submitCreate(azure, "c1");
    azure.emulator.advance(CREATE_SECONDS);
    await azure.scenario("c1", scenario);
    expect(await stateOf()).toBe(state);
  });

  test("canceled-outside aborts the create that runs", async () => {
    await submitCreate(azure, "c1");
    await azure.scenario("c1", "canceled-outside");
    expect(await stateOf()).toBe("Canceling");
  });
});

describe("role assignments of the kubelet", () => {
  const ACR_PULL = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`;

  async function assign(): Promise<unknown> {
    const { roleAssignments } = new AuthorizationManagementClient(ANY_CREDENTIAL, SUBSCRIPTION, {
      httpClient: loopbackHttpClient(azure.emulator.url),
    });
    const principalId = (await get()).identityProfile?.["kubeletidentity"]?.objectId ?? "";
    return roleAssignments.create(
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg1`,
      "0f6b1a53-3d5c-4f39-9d8e-2f5f5b1c7a10",
      {
        principalId,
        roleDefinitionId: ACR_PULL,
        principalType: "ServicePrincipal",
      },
    );
  }

  async function make(scenario: string): Promise<void> {
    await azure.scenario("c1", scenario);
    await submitCreate(azure, "c1");
    while ((await stateOf()) === "Creating") azure.emulator.advance(5);
  }

  test("rbac-denied: AuthorizationFailed, however often", async () => {
    await make("rbac-denied");
    for (const _try of [1, 2])
      expect(await errorOf(assign())).toMatchObject({ statusCode: 403, code: "AuthorizationFailed" });
  });

  test("principal-not-found-at-first: PrincipalNotFound for some seconds, then it works", async () => {
    await make("principal-not-found-at-first");
    expect(await errorOf(assign())).toMatchObject({ statusCode: 400, code: "PrincipalNotFound" });
    azure.emulator.advance(30);
    expect(await assign()).toMatchObject({ roleDefinitionId: ACR_PULL });
  });

  test("of a cluster without a fate work at once", async () => {
    await make("slow");
    expect(await assign()).toMatchObject({ roleDefinitionId: ACR_PULL });
  });
});

test("a create that was refused by a scenario can be asked for again under another name", async () => {
  await azure.scenario("c1", "quota-exceeded");
  await errorOf(submitCreate(azure, "c1"));
  await submitCreate(azure, "c2", smallCluster({ dnsPrefix: "c2" }));
  expect((await azure.aks.managedClusters.get("rg1", "c2")).provisioningState).toBe("Creating");
});
