import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator } from "../emulator.ts";
import type { Emulator } from "../emulator.ts";
import { DEMO } from "../seed/demo-names.ts";
import { ANY_CREDENTIAL, loopbackHttpClient } from "./loopback.ts";

const registry = `/subscriptions/${DEMO.subscriptionId}/resourceGroups/${DEMO.registry.resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${DEMO.registry.name}`;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await createEmulator({ port: 0, speed: 0, seed: "demo" });
});

afterAll(() => emulator.stop());

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("registries", () => {
  const client = (subscriptionId: string): ContainerRegistryManagementClient =>
    new ContainerRegistryManagementClient(ANY_CREDENTIAL, subscriptionId, {
      httpClient: loopbackHttpClient(emulator.url),
    });

  test("the demo registry is the first and only one of its subscription and its resource group", async () => {
    const { registries } = client(DEMO.subscriptionId);
    const bySubscription = await collect(registries.list());
    expect(bySubscription.map(({ id, loginServer }) => ({ id, loginServer }))).toEqual([
      { id: registry, loginServer: "demoacr.azurecr.io" },
    ]);
    expect(await collect(registries.listByResourceGroup(DEMO.registry.resourceGroup))).toEqual(bySubscription);
    expect(await registries.get(DEMO.registry.resourceGroup, DEMO.registry.name)).toMatchObject({
      provisioningState: "Succeeded",
      sku: { name: "Standard" },
    });
    expect(await collect(client(DEMO.sandboxSubscriptionId).registries.list())).toEqual([]);
  });

  test("a registry that isn't there is answered ResourceNotFound", async () => {
    await expect(
      client(DEMO.subscriptionId).registries.get(DEMO.registry.resourceGroup, "noregistry"),
    ).rejects.toMatchObject({
      statusCode: 404,
      code: "ResourceNotFound",
    });
  });

  test.each([
    { name: "freename", answer: { nameAvailable: true } },
    {
      name: "DemoAcr",
      answer: { nameAvailable: false, reason: "AlreadyExists", message: "The registry DemoAcr is already in use." },
    },
    { name: "a-b", answer: { nameAvailable: false, reason: "Invalid" } },
  ])("the name $name is checked in the sandbox too", async ({ name, answer }) => {
    const { registries } = client(DEMO.sandboxSubscriptionId);
    const checked = await registries.checkNameAvailability({ name, type: "Microsoft.ContainerRegistry/registries" });
    expect(checked).toMatchObject(answer);
  });
});
