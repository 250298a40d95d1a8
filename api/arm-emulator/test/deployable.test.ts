import { ComputeManagementClient } from "@azure/arm-compute";
import type { ResourceSku } from "@azure/arm-compute";
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator } from "../emulator.ts";
import type { Emulator } from "../emulator.ts";
import { DEMO } from "../seed/demo-names.ts";
import { ANY_CREDENTIAL, loopbackHttpClient } from "./loopback.ts";

/** What Azure says before anything is made: who one is, where one may deploy what, and how much. By the real clients. */

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

function compute(subscriptionId: string): ComputeManagementClient {
  return new ComputeManagementClient(ANY_CREDENTIAL, subscriptionId, { httpClient: loopbackHttpClient(emulator.url) });
}

async function vmSkus(subscriptionId: string, location: string): Promise<Map<string | undefined, ResourceSku>> {
  const skus = await collect(compute(subscriptionId).resourceSkus.list({ filter: `location eq '${location}'` }));
  return new Map(skus.filter(({ resourceType }) => resourceType === "virtualMachines").map((sku) => [sku.name, sku]));
}

async function usages(subscriptionId: string, location: string): Promise<Map<string | undefined, string>> {
  const all = await collect(compute(subscriptionId).usage.list(location));
  return new Map(all.map(({ name, currentValue, limit }) => [name?.value, `${currentValue}/${limit}`]));
}

describe("subscriptions and locations", () => {
  const client = (): SubscriptionClient =>
    new SubscriptionClient(ANY_CREDENTIAL, { httpClient: loopbackHttpClient(emulator.url) });

  test("there are two subscriptions, the roomy one first", async () => {
    const all = await collect(client().subscriptions.list());
    expect(all.map(({ subscriptionId, displayName, state }) => ({ subscriptionId, displayName, state }))).toEqual([
      { subscriptionId: DEMO.subscriptionId, displayName: "Contoso Platform", state: "Enabled" },
      { subscriptionId: DEMO.sandboxSubscriptionId, displayName: "Contoso Sandbox", state: "Enabled" },
    ]);
  });

  test("a location comes with the name people read and its zones", async () => {
    const all = await collect(client().subscriptions.listLocations(DEMO.subscriptionId));
    expect(all.map(({ name }) => name)).toEqual([
      "eastus",
      "eastus2",
      "germanywestcentral",
      "northeurope",
      "swedencentral",
      "uksouth",
      "westeurope",
      "westus",
    ]);
    const westEurope = all.find(({ name }) => name === "westeurope");
    expect(westEurope).toMatchObject({
      displayName: "West Europe",
      regionalDisplayName: "(Europe) West Europe",
      metadata: { physicalLocation: "Netherlands", pairedRegion: [{ name: "northeurope" }] },
    });
    expect(westEurope?.availabilityZoneMappings).toHaveLength(3);
  });

  test("a subscription that isn't there is answered SubscriptionNotFound", async () => {
    await expect(client().subscriptions.get("00000000-0000-0000-0000-000000000000")).rejects.toMatchObject({
      statusCode: 404,
      code: "SubscriptionNotFound",
    });
  });
});

