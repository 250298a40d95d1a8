import { expect, test } from "vitest";
import { newPoolValues, poolFieldError, toPoolInput } from "./add-pool-values.ts";

test("only what was filled in is sent", () => {
  expect(toPoolInput({ ...newPoolValues(), name: " apps ", vmSize: "Standard_D2s_v3" })).toEqual({
    name: "apps",
    mode: "USER",
    vmSize: "Standard_D2s_v3",
    count: 1,
  });
});

test("lists with commas become what the API takes", () => {
  const values = {
    ...newPoolValues(),
    isAutoscaled: true,
    zones: ["2", "1"],
    taints: "gpu=yes:NoSchedule, spot:NoExecute,",
    labels: "team=shop, tier , path=a=b",
  };
  expect(toPoolInput(values)).toMatchObject({
    autoscale: { minCount: 1, maxCount: 3 },
    availabilityZones: ["2", "1"],
    taints: ["gpu=yes:NoSchedule", "spot:NoExecute"],
    labels: [
      { name: "team", value: "shop" },
      { name: "tier", value: "" },
      { name: "path", value: "a=b" },
    ],
  });
});

test.each([
  ["pool.name", "name"],
  ["pool.taints.1", "taints"],
  ["pool.autoscale", "autoscale"],
])("an error at %s is shown at %s", (path, field) => {
  expect(poolFieldError({ [path]: "no" }, field)).toBe("no");
  expect(poolFieldError({ [path]: "no" }, "vmSize")).toBeUndefined();
});
