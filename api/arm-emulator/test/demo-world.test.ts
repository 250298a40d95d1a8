import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { afterEach, describe, expect, test } from "vitest";
import { SANDBOX_SUBSCRIPTION } from "../emulated-subscriptions.ts";
import { DEMO } from "../seed/demo-names.ts";
import { smallCluster, startAzure } from "./azure.ts";
import type { Azure } from "./azure.ts";
import { ANY_CREDENTIAL, loopbackHttpClient } from "./loopback.ts";

let azure: Azure;

afterEach(() => azure.stop());

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("the demo world", () => {
  test("has a running, a stopped and a failed cluster, and the failed one says why", async () => {
    azure = await startAzure({ seed: "demo" });
    const clusters = await collect(azure.aks.managedClusters.list());
    expect(
      clusters.map(({ name, provisioningState, powerState, agentPoolProfiles }) => ({
        name,
        state: provisioningState,
        power: powerState?.code,
        pools: agentPoolProfiles?.map((pool) => `${pool.name} ${pool.mode} ${pool.count} ${pool.provisioningState}`),
      })),
    ).toEqual([
      {
        name: "data-lab",
        state: "Failed",
        power: "Running",
        pools: ["systempool System 2 Succeeded", "gpu User 1 Failed"],
      },
      {
        name: "shop-dev",
        state: "Succeeded",
        power: "Stopped",
        pools: ["systempool System 1 Succeeded", "apps User 2 Succeeded"],
      },
      {
        name: "shop-prod",
        state: "Succeeded",
        power: "Running",
        pools: ["systempool System 3 Succeeded", "apps User 5 Succeeded"],
      },
    ]);
    expect(clusters[0]?.status?.provisioningError).toMatchObject({
      code: "ZonalAllocationFailed",
      message: expect.stringContaining("Standard_NC4as_T4_v3") as unknown,
    });
  });

  test("has a resource group for each cluster, for its nodes and for the registry", async () => {
    azure = await startAzure({ seed: "demo" });
    expect((await collect(azure.groups.list())).map(({ name }) => name)).toEqual([
      "data-lab-neu",
      "MC_data-lab-neu_data-lab_northeurope",
      "MC_shop-dev-weu_shop-dev_westeurope",
      "MC_shop-prod-weu_shop-prod_westeurope",
      "shared-weu",
      "shop-dev-weu",
      "shop-prod-weu",
    ]);
  });

  test("takes a cluster of 100 vCPUs in westeurope, and the sandbox takes none of that size", async () => {
    azure = await startAzure({ seed: "demo" });
    const large = smallCluster({
      agentPoolProfiles: [
        { name: "systempool", mode: "System", count: 25, vmSize: "Standard_D4s_v3", osType: "Linux" },
      ],
    });
    const poller = azure.aks.managedClusters.createOrUpdate(DEMO.registry.resourceGroup, "large", large);
    await poller.submitted();
    const sandbox = `/subscriptions/${SANDBOX_SUBSCRIPTION.subscriptionId}/resourceGroups/experiments`;
    const response = await fetch(
      `${azure.emulator.url}${sandbox}/providers/Microsoft.ContainerService/managedClusters/large?api-version=2026-03-01`,
      {
        method: "PUT",
        headers: { authorization: "Bearer any" },
        body: JSON.stringify({
          location: "westeurope",
          properties: { dnsPrefix: "large", agentPoolProfiles: large.agentPoolProfiles },
        }),
      },
    );
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 400,
      body: {
        code: "BadRequest",
        message: expect.stringContaining("The VM size of Standard_D4s_v3 is not allowed") as unknown,
      },
    });
  });
});

describe("the empty world", () => {
  test("has the subscriptions with all that may be deployed, and no resource", async () => {
    azure = await startAzure({ seed: "empty" });
    const { body } = await azure.control("GET", "state");
    expect(body).toMatchObject({ resources: [], operations: [] });
    const registries = new ContainerRegistryManagementClient(ANY_CREDENTIAL, DEMO.subscriptionId, {
      httpClient: loopbackHttpClient(azure.emulator.url),
    });
    expect(await collect(registries.registries.list())).toEqual([]);
    expect((await azure.aks.managedClusters.listKubernetesVersions("westeurope")).values).toHaveLength(6);
  });

  test("is left for the demo world by a reset, and the other way round", async () => {
    azure = await startAzure({ seed: "empty" });
    await azure.control("POST", "reset", { seed: "demo" });
    expect(await collect(azure.aks.managedClusters.list())).toHaveLength(3);
    await azure.control("POST", "reset", { seed: "empty" });
    expect(await collect(azure.groups.list())).toEqual([]);
  });
});