describe("sizes", () => {
  test("Standard_D2s_v3 and Standard_D4s_v3 can be deployed in westeurope by the first subscription", async () => {
    const skus = await vmSkus(DEMO.subscriptionId, "westeurope");
    for (const [name, vCpus] of [
      ["Standard_D2s_v3", "2"],
      ["Standard_D4s_v3", "4"],
    ]) {
      const sku = skus.get(name);
      expect(sku?.family).toBe("standardDSv3Family");
      expect(sku?.capabilities?.find((capability) => capability.name === "vCPUs")?.value).toBe(vCpus);
      expect(sku?.locationInfo?.[0]?.zones).toEqual(["1", "2", "3"]);
      expect(sku?.restrictions).toEqual([]);
    }
  });

  test.each([
    {
      what: "not at all, for want of capacity",
      subscriptionId: DEMO.sandboxSubscriptionId,
      size: "Standard_D2s_v3",
      restriction: {
        type: "Location",
        reasonCode: "NotAvailableForSubscription",
        restrictionInfo: { locations: ["westeurope"] },
      },
    },
    {
      what: "not at all, by the kind of subscription",
      subscriptionId: DEMO.sandboxSubscriptionId,
      size: "Standard_F2s_v2",
      restriction: { type: "Location", reasonCode: "QuotaId", restrictionInfo: { locations: ["westeurope"] } },
    },
    {
      what: "in some zones only",
      subscriptionId: DEMO.subscriptionId,
      size: "Standard_E8s_v5",
      restriction: {
        type: "Zone",
        reasonCode: "NotAvailableForSubscription",
        restrictionInfo: { locations: ["westeurope"], zones: ["2"] },
      },
    },
  ])("a restricted size says so: $what", async ({ subscriptionId, size, restriction }) => {
    const sku = (await vmSkus(subscriptionId, "westeurope")).get(size);
    expect(sku?.restrictions).toMatchObject([{ ...restriction, values: ["westeurope"] }]);
  });

  test("a location without zones offers its sizes without zones", async () => {
    const sku = (await vmSkus(DEMO.subscriptionId, "westus")).get("Standard_D2s_v3");
    expect(sku?.locationInfo?.[0]?.zones).toEqual([]);
  });

  test("without a filter the sizes of all locations come", async () => {
    const skus = await collect(compute(DEMO.subscriptionId).resourceSkus.list());
    expect(new Set(skus.flatMap(({ locations }) => locations)).size).toBe(8);
  });

  test("any other filter is refused", async () => {
    await expect(
      collect(compute(DEMO.subscriptionId).resourceSkus.list({ filter: "family eq 'x'" })),
    ).rejects.toMatchObject({
      statusCode: 400,
      code: "InvalidParameter",
    });
  });
});

describe("quota", () => {
  test("running clusters use it, by family and in all; at least 100 vCPUs of DSv3 are free in westeurope", async () => {
    const found = await usages(DEMO.subscriptionId, "westeurope");
    expect(found.get("cores")).toBe("26/250");
    expect(found.get("standardDSv3Family")).toBe("26/200");
  });

  test("a stopped cluster uses none", async () => {
    expect((await usages(DEMO.subscriptionId, "westeurope")).get("standardBSFamily")).toBe("0/100");
  });

  test("the sandbox has hardly any, and of some families none", async () => {
    const found = await usages(DEMO.sandboxSubscriptionId, "swedencentral");
    expect(found.get("cores")).toBe("0/4");
    expect(found.get("StandardNCADSA100v4Family")).toBe("0/0");
  });

  test("each family that a size of the location has is in the list", async () => {
    const families = [...(await vmSkus(DEMO.subscriptionId, "westeurope")).values()].map(({ family }) => family);
    const found = await usages(DEMO.subscriptionId, "westeurope");
    expect(families.filter((family) => !found.has(family))).toEqual([]);
  });

  test("an unknown location is answered as ARM does when it can't route", async () => {
    await expect(usages(DEMO.subscriptionId, "atlantis")).rejects.toMatchObject({
      statusCode: 400,
      code: "NoRegisteredProviderFound",
    });
  });
});

describe("Kubernetes versions", () => {
  async function versionsIn(location: string) {
    const client = new ContainerServiceClient(ANY_CREDENTIAL, DEMO.subscriptionId, {
      httpClient: loopbackHttpClient(emulator.url),
    });
    return (await client.managedClusters.listKubernetesVersions(location)).values ?? [];
  }

  test("one is the default, one a preview, and old ones need long-term support", async () => {
    const versions = await versionsIn("westeurope");
    const only = (pick: (version: (typeof versions)[number]) => unknown): unknown[] =>
      versions.filter(pick).map(({ version }) => version);
    expect(only(({ isDefault }) => isDefault)).toEqual(["1.35"]);
    expect(only(({ isPreview }) => isPreview)).toEqual(["1.37"]);
    expect(only(({ capabilities }) => !capabilities?.supportPlan?.includes("KubernetesOfficial"))).toEqual([
      "1.32",
      "1.33",
    ]);
  });

  test("each patch lists what a cluster on it can be upgraded to", async () => {
    const known = (await versionsIn("westeurope")).find(({ version }) => version === "1.35");
    expect(known?.patchVersions).toEqual({
      "1.35.1": { upgrades: ["1.35.3", "1.36.0", "1.36.1"] },
      "1.35.3": { upgrades: ["1.36.0", "1.36.1"] },
    });
  });

  test("new versions come later to some locations", async () => {
    expect((await versionsIn("westus")).map(({ version }) => version)).toEqual(["1.32", "1.33", "1.34", "1.35"]);
  });
});
