import { expect, test } from "vitest";
import { filterClusters, isFiltered, parseClusterFilter, sortClusters, sortOf } from "./cluster-filter.ts";
import { clusterFixture, poolFixture } from "./cluster.fixture.ts";

const clusters = [
  clusterFixture({ id: "c1", name: "shop10", status: "READY", kubernetesVersion: "1.9.3", location: "westeurope" }),
  clusterFixture({ id: "c2", name: "shop9", status: "FAILED", kubernetesVersion: "1.35.1", location: "eastus" }),
  clusterFixture({
    id: "c3",
    name: "Blast",
    status: "STOPPED",
    resourceGroup: "rg-x",
    nodePools: [poolFixture({ name: "gpu" })],
  }),
];
const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

test.each([
  [{}, ["shop10", "shop9", "Blast"]],
  [{ search: "SHOP 9" }, ["shop9"]],
  [{ search: "rg-x gpu" }, ["Blast"]],
  [{ status: "failed" }, ["shop9"]],
  [{ location: "eastus" }, ["shop9"]],
  [{ search: "shop", status: "stopped" }, []],
  [{ search: ["a", "b"] }, ["shop10", "shop9", "Blast"]],
])("%j in the address shows %j", (query, found) =>
  expect(names(filterClusters(clusters, parseClusterFilter(query)))).toEqual(found),
);

test.each([
  ["", ["Blast", "shop9", "shop10"]],
  ["-name", ["shop10", "shop9", "Blast"]],
  ["status", ["shop9", "shop10", "Blast"]],
  ["-version", ["shop9", "Blast", "shop10"]],
  ["nonsense", ["Blast", "shop9", "shop10"]],
])("sort=%s gives %j", (sort, found) => expect(names(sortClusters(clusters, sortOf({ sort })))).toEqual(found));

test("an order alone hides nothing", () => expect(isFiltered(parseClusterFilter({ sort: "-name" }))).toBe(false));
