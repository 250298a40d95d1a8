import { describe, expect, test } from "vitest";
import {
  checkClusterName,
  checkKubernetesVersion,
  checkNodeCount,
  checkNodePoolName,
  checkNodeResourceGroup,
  checkResourceGroup,
  checkTagName,
  checkTagValue,
} from "./naming-rules.ts";

describe("cluster names", () => {
  test.each(["a", "A1", "a-b_c", "9", "a".repeat(63)])("%j is fine", (name) => {
    expect(checkClusterName(name)).toBeUndefined();
  });

  test.each([
    ["", /1 to 63/],
    ["a".repeat(64), /1 to 63/],
    ["-a", /begins and ends/],
    ["a_", /begins and ends/],
    ["_", /begins and ends/],
    ["a.b", /only letters/],
    ["a b", /only letters/],
    ["a\n", /only letters/],
    ["ä", /only letters/],
    ["a/../b", /only letters/],
  ])("%j is refused", (name, reason) => {
    expect(checkClusterName(name)).toMatch(reason);
  });
});

describe("resource group names", () => {
  test.each(["a", "rg-1", "(x)_y.z", "Überall", "r".repeat(90)])("%j is fine", (name) => {
    expect(checkResourceGroup(name)).toBeUndefined();
  });

  test.each(["", "r".repeat(91), "rg.", "a/b", "a b", "a?b", "..", "a\u0000"])("%j is refused", (name) => {
    expect(checkResourceGroup(name)).toMatch(/^A resource group name/);
  });
});

describe("node resource groups", () => {
  test("80 characters are the most", () => {
    // MC_ + 30 + _ + n + _ + westeurope
    const longest = 80 - "MC__".length - 30 - "_westeurope".length;
    expect(checkNodeResourceGroup("r".repeat(30), "c".repeat(longest), "westeurope")).toBeUndefined();
    expect(checkNodeResourceGroup("r".repeat(30), "c".repeat(longest + 3), "westeurope")).toMatch(/by 3\.$/);
  });
});

describe("node pool names", () => {
  test.each(["a", "systempool", "a1", "a".repeat(12)])("%j is fine", (name) => {
    expect(checkNodePoolName(name)).toBeUndefined();
  });

  test.each(["", "1a", "A", "a-b", "a_b", "a".repeat(13), "ä", "a\n"])("%j is refused", (name) => {
    expect(checkNodePoolName(name)).toMatch(/1 to 12 lower-case/);
  });
});

test.each([
  ["SYSTEM", 1, true],
  ["SYSTEM", 0, false],
  ["USER", 0, true],
  ["USER", 1000, true],
  ["USER", 1001, false],
  ["USER", -1, false],
  ["USER", 1.5, false],
  ["USER", Number.NaN, false],
] as const)("a %s pool of %d nodes: %s", (mode, count, isFine) => {
  expect(checkNodeCount(count, mode) === undefined).toBe(isFine);
});

test.each([
  ["1.34", true],
  ["1.34.2", true],
  ["v1.34", false],
  ["1", false],
  ["latest", false],
  ["1.34.2-beta", false],
  ["1.34\n", false],
])("version %j: %s", (version, isFine) => {
  expect(checkKubernetesVersion(version) === undefined).toBe(isFine);
});

test.each([
  ["team", "", true],
  ["Azure team", "x", false],
  ["microsoft.x", "x", false],
  ["a<b", "x", false],
  ["a%b", "x", false],
  ["", "x", false],
  ["t".repeat(513), "x", false],
  ["team", "v".repeat(256), true],
  ["team", "v".repeat(257), false],
])("tag %j = %j: %s", (name, value, isFine) => {
  expect((checkTagName(name) ?? checkTagValue(value)) === undefined).toBe(isFine);
});
