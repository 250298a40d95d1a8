import { expect, test } from "vitest";
import { encodeId, splitGlobalId, tryDecodeId } from "./global-id.ts";

test.each(["abc", "/subscriptions/s/resourceGroups/Ünï", "a:b", ""])("an id comes back as it was: %j", (id) => {
  expect(tryDecodeId("Provision", encodeId("Provision", id))).toBe(id);
  expect(splitGlobalId(encodeId("Provision", id))).toEqual({ typename: "Provision", id });
});

test.each(["", "not an id", "é💥", encodeId("Registry", "x"), encodeId("ProvisionX", "x"), "UHJvdmlzaW9u"])(
  "%j is no id of a provision",
  (id) => {
    expect(tryDecodeId("Provision", id)).toBeUndefined();
  },
);
