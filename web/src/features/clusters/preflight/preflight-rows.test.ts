import { describe, expect, test } from "vitest";
import { type CreateClusterValues, initialValues } from "../create-cluster-values.ts";
import type { Check, Findings } from "./preflight-documents.ts";
import { checkRows, fitOf, preflightErrors, verdictText, worstState } from "./preflight-rows.ts";

const values: CreateClusterValues = {
  ...initialValues("s1"),
  clusterName: "blast",
  resourceGroup: "rg-blast",
  location: "westeurope",
};

function check(name: string, status: Check["status"], field: string | null = null): Check {
  const remedies: Check["remedies"] =
    field === null ? [] : [{ kind: "EDIT", label: "x", url: null, command: null, field }];
  return { name, status, message: `${name} is ${status}`, endsByItself: false, remedies };
}

const goingGroup: Check = { ...check("resource_group", "WARN", "resourceGroup"), endsByItself: true };

const PASSED = [
  "names",
  "location",
  "vm_sizes",
  "quota",
  "system_pool",
  "kubernetes_version",
  "resource_group",
  "cluster",
].map((name) => check(name, "PASS"));

function findings(part: Partial<Findings> = {}, ...others: Check[]): Findings {
  const changed = new Set(others.map(({ name }) => name));
  return {
    checks: [
      ...PASSED.filter(({ name }) => !changed.has(name)),
      ...others,
      check("providers", "PASS"),
      check("permissions", "PASS"),
    ].filter(
      ({ name }, index, all) => all.findIndex((one) => one.name === name) === index && !part.pending?.includes(name),
    ),
    pending: [],
    maxNodeCounts: [],
    ...part,
  };
}

const rowsOf = (found: Findings | undefined, isChecking = false, wrong = {}) =>
  checkRows({ findings: found, older: [], isChecking, error: undefined }, values, wrong);
const stateOf = (rows: ReturnType<typeof rowsOf>, name: string) => rows.find((row) => row.name === name)?.state;

describe("the rows", () => {
  test("one for every check, the registry's only with a registry, also before the first answer", () => {
    expect(rowsOf(undefined, true).map(({ name, state }) => `${name} ${state}`)).not.toContain("registry CHECKING");
    expect(rowsOf(undefined, true)).toHaveLength(10);
    expect(
      checkRows({ findings: undefined, older: [], isChecking: true, error: undefined }, { registryId: "r1" }, {}),
    ).toHaveLength(12);
  });

  test("what has come is shown while another check is out", () => {
    const rows = rowsOf(findings({ pending: ["quota"] }), true);
    expect(stateOf(rows, "location")).toBe("PASS");
    expect(stateOf(rows, "quota")).toBe("CHECKING");
    expect(verdictText(rows)).toBeUndefined();
  });

  test("nothing known of other values is shown as known of these", () => {
    expect(new Set(rowsOf(findings(), true).map(({ state }) => state))).toEqual(new Set(["CHECKING"]));
  });

  test("a field that is still to be filled in is no failure", () => {
    const rows = rowsOf(findings({}, check("names", "FAIL"), check("cluster", "UNKNOWN")), false, { clusterName: "?" });
    expect([stateOf(rows, "names"), stateOf(rows, "cluster"), stateOf(rows, "permissions")]).toEqual([
      "WAITING",
      "WAITING",
      "PASS",
    ]);
    expect(verdictText(rows)).toBe("Nothing stands in the way so far.");
  });

  test("a check of tomorrow is shown by its own name", () =>
    expect(rowsOf(findings({}, check("moon_phase", "WARN"))).at(-1)).toMatchObject({
      label: "moon phase",
      state: "WARN",
    }));
});

test.each([
  [[], "PASS", "Nothing stands in the way."],
  [[check("quota", "WARN")], "WARN", "Nothing stands in the way, but look at quota."],
  [
    [check("providers", "UNKNOWN")],
    "UNKNOWN",
    "Nothing stands in the way, but resource providers could not be checked.",
  ],
  [[check("quota", "FAIL"), check("vm_sizes", "WARN")], "FAIL", "This create would fail: quota."],
  [[goingGroup, check("quota", "WARN")], "PASSES", "This create will wait first: resource group."],
  [[goingGroup, check("quota", "FAIL")], "FAIL", "This create would fail: quota."],
] as const)("%j comes to %s", (others, state, text) => {
  const rows = rowsOf(findings({}, ...others));
  expect(worstState(rows)).toBe(state);
  expect(verdictText(rows)).toBe(text);
});

describe("errors at fields", () => {
  const errorsOf = (found: Findings, now = values) => preflightErrors({ findings: found, about: values }, now);

  test.each([
    [check("cluster", "FAIL", "clusterName"), "clusterName"],
    [check("resource_group", "FAIL", "resourceGroup"), "resourceGroup"],
    [check("vm_sizes", "FAIL", "nodePools.0.vmSize"), "nodePools.0.vmSize"],
    [check("kubernetes_version", "FAIL", "kubernetesVersion"), "kubernetesVersion"],
    [check("location", "FAIL"), "location"],
    [check("permissions", "FAIL"), "subscriptionId"],
    [check("registry", "FAIL"), "registryId"],
    [check("quota", "FAIL", "nodePools"), "nodePools"],
  ])("$name stands at its field", (failed, path) =>
    expect(Object.keys(errorsOf(findings({}, failed)))).toEqual([path]),
  );

  test("the quota's stands at the count of the pool that is too large, with what fits", () =>
    expect(
      errorsOf(
        findings({ maxNodeCounts: [{ poolName: "systempool", count: 2 }] }, check("quota", "FAIL", "nodePools")),
      ),
    ).toEqual({ "nodePools.0.count": "The quota has room for 2." }));

  test("only a failure stands at a field, and only while what was checked stands there", () => {
    expect(errorsOf(findings({}, check("cluster", "WARN", "clusterName")))).toEqual({});
    expect(errorsOf(findings({}, goingGroup))).toEqual({});
    const taken = findings({}, check("cluster", "FAIL", "clusterName"));
    expect(errorsOf(taken, { ...values, clusterName: "blast2" })).toEqual({});
    expect(Object.keys(errorsOf(taken, { ...values, location: "eastus" }))).toEqual(["clusterName"]);
  });
});

describe("the counts that fit", () => {
  test("are taken over in one go", () => {
    const fit = fitOf([{ poolName: "systempool", count: 2 }], values);
    expect(fit?.label).toBe("Apply 2 nodes to systempool");
    expect(fit?.apply(values).nodePools[0]?.count).toBe(2);
  });

  test.each([
    ["a system pool can't be without nodes", [{ poolName: "systempool", count: 0 }]],
    ["the pool is gone", [{ poolName: "other", count: 3 }]],
    ["there are none", []],
  ])("are not offered when %s", (_, counts) => expect(fitOf(counts, values)).toBeUndefined());
});
