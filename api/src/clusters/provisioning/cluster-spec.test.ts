import { expect, test } from "vitest";
import { isOurs, PROVISION_TAG, slipwayTags, toDnsPrefix } from "./cluster-spec.ts";
import { newProvision } from "./provision.fixture.ts";

test.each([
  ["one", "one"],
  ["My_Cluster", "My-Cluster"],
  ["a".repeat(63), "a".repeat(54)],
  [`${"a".repeat(53)}_b`, "a".repeat(53)],
  ["9lives", "9lives"],
  ["a_-_b", "a---b"],
])("the DNS prefix of %j is %j", (name, prefix) => {
  expect(toDnsPrefix(name)).toBe(prefix);
  expect(prefix).toMatch(/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/);
});

test("a cluster is known again by its tag, which nobody's own tag can take away", () => {
  const provision = newProvision({ tags: { team: "shop", [PROVISION_TAG]: "forged" } });
  const tags = slipwayTags(provision);
  expect(tags).toEqual({ team: "shop", "managed-by": "slipway", [PROVISION_TAG]: provision.id });
  expect(isOurs({ tags } as never, provision.id)).toBe(true);
  expect(isOurs({ tags } as never, "another")).toBe(false);
});
