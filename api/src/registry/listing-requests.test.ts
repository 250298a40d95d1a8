import { expect, test } from "vitest";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import { createListingRequests, createSharedListingRequests } from "./listing-requests.ts";

const REGISTRY = {
  armId: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/Elb",
  subscriptionId: "s",
  resourceGroup: "rg",
  name: "Elb",
  location: "westeurope",
  loginServer: "elb.azurecr.io",
  sku: "Premium",
};

const KINDS = {
  memory: () => {
    const both = createListingRequests();
    return [both, both] as const;
  },
  table: () => {
    const table = createSqliteEntityStore().table("listingrequests");
    return [createSharedListingRequests(table, () => 0), createSharedListingRequests(table, () => 0)] as const;
  },
};

test.each(Object.entries(KINDS))(
  "%s: what is requested of one is taken once by the other, by any case of its name",
  async (_kind, open) => {
    const [asked, looking] = open();
    expect(await looking.take(REGISTRY)).toBe(false);
    await asked.request(REGISTRY);
    await asked.request(REGISTRY);
    expect([await looking.take({ ...REGISTRY, name: "elb" }), await looking.take(REGISTRY)]).toEqual([true, false]);
  },
);
