import { expect, test } from "vitest";
import {
  defaultLocation,
  defaultSize,
  familyLabel,
  restrictionText,
  sizeGroups,
  totalCpus,
  versionOptions,
} from "./create-cluster-choices.ts";
import { initialValues, newPool, withClusterName } from "./create-cluster-values.ts";

const size = (name: string, family: string, vCpus: number, restriction: string | null = null) => ({
  name,
  family,
  vCpus,
  memoryGb: vCpus * 4,
  restriction,
});
const sizes = [
  size("Standard_D8s_v3", "standardDSv3Family", 8),
  size("Standard_D4s_v3", "standardDSv3Family", 4),
  size("Standard_B1s", "standardBSFamily", 1),
  size("Standard_NC4", "Standard NCASv3_T4 Family", 4, "NotAvailableForSubscription"),
];

test("sizes stand by family, small before large, and a restricted one stays with its reason", () => {
  const groups = sizeGroups(sizes);
  expect(groups.map((group) => [group.value, group.items.map((item) => item.label)])).toEqual([
    ["NCASv3_T4 family", ["Standard_NC4"]],
    ["BS family", ["Standard_B1s"]],
    ["DSv3 family", ["Standard_D4s_v3", "Standard_D8s_v3"]],
  ]);
  expect(groups[0]?.items[0]?.unavailable).toBe("Not available to this subscription in this location");
  expect(groups[2]?.items[0]?.detail).toBe("4 vCPU · 16 GB");
});

test.each([
  ["standardDSv5Family", "DSv5 family"],
  ["StandardNCADSA100v4Family", "NCADSA100v4 family"],
  ["something else", "something else"],
])("family %s reads %s", (family, label) => expect(familyLabel(family)).toBe(label));

test("an unknown restriction keeps Azure's word", () => expect(restrictionText("Zone")).toBe("Zone"));

test("the first size offered can be deployed and carries a system pool", () => {
  expect(defaultSize(sizes)).toBe("Standard_D4s_v3");
  expect(defaultSize([size("Standard_B1s", "b", 1)])).toBe("");
});

test("the first location is a well-known one, else the first there is", () => {
  expect(defaultLocation([{ name: "koreacentral" }, { name: "westeurope" }])).toBe("westeurope");
  expect(defaultLocation([{ name: "koreacentral" }])).toBe("koreacentral");
  expect(defaultLocation([])).toBe("");
});

test("Azure's default version comes first, then the newest", () => {
  const options = versionOptions([
    { version: "1.34", patchVersions: ["1.34.4", "1.34.10"], isDefault: true, isPreview: false },
    { version: "1.35", patchVersions: ["1.35.0"], isDefault: false, isPreview: true },
  ]);
  expect(options.map((option) => option.label)).toEqual([
    "Azure's default (1.34)",
    "1.35.0 (preview)",
    "1.34.10",
    "1.34.4",
  ]);
  expect(versionOptions(undefined)).toEqual([{ value: "", label: "Azure's default" }]);
});

test("a version that was asked for is shown as itself, not as Azure's default, though only its patches are listed", () => {
  const versions = [{ version: "1.34", patchVersions: ["1.34.4"], isDefault: true, isPreview: false }];
  expect(versionOptions(versions, "1.34")).toContainEqual({ value: "1.34", label: "1.34 (newest patch)" });
  expect(versionOptions(versions, "1.29")).toContainEqual({ value: "1.29", label: "1.29" });
  expect(versionOptions(undefined, "1.34")).toContainEqual({ value: "1.34", label: "1.34" });
  expect(versionOptions(versions, "1.34.4")).toHaveLength(2);
});

test("vCPUs are summed over nodes, and unknown while a size is unknown", () => {
  expect(
    totalCpus(
      [
        { vmSize: "Standard_D4s_v3", count: 3 },
        { vmSize: "Standard_D8s_v3", count: 10 },
      ],
      sizes,
    ),
  ).toBe(92);
  expect(totalCpus([{ vmSize: "Standard_X", count: 3 }], sizes)).toBeUndefined();
});

test("the resource group follows the name until it is edited", () => {
  const following = withClusterName(initialValues("s1"), "blast");
  expect(following.resourceGroup).toBe("rg-blast");
  const own = withClusterName({ ...following, resourceGroup: "mine", isResourceGroupOwn: true }, "other");
  expect(own.resourceGroup).toBe("mine");
});

test("an added pool has a free name", () => {
  const pools = initialValues("s1").nodePools;
  const first = newPool(pools);
  const second = newPool([...pools, first]);
  expect([first.name, second.name]).toEqual(["userpool", "userpool2"]);
  expect(new Set([...pools, first, second].map((pool) => pool.key)).size).toBe(3);
});
