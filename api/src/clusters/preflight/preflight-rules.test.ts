import { describe, expect, test } from "vitest";
import type { NodePoolSpec } from "../aks-gateway.ts";
import type { KubernetesVersion, VmSize } from "../azure-catalogue.ts";
import type { Cluster } from "../cluster.ts";
import { judgeCluster, judgeResourceGroup } from "./place-rules.ts";
import { judgeProviders } from "./provider-rules.ts";
import { judgeSizes } from "./size-rules.ts";
import { judgeSystemPools } from "./system-pool-rules.ts";
import { judgeVersion } from "./version-rules.ts";

describe("sizes", () => {
  const FREE: VmSize = {
    name: "Standard_D2s_v5",
    family: "standardDSv5Family",
    vCpus: 2,
    memoryGb: 8,
    restriction: undefined,
    zones: ["1", "2", "3"],
    zoneRestriction: undefined,
  };
  const BARRED = { ...FREE, restriction: "NotAvailableForSubscription" };
  const PARTLY = { ...FREE, zones: ["1"], zoneRestriction: "NotAvailableForSubscription" };
  const pool = (availabilityZones?: readonly string[]): NodePoolSpec => ({
    name: "system",
    mode: "SYSTEM",
    vmSize: "standard_d2s_v5",
    count: 1,
    ...(availabilityZones && { availabilityZones }),
  });

  test.each([
    ["one that is free", [FREE], pool(), "PASS"],
    ["one that is not offered", [], pool(), "FAIL"],
    ["one that the subscription can't have", [BARRED], pool(), "FAIL"],
    ["one kept from some zones, without zones", [PARTLY], pool(), "PASS"],
    ["one kept from some zones, in another", [PARTLY], pool(["1"]), "PASS"],
    ["one kept from the zone that is asked for", [PARTLY], pool(["1", "2"]), "FAIL"],
    ["one in a location without zones, with one", [{ ...FREE, zones: [] }], pool(["1"]), "FAIL"],
  ] as const)("%s", (_what, sizes, asked, status) => {
    expect(judgeSizes([asked], sizes, "westeurope").status).toBe(status);
  });

  test("a refusal has Azure's reason code", () => {
    expect(judgeSizes([pool()], [BARRED], "westeurope").message).toContain("(NotAvailableForSubscription)");
    expect(judgeSizes([pool(["2"])], [PARTLY], "westeurope").message).toContain("(NotAvailableForSubscription)");
  });
});

describe("system pools", () => {
  const sized = (name: string, vCpus: number) => ({ name, vCpus }) as VmSize;
  const SIZES = [sized("Standard_D2s_v5", 2), sized("Standard_D4s_v5", 4)];
  const pool = (vmSize: string, count: number, more: Partial<NodePoolSpec> = {}): NodePoolSpec => ({
    name: "system",
    mode: "SYSTEM",
    vmSize,
    count,
    ...more,
  });
  const SMALL = pool("standard_d2s_v5", 1);

  test.each([
    ["one small node", [SMALL], "WARN"],
    ["one small node beside pools for people's own", [SMALL, pool("Standard_D2s_v5", 9, { mode: "USER" })], "WARN"],
    ["one small node as the fewest", [{ ...SMALL, autoscale: { minCount: 1, maxCount: 5 } }], "WARN"],
    ["two small nodes", [pool("Standard_D2s_v5", 2)], "PASS"],
    ["two pools of one small node", [SMALL, { ...SMALL, name: "two" }], "PASS"],
    ["one node that is large enough", [pool("Standard_D4s_v5", 1)], "PASS"],
    ["one node of a size that Azure does not tell", [pool("Standard_X", 1)], "UNKNOWN"],
    ["none at all, of which the names tell", [], "PASS"],
  ] as const)("%s: %s", (_what, pools, status) => {
    expect(judgeSystemPools(pools, SIZES).status).toBe(status);
  });
});

describe("versions", () => {
  const version = (name: string, more: Partial<KubernetesVersion> = {}): KubernetesVersion => ({
    version: name,
    patchVersions: [`${name}.1`, `${name}.0`],
    isDefault: false,
    isPreview: false,
    ...more,
  });
  const OFFERED = [
    version("1.36", { isPreview: true }),
    version("1.35"),
    version("1.34", { isDefault: true }),
    version("1.33"),
  ];

  test.each([
    [undefined, "PASS"],
    ["1.35", "PASS"],
    ["1.34.1", "PASS"],
    ["1.36", "WARN"],
    ["1.33", "WARN"],
    ["1.34.9", "FAIL"],
    ["1.12", "FAIL"],
  ] as const)("%s: %s", (wanted, status) => {
    expect(judgeVersion(wanted, OFFERED, "westeurope").status).toBe(status);
  });

  test("a refusal names what is offered", () => {
    expect(judgeVersion("1.12", OFFERED, "westeurope").message).toContain("1.36, 1.35, 1.34, 1.33");
  });
});

describe("providers", () => {
  test.each([
    [{ A: "Registered", B: "Registered" }, "PASS", 0],
    [{ A: "Registered", B: "Registering" }, "WARN", 0],
    [{ A: "NotRegistered", B: "Registering" }, "FAIL", 1],
    [{ A: "Unregistered", B: "Unregistering" }, "FAIL", 2],
  ] as const)("%o: %s", (states, status, commands) => {
    const verdict = judgeProviders(new Map(Object.entries(states)), "s");
    expect(verdict.status).toBe(status);
    expect(verdict.remedies).toHaveLength(commands);
  });
});

describe("places", () => {
  const group = (location: string, provisioningState = "Succeeded") => ({
    name: "rg",
    location,
    provisioningState,
    tags: {},
  });
  test.each([
    ["missing", undefined, "PASS", "is created in westeurope"],
    ["here", group("westeurope"), "PASS", "exists in westeurope"],
    ["elsewhere", group("northeurope"), "PASS", "the cluster itself is made in westeurope"],
    ["going", group("westeurope", "Deleting"), "WARN", "is being deleted"],
  ] as const)("a resource group that is %s", (_what, found, status, words) => {
    const verdict = judgeResourceGroup("rg", found, "westeurope");
    expect(verdict.status).toBe(status);
    expect(verdict.message).toContain(words);
  });

  const cluster = (provisioningState: string) => ({ name: "c", provisioningState }) as Cluster;
  test.each([
    ["free", undefined, undefined, "PASS", "is free"],
    ["taken", cluster("Succeeded"), undefined, "FAIL", "exists already"],
    ["going", cluster("Deleting"), undefined, "WARN", "is being deleted"],
    ["coming", undefined, { message: "It is being created already." }, "FAIL", "being created already"],
    [
      "coming and seen",
      cluster("Creating"),
      { message: "It is being created already." },
      "FAIL",
      "being created already",
    ],
  ] as const)("a cluster's name that is %s", (_what, existing, live, status, words) => {
    const verdict = judgeCluster("c", "rg", existing, live);
    expect(verdict.status).toBe(status);
    expect(verdict.message).toContain(words);
  });
});
