import { expect, test } from "vitest";
import { errorAt, noPoolOptions, optionsText, poolOptionsFrom, toOptionsInput } from "./pool-options.ts";

const options = {
  autoscale: { isOn: true, minCount: 1, maxCount: 3 },
  availabilityZones: ["1", "2"],
  taints: "gpu=yes:NoSchedule, spot:NoExecute,",
  labels: "team=shop, tier , path=a=b",
};

test("nothing set is nothing sent, and nothing said", () => {
  expect(toOptionsInput(noPoolOptions())).toEqual({});
  expect(optionsText(noPoolOptions())).toBe("");
});

test("lists with commas become what the API takes", () =>
  expect(toOptionsInput(options)).toEqual({
    autoscale: { minCount: 1, maxCount: 3 },
    availabilityZones: ["1", "2"],
    taints: ["gpu=yes:NoSchedule", "spot:NoExecute"],
    labels: [
      { name: "team", value: "shop" },
      { name: "tier", value: "" },
      { name: "path", value: "a=b" },
    ],
  }));

test("what was asked for once is asked for again, to the letter", () => {
  const asked = {
    autoscale: { minCount: 0, maxCount: 7 },
    availabilityZones: ["3"],
    taints: ["a=b:NoSchedule"],
    labels: [{ name: "x/y", value: "" }],
  };
  expect(toOptionsInput(poolOptionsFrom(asked))).toEqual(asked);
  const none = { autoscale: null, availabilityZones: [], taints: [], labels: [] };
  expect(toOptionsInput(poolOptionsFrom(none))).toEqual({});
});

test("a line says what is set", () =>
  expect(optionsText(options)).toBe("autoscale 1–3 · zones 1, 2 · 2 taints · 3 labels"));

test.each([
  ["pool.name", "name"],
  ["pool.taints.1", "taints"],
  ["pool.autoscale", "autoscale"],
])("an error at %s is shown at %s", (path, field) => {
  expect(errorAt({ [path]: "no" }, `pool.${field}`)).toBe("no");
  expect(errorAt({ [path]: "no" }, "pool.vmSize")).toBeUndefined();
});
