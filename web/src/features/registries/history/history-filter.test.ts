import { expect, test } from "vitest";
import { historyAddress, parseHistoryFilter, queryOf } from "./history-filter.ts";

test.each([
  [{}, "/registries/r1/builds"],
  [{ image: "shop/web" }, "/registries/r1/builds?image=shop%2Fweb"],
  [{ image: "shop/web", state: "failed" }, "/registries/r1/builds?image=shop%2Fweb&state=failed"],
  [{ image: " ", state: "nonsense" }, "/registries/r1/builds"],
  [{ image: ["a", "b"], state: ["failed"] }, "/registries/r1/builds"],
])("the query %j is the address %s", (query, address) => {
  expect(historyAddress("r1", parseHistoryFilter(query))).toBe(address);
});

test("no filter asks for everything, others for what they name", () => {
  expect(queryOf({ image: "", state: "all" })).toEqual({ image: null, statuses: null });
  expect(queryOf({ image: "shop/web", state: "in-flight" })).toEqual({
    image: "shop/web",
    statuses: ["UNKNOWN", "QUEUED", "STARTED", "RUNNING"],
  });
});
