import { expect, test } from "vitest";
import { newPoolValues, toPoolInput } from "./add-pool-values.ts";

test("only what was filled in is sent", () => {
  expect(toPoolInput({ ...newPoolValues(), name: " apps ", vmSize: "Standard_D2s_v3" })).toEqual({
    name: "apps",
    mode: "USER",
    vmSize: "Standard_D2s_v3",
    count: 1,
  });
});
