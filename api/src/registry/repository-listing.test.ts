import { beforeEach, expect, test } from "vitest";
import { AzureError } from "../shared/azure-error.ts";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import type { AcrGateway } from "./acr-gateway.ts";
import { createRegistryStore, type RegistryStore } from "./registry-store.ts";
import type { Registry } from "./registry.ts";
import { listSlice, listTags, newPass, type ListingPass, type ListingSlice } from "./repository-listing.ts";

const REGISTRY: Registry = {
  armId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/demoacr",
  subscriptionId: "s",
  resourceGroup: "g",
  name: "demoacr",
  location: "westeurope",
  loginServer: "demoacr.azurecr.io",
  sku: "Basic",
};
const never = new AbortController().signal;
const refusal = new AzureError({ kind: "transient", body: { code: "TooManyRequests", message: "Later." } });

let names: string[];
let asked: string[];
let refusesFrom: number;
let store: RegistryStore;

beforeEach(() => {
  names = [];
  asked = [];
  refusesFrom = Number.POSITIVE_INFINITY;
  store = createRegistryStore({ store: createSqliteEntityStore(), workTable: "work", now: () => 0 });
});

const acr = {
  async listRepositoryNames(_registry: Registry, after: string | undefined, limit: number) {
    const from = after === undefined ? 0 : names.indexOf(after) + 1;
    const page = names.slice(from, from + limit);
    return { names: page, after: from + limit < names.length ? page.at(-1) : undefined };
  },
  async listTags(_registry: Registry, name: string) {
    asked.push(name);
    if (asked.length >= refusesFrom) throw refusal;
    if (name.startsWith("gone")) return undefined;
    return { tags: [{ name: "1", digest: "sha256:1", createdAt: "2026-01-01T00:00:00Z", sizeBytes: 1 }], tagCount: 1 };
  },
} satisfies Partial<AcrGateway> as unknown as AcrGateway;

const many = (count: number): string[] =>
  Array.from({ length: count }, (_one, index) => `r${String(index).padStart(4, "0")}`);

async function take(pass: ListingPass): Promise<ListingSlice> {
  const slice = await listSlice({ acr, store }, REGISTRY, pass, never);
  await store.write(REGISTRY, { repositories: slice.repositories });
  return slice;
}

async function wholePass(): Promise<ListingSlice[]> {
  const slices: ListingSlice[] = [];
  for (let pass: ListingPass | undefined = newPass(0); pass; pass = slices.at(-1)?.next) slices.push(await take(pass));
  return slices;
}

test("a pass takes every repository once, slice by slice, none larger than a write", async () => {
  names = many(101);
  const slices = await wholePass();
  expect(slices.flatMap(({ repositories }) => [...repositories.keys()])).toEqual(names);
  expect(slices.map(({ repositories }) => repositories.size)).toEqual([40, 40, 21]);
  expect(slices.at(-1)?.seen.size).toBe(101);
  expect(await store.listRepositories(REGISTRY)).toHaveLength(101);
});

test("only a whole pass tells what is gone, and it takes several for more than a write holds", async () => {
  names = many(101);
  await wholePass();
  names = ["r0000"];
  const gone = async (): Promise<number> =>
    (await store.listRepositories(REGISTRY)).filter(({ deletedAt }) => deletedAt !== undefined).length;
  await wholePass();
  expect(await gone()).toBe(79);
  await wholePass();
  expect(await gone()).toBe(100);
});

test("a repository that vanishes between its name and its tags is gone", async () => {
  names = ["gone/x", "here"];
  const [slice] = await wholePass();
  expect(slice?.repositories.get("gone/x")).toEqual({ isGone: true });
});

test("after a refusal nothing more is asked", async () => {
  refusesFrom = 3;
  await expect(listTags(acr, REGISTRY, many(40), never)).rejects.toBe(refusal);
  const atRefusal = asked.length;
  await new Promise(setImmediate);
  expect(asked.length).toBe(atRefusal);
  // Those that were on their way.
  expect(asked.length).toBeLessThanOrEqual(10);
});
