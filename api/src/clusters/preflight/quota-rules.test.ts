import { describe, expect, test } from "vitest";
import type { NodePoolSpec } from "../aks-gateway.ts";
import type { VmSize } from "../azure-catalogue.ts";
import type { ComputeUsage } from "./preflight-gateway.ts";
import { judgeQuota } from "./quota-rules.ts";

function size(name: string, family: string, vCpus: number): VmSize {
  return { name, family, vCpus, memoryGb: vCpus * 4, restriction: undefined, zones: [], zoneRestriction: undefined };
}

const SIZES = [
  size("Standard_D2s_v5", "standardDSv5Family", 2),
  size("Standard_D4s_v5", "standardDSv5Family", 4),
  size("Standard_E16s_v5", "standardESv5Family", 16),
  size("Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family", 4),
];

function system(count: number, vmSize = "Standard_D2s_v5"): NodePoolSpec {
  return { name: "system", mode: "SYSTEM", vmSize, count };
}

function user(count: number, vmSize = "Standard_E16s_v5", more: Partial<NodePoolSpec> = {}): NodePoolSpec {
  return { name: "user", mode: "USER", vmSize, count, ...more };
}

/** `[used, limit]` by name. */
function usages(quotas: Readonly<Record<string, readonly [used: number, limit: number]>>): ComputeUsage[] {
  return Object.entries(quotas).map(([name, [used, limit]]) => ({
    name,
    displayName: name === "cores" ? "Total Regional vCPUs" : `${name} vCPUs`,
    used,
    limit,
  }));
}

const judge = (pools: readonly NodePoolSpec[], listed: readonly ComputeUsage[]) =>
  judgeQuota(pools, SIZES, listed, { subscriptionId: "s", location: "westeurope" });

describe("whether vCPUs fit", () => {
  test.each([
    ["the last free one may be used", [system(4)], { cores: [2, 10], standardDSv5Family: [2, 10] }, "PASS"],
    ["one too many fails", [system(5)], { cores: [2, 100], standardDSv5Family: [2, 11] }, "FAIL"],
    ["a limit of 0 is no quota", [system(1)], { cores: [0, 100], standardDSv5Family: [0, 0] }, "FAIL"],
    ["more used than allowed is nothing free", [system(1)], { cores: [12, 10], standardDSv5Family: [0, 10] }, "FAIL"],
    ["the location counts when the family fits", [system(5)], { cores: [0, 8], standardDSv5Family: [0, 50] }, "FAIL"],
    [
      "pools of one family add up",
      [system(2), user(2, "Standard_D4s_v5")],
      { cores: [0, 99], standardDSv5Family: [0, 11] },
      "FAIL",
    ],
    ["families are found in any casing", [user(1)], { cores: [0, 99], STANDARDESV5FAMILY: [0, 8] }, "FAIL"],
    [
      "families with other names than sizes have count too",
      [user(1, "standard_nc4as_t4_v3")],
      { cores: [0, 99], "Standard NCASv3_T4 Family": [0, 0] },
      "FAIL",
    ],
    [
      "a pool without nodes needs nothing",
      [system(1), user(0)],
      { cores: [0, 2], standardDSv5Family: [0, 2], standardESv5Family: [0, 0] },
      "PASS",
    ],
    ["a family that Azure does not list is a warning", [system(1)], { cores: [0, 9] }, "WARN"],
    ["a size that Azure does not list is unknown", [system(1, "Standard_X1")], { cores: [0, 9] }, "UNKNOWN"],
    [
      "bounds of the autoscaler that don't fit are a warning",
      [system(1), user(1, "Standard_D4s_v5", { autoscale: { minCount: 1, maxCount: 9 } })],
      { cores: [0, 20], standardDSv5Family: [0, 20] },
      "WARN",
    ],
  ] as const)("%s", (_what, pools, quotas, status) => {
    expect(judge(pools, usages(quotas)).verdict.status).toBe(status);
  });

  test("names family, location, used, limit, needed and free", () => {
    const { verdict } = judge([user(2)], usages({ cores: [30, 100], standardESv5Family: [16, 40] }));
    expect(verdict.message).toBe(
      "standardESv5Family vCPUs (standardESv5Family) in westeurope: 16 of 40 are used, 24 are free, 32 are needed. What fits: 1 node in 'user'.",
    );
  });
});

describe("the largest counts that fit", () => {
  test.each([
    [
      "the pool that is too much shrinks beside the other",
      [system(1), user(10)],
      { cores: [0, 100], standardDSv5Family: [0, 10], standardESv5Family: [0, 200] },
      { user: 6 },
    ],
    [
      "of family and location the tighter decides",
      [system(1), user(10)],
      { cores: [0, 100], standardDSv5Family: [0, 10], standardESv5Family: [0, 40] },
      { user: 2 },
    ],
    [
      "the larger pool shrinks when either would do",
      [system(2), user(4, "Standard_D4s_v5")],
      { cores: [0, 16], standardDSv5Family: [0, 16] },
      { user: 3 },
    ],
    [
      "a system pool that is too much leaves the users' alone",
      [system(20), user(1, "Standard_D4s_v5")],
      { cores: [0, 20], standardDSv5Family: [0, 20] },
      { system: 8 },
    ],
    [
      "two that are each too much share, the cluster's own first",
      [system(10), user(10, "Standard_D4s_v5")],
      { cores: [0, 12], standardDSv5Family: [0, 12] },
      { system: 6, user: 0 },
    ],
    [
      "each of two families shrinks to its own",
      [system(9), user(3)],
      { cores: [0, 99], standardDSv5Family: [0, 8], standardESv5Family: [0, 32] },
      { system: 4, user: 2 },
    ],
    ["none fits", [system(3)], { cores: [0, 99], standardDSv5Family: [0, 0] }, { system: 0 }],
  ] as const)("%s", (_what, pools, quotas, expected) => {
    const found = judge(pools, usages(quotas)).maxNodeCounts;
    expect(Object.fromEntries(found.map(({ poolName, count }) => [poolName, count]))).toEqual(expected);
  });

  test.each([
    [[system(3), user(7)], { cores: [3, 90], standardDSv5Family: [1, 9], standardESv5Family: [0, 80] }],
    [[system(30), user(70)], { cores: [0, 90], standardDSv5Family: [0, 50], standardESv5Family: [0, 70] }],
    [[system(9), user(3)], { cores: [0, 99], standardDSv5Family: [0, 8], standardESv5Family: [0, 32] }],
  ] as const)("fit together when they are taken, and one more node does not", (pools, quotas) => {
    const listed = usages(quotas);
    const counts = new Map(judge(pools, listed).maxNodeCounts.map(({ poolName, count }) => [poolName, count]));
    const taken = pools.map((pool) => ({ ...pool, count: counts.get(pool.name) ?? pool.count }));
    expect(judge(taken, listed).verdict.status).toBe("PASS");
    for (const name of counts.keys()) {
      const oneMore = taken.map((pool) => (pool.name === name ? { ...pool, count: pool.count + 1 } : pool));
      expect(judge(oneMore, listed).verdict.status).toBe("FAIL");
    }
  });

  test("are empty while the quota does not fail", () => {
    expect(judge([system(1)], usages({ cores: [0, 9], standardDSv5Family: [0, 9] })).maxNodeCounts).toEqual([]);
  });

  test("say in words when no number of nodes fits", () => {
    const { verdict } = judge([system(3)], usages({ cores: [0, 99], standardDSv5Family: [0, 0] }));
    expect(verdict.message).toContain("no quota at all (limit 0)");
    expect(verdict.message).toContain("No number of nodes fits");
  });
});
