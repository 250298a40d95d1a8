import { describe, expect, test } from "vitest";
import {
  checkClusterName,
  checkCount,
  checkPoolName,
  checkResourceGroup,
  checkValues,
} from "./create-cluster-rules.ts";
import { type CreateClusterValues, initialValues } from "./create-cluster-values.ts";
import { noPoolOptions } from "./pool-options.ts";

const good: CreateClusterValues = {
  ...initialValues("s1"),
  clusterName: "blast",
  resourceGroup: "rg-blast",
  location: "westeurope",
  nodePools: [{ key: 0, name: "systempool", mode: "SYSTEM", vmSize: "Standard_D4s_v3", count: 1, ...noPoolOptions() }],
};

describe("cluster name", () => {
  test.each(["a", "A1", "blast-prod_02", "x".repeat(63)])("%s is a name", (name) =>
    expect(checkClusterName(name)).toBeUndefined(),
  );
  test.each([
    ["", /Give the cluster a name/],
    ["-blast", /Start with/],
    ["_blast", /Start with/],
    ["blast-", /End with/],
    ["blast.prod", /letters, digits/],
    ["blást", /letters, digits/],
    ["two words", /letters, digits/],
    ["x".repeat(64), /has 64/],
  ])("%s is none", (name, reason) => expect(checkClusterName(name)).toMatch(reason));
});

describe("resource group", () => {
  test.each(["rg", "rg-blast_(test).1", "größe", "x".repeat(90)])("%s is a name", (name) =>
    expect(checkResourceGroup(name)).toBeUndefined(),
  );
  test.each([
    ["", /Name the resource group/],
    ["rg.", /full stop/],
    ["rg blast", /letters, digits/],
    ["rg/blast", /letters, digits/],
    ["x".repeat(91), /has 91/],
  ])("%s is none", (name, reason) => expect(checkResourceGroup(name)).toMatch(reason));
});

describe("pool name", () => {
  test.each(["a", "systempool", "np1", "abcdefghij12"])("%s is a name", (name) =>
    expect(checkPoolName(name)).toBeUndefined(),
  );
  test.each([
    ["", /Give the pool a name/],
    ["1pool", /Start with a letter/],
    ["Pool", /lower-case/],
    ["my-pool", /lower-case/],
    ["abcdefghij123", /has 13/],
  ])("%s is none", (name, reason) => expect(checkPoolName(name)).toMatch(reason));
});

describe("node count", () => {
  test.each([
    [1, "SYSTEM", undefined],
    [1000, "USER", undefined],
    [0, "SYSTEM", /system pool has at least one/],
    [0, "USER", undefined],
    [-1, "USER", /fewer than no nodes/],
    [1001, "USER", /at most 1000/],
    [1.5, "USER", /whole number/],
    [null, "USER", /whole number/],
  ] as const)("%s in a %s pool", (count, mode, reason) => {
    const message = checkCount({ count, mode });
    if (reason === undefined) expect(message).toBeUndefined();
    else expect(message).toMatch(reason);
  });
});

describe("the whole form", () => {
  const pool = (part: object) => ({
    key: 1,
    name: "work",
    mode: "USER" as const,
    vmSize: "Standard_D4s_v3",
    count: 1,
    ...noPoolOptions(),
    ...part,
  });

  test("good values have no error", () => expect(checkValues(good)).toEqual({}));

  test.each([
    ["no subscription", { subscriptionId: "" }, "subscriptionId"],
    ["no location", { location: "" }, "location"],
    ["no system pool", { nodePools: [pool({})] }, "nodePools"],
    ["two pools of one name", { nodePools: [...good.nodePools, pool({ name: "systempool" })] }, "nodePools.1.name"],
    ["a pool without size", { nodePools: [...good.nodePools, pool({ vmSize: "" })] }, "nodePools.1.vmSize"],
    [
      "bounds the wrong way round",
      { nodePools: [...good.nodePools, pool({ autoscale: { isOn: true, minCount: 5, maxCount: 2 } })] },
      "nodePools.1.autoscale",
    ],
    [
      "a first count outside the bounds",
      { nodePools: [...good.nodePools, pool({ autoscale: { isOn: true, minCount: 2, maxCount: 5 } })] },
      "nodePools.1.count",
    ],
    ["half a taint", { nodePools: [...good.nodePools, pool({ taints: "sku=gpu" })] }, "nodePools.1.taints"],
    [
      "a label of AKS's own",
      { nodePools: [...good.nodePools, pool({ labels: "kubernetes.azure.com/a=b" })] },
      "nodePools.1.labels",
    ],
    ["a tag without name", { tags: [{ key: 0, name: "", value: "x" }] }, "tags.0.name"],
    ["a tag name that is Azure's own", { tags: [{ key: 0, name: "azure-x", value: "x" }] }, "tags.0.name"],
    ["a tag with a forbidden character", { tags: [{ key: 0, name: "a/b", value: "x" }] }, "tags.0.name"],
    [
      "two tags that differ in case alone",
      {
        tags: [
          { key: 0, name: "Team", value: "x" },
          { key: 1, name: "team", value: "y" },
        ],
      },
      "tags.1.name",
    ],
  ])("%s is told at its field, in the server's path", (_, part, path) => {
    expect(Object.keys(checkValues({ ...good, ...part }))).toContain(path);
  });

  test("the node resource group's name may have 80 characters and not one more", () => {
    const fits = "x".repeat(80 - "MC__blast_westeurope".length);
    expect(checkValues({ ...good, resourceGroup: fits })).toEqual({});
    expect(checkValues({ ...good, resourceGroup: `${fits}x` })["resourceGroup"]).toMatch(
      /Shorten this or the cluster name by 1/,
    );
  });

  test("a size that the location doesn't have or restricts is told before sending", () => {
    const size = { name: "Standard_D4s_v3", family: "standardDSv3Family", vCpus: 4, memoryGb: 16, restriction: null };
    expect(checkValues(good, [size])).toEqual({});
    expect(checkValues(good, [])["nodePools.0.vmSize"]).toMatch(/not offered in westeurope/);
    expect(checkValues(good, [{ ...size, restriction: "NotAvailableForSubscription" }])["nodePools.0.vmSize"]).toMatch(
      /can't be used/,
    );
  });
});
