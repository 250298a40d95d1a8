import { describe, expect, test } from "vitest";
import type { NodePoolSpec } from "./aks-gateway.ts";
import { checkNodePool, optionCharacters } from "./node-pool-rules.ts";

const pool = (changes: Partial<NodePoolSpec>): NodePoolSpec => ({
  name: "apps",
  mode: "USER",
  vmSize: "Standard_D2s_v3",
  count: 2,
  ...changes,
});

describe("a pool that AKS takes", () => {
  test.each<Partial<NodePoolSpec>>([
    {},
    { count: 0 },
    { autoscale: { minCount: 0, maxCount: 1000 } },
    { mode: "SYSTEM", autoscale: { minCount: 1, maxCount: 2 } },
    { availabilityZones: [] },
    { availabilityZones: ["1", "2", "3"] },
    { taints: ["CriticalAddonsOnly=true:NoSchedule", "sku:NoExecute", "example.com/gpu=:PreferNoSchedule"] },
    { labels: { team: "shop", "example.com/tier": "", A_1: "x.y-z" } },
    { labels: { ["a".repeat(63)]: "b".repeat(63) } },
  ])("%j", (changes) => {
    expect(checkNodePool(pool(changes), "nodePools.0")).toEqual([]);
  });
});

describe("a pool that AKS would refuse names the field", () => {
  test.each<[Partial<NodePoolSpec>, string, RegExp]>([
    [{ name: "Apps" }, "name", /lower-case/],
    [{ count: 1001 }, "count", /0 to 1000/],
    [{ vmSize: "a b" }, "vmSize", /looks like/],
    [{ autoscale: { minCount: 3, maxCount: 2 } }, "autoscale", /above the upper/],
    [{ autoscale: { minCount: -1, maxCount: 2 } }, "autoscale", /0 to 1000/],
    [{ autoscale: { minCount: 0, maxCount: 1001 } }, "autoscale", /0 to 1000/],
    [{ mode: "SYSTEM", autoscale: { minCount: 0, maxCount: 2 } }, "autoscale", /system pool are 1 to 1000/],
    [{ count: 5, autoscale: { minCount: 1, maxCount: 4 } }, "count", /1 to 4/],
    [{ availabilityZones: ["4"] }, "availabilityZones", /no zone '4'/],
    [{ availabilityZones: ["1", "1"] }, "availabilityZones", /twice/],
    [{ taints: ["NoSchedule"] }, "taints.0", /looks like/],
    [{ taints: ["a=b:Never"] }, "taints.0", /effect is one of/],
    [{ taints: ["a=b:NoSchedule", "a b=c:NoSchedule"] }, "taints.1", /^A key/],
    [{ taints: [`a=${"b".repeat(64)}:NoSchedule`] }, "taints.0", /^A value/],
    [{ taints: Array.from({ length: 21 }, (_, index) => `k${index}:NoSchedule`) }, "taints", /at most 20/],
    [{ labels: { "-a": "b" } }, "labels.0", /^A key/],
    [{ labels: { "Example.com/a": "b" } }, "labels.0", /^A key/],
    [{ labels: { "/a": "b" } }, "labels.0", /^A key/],
    [{ labels: { a: "b c" } }, "labels.0", /^A value/],
    [{ labels: { "kubernetes.azure.com/mode": "system" } }, "labels.0", /AKS's own/],
    [
      { labels: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, ""])) },
      "labels",
      /at most 20/,
    ],
  ])("%j: %s", (changes, field, message) => {
    expect(checkNodePool(pool(changes), "nodePools.0")).toEqual([
      { path: `nodePools.0.${field}`, message: expect.stringMatching(message) },
    ]);
  });

  test("without a path in front where the pool is the whole input", () => {
    expect(checkNodePool(pool({ name: "" }), "")).toMatchObject([{ path: "name" }]);
  });
});

test("taints and labels are counted by their characters", () => {
  expect(optionCharacters(pool({ taints: ["a:b"], labels: { cd: "ef" } }))).toBe(7);
});
