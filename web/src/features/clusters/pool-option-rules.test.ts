import { describe, expect, test } from "vitest";
import { checkBounds, checkLabels, checkTaints, checkWithinBounds } from "./pool-option-rules.ts";

const FINE = /^$/;

describe("the autoscaler's bounds", () => {
  test.each([
    [{ isOn: false, minCount: null, maxCount: null }, 1, FINE],
    [{ isOn: true, minCount: 1, maxCount: 1000 }, 1, FINE],
    [{ isOn: true, minCount: 0, maxCount: 5 }, 0, FINE],
    [{ isOn: true, minCount: 0, maxCount: 5 }, 1, /from 1 to 1000/],
    [{ isOn: true, minCount: null, maxCount: 5 }, 0, /from 0 to 1000/],
    [{ isOn: true, minCount: 1, maxCount: 1001 }, 0, /from 0 to 1000/],
    [{ isOn: true, minCount: 4, maxCount: 3 }, 0, /more than the most/],
  ])("%j of a pool with at least %i", (bounds, fewest, reason) =>
    expect(checkBounds(bounds, fewest) ?? "").toMatch(reason),
  );

  test.each([
    [3, FINE],
    [2, /bounds, 3 to 5/],
    [6, /bounds, 3 to 5/],
  ])("a pool that begins with %i", (count, reason) =>
    expect(checkWithinBounds(count, { isOn: true, minCount: 3, maxCount: 5 }) ?? "").toMatch(reason),
  );
});

describe("taints", () => {
  test.each([
    ["", FINE],
    ["sku=gpu:NoSchedule", FINE],
    ["spot:NoExecute, example.com/x=y:PreferNoSchedule", FINE],
    ["sku=gpu", /“sku=gpu”: a taint looks like/],
    ["sku=gpu:NoSchedule, a:Never", /“a:Never”: the effect is one of/],
    ["-a:NoSchedule", /a key has/],
    ["a=-:NoSchedule", /a value has/],
    [Array.from({ length: 21 }, (_, index) => `a${index}:NoSchedule`).join(), /at most 20/],
  ])("%s", (text, reason) => expect(checkTaints(text) ?? "").toMatch(reason));
});

describe("labels", () => {
  test.each([
    ["", FINE],
    ["team=shop, tier=", FINE],
    ["example.com/team=shop", FINE],
    ["kubernetes.azure.com/mode=x", /AKS's own/],
    ["a.kubernetes.azure.com/mode=x", /AKS's own/],
    ["Example.com/x=y", /a key has/],
    ["=x", /a key has/],
    ["a=b c", /a value has/],
  ])("%s", (text, reason) => expect(checkLabels(text) ?? "").toMatch(reason));
});
