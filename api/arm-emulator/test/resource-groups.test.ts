import { restorePoller } from "@azure/arm-resources";
import { DefaultAzureCredential } from "@azure/identity";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { errorOf, startAzure, submitCreate, SUBSCRIPTION, type Azure } from "./azure.ts";

let azure: Azure;

beforeEach(async () => {
  azure = await startAzure();
});
afterEach(() => azure.stop());

const exists = async (name: string): Promise<boolean> => (await azure.groups.checkExistence(name)).body;

describe("a new resource group", () => {
  test("is not seen at first, by readers and providers alike, and then it is", async () => {
    await azure.groups.createOrUpdate("rg1", { location: "westeurope", tags: { team: "a" } });
    expect(await exists("rg1")).toBe(false);
    expect((await errorOf(azure.groups.get("rg1"))).code).toBe("ResourceGroupNotFound");
    expect((await errorOf(submitCreate(azure, "c1"))).code).toBe("ResourceGroupNotFound");
    azure.emulator.advance(10);
    expect(await exists("rg1")).toBe(true);
    expect(await azure.groups.get("RG1")).toMatchObject({
      name: "rg1",
      location: "westeurope",
      tags: { team: "a" },
      properties: { provisioningState: "Succeeded" },
    });
  });

  test("lags for more than half a minute, once, when the scenario says so", async () => {
    await azure.scenario("any", "resource-group-lags");
    await azure.groups.createOrUpdate("rg1", { location: "westeurope" });
    azure.emulator.advance(30);
    expect(await exists("rg1")).toBe(false);
    azure.emulator.advance(10);
    expect(await exists("rg1")).toBe(true);
    await azure.makeGroup("rg2");
    expect(await exists("rg2")).toBe(true);
  });

  test.each([
    { name: "ends.", location: "westeurope", code: "InvalidResourceGroupName" },
    { name: "a".repeat(91), location: "westeurope", code: "InvalidResourceGroupName" },
    { name: "rg1", location: "moon", code: "LocationNotAvailableForResourceGroup" },
  ])("is refused: $code", async ({ name, location, code }) => {
    expect(await errorOf(azure.groups.createOrUpdate(name, { location }))).toMatchObject({ statusCode: 400, code });
  });
});

describe("a resource group that is there", () => {
  beforeEach(() => azure.makeGroup("rg1"));

  test("may be put again in its own location, which changes nothing", async () => {
    const before = (await azure.requests()).length;
    await azure.groups.createOrUpdate("rg1", { location: "West Europe" });
    expect(await azure.requests(before)).toMatchObject([{ method: "PUT", status: 200, effective: false }]);
  });

  test("may not be put again in another location", async () => {
    expect(await errorOf(azure.groups.createOrUpdate("rg1", { location: "northeurope" }))).toMatchObject({
      statusCode: 409,
      code: "InvalidResourceGroupLocation",
      message:
        "Invalid resource group location 'northeurope'. The Resource group already exists in location 'westeurope'.",
    });
  });

  test("lists what is in it, and is listed by its tags", async () => {
    await submitCreate(azure, "c1");
    await azure.groups.update("rg1", { tags: { team: "a" } });
    const resources: unknown[] = [];
    for await (const { name, type } of azure.resources.resources.listByResourceGroup("rg1"))
      resources.push({ name, type });
    expect(resources).toEqual([{ name: "c1", type: "Microsoft.ContainerService/managedClusters" }]);
    const groups: (string | undefined)[] = [];
    for await (const { name } of azure.groups.list({ filter: "tagName eq 'team' and tagValue eq 'a'" }))
      groups.push(name);
    expect(groups).toEqual(["rg1"]);
  });

  test("pages its lists by nextLink", async () => {
    for (const name of ["rg2", "rg3", "rg4", "rg5"]) await azure.makeGroup(name);
    const pages: number[] = [];
    for await (const page of azure.groups.list({ top: 2 }).byPage()) pages.push(page.length);
    expect(pages).toEqual([2, 2, 1]);
  });

  test("takes its clusters with it, however long they take, and refuses new ones meanwhile", async () => {
    await submitCreate(azure, "c1");
    const deletion = azure.groups.delete("rg1", { updateIntervalInMs: 1 });
    await deletion.submitted();
    const state = await deletion.serialize();
    expect((await azure.groups.get("rg1")).properties?.provisioningState).toBe("Deleting");
    expect((await azure.aks.managedClusters.get("rg1", "c1")).provisioningState).toBe("Deleting");
    expect((await errorOf(submitCreate(azure, "c2"))).code).toBe("ResourceGroupBeingDeleted");
    azure.emulator.advance(330);
    await restorePoller(azure.resources, state, azure.groups.delete, { updateIntervalInMs: 1 }).pollUntilDone();
    expect(await exists("rg1")).toBe(false);
    expect(await exists("MC_rg1_c1_westeurope")).toBe(false);
    const { body } = await azure.control("GET", "state");
    expect((body as { resources: unknown[] }).resources).toEqual([]);
  });

  test("can be tagged through the tags API", async () => {
    const scope = `subscriptions/${SUBSCRIPTION}/resourceGroups/rg1`;
    await azure.resources.tagsOperations
      .updateAtScope(scope, { operation: "Merge", properties: { tags: { a: "1", b: "2" } } })
      .submitted();
    await azure.resources.tagsOperations
      .updateAtScope(scope, { operation: "Delete", properties: { tags: { a: "1" } } })
      .submitted();
    expect((await azure.resources.tagsOperations.getAtScope(scope)).properties?.tags).toEqual({ b: "2" });
    expect((await azure.groups.get("rg1")).tags).toEqual({ b: "2" });
  });
});

test("resource providers are registered", async () => {
  const provider = await azure.resources.providers.get("microsoft.containerservice");
  expect(provider).toMatchObject({ namespace: "Microsoft.ContainerService", registrationState: "Registered" });
  expect(provider.resourceTypes?.map(({ resourceType }) => resourceType)).toContain("managedClusters");
});

test("the real DefaultAzureCredential gets a token from the managed identity endpoint", async () => {
  vi.stubEnv("IDENTITY_ENDPOINT", `${azure.emulator.url}/msi/token`);
  vi.stubEnv("IDENTITY_HEADER", "any");
  try {
    const token = await new DefaultAzureCredential().getToken("https://management.azure.com/.default");
    expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now());
    const [, claims = ""] = token.token.split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      aud: "https://management.azure.com",
    });
  } finally {
    vi.unstubAllEnvs();
  }
});
