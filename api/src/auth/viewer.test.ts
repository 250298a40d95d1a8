import { expect, test } from "vitest";
import {
  ForbiddenError,
  LOCAL_VIEWER,
  may,
  requirePermission,
  type Permission,
  type Role,
  type Viewer,
} from "./viewer.ts";

const viewer = (...roles: readonly Role[]): Viewer => ({ id: "v", name: "Somebody", roles });

test.each<[string, Viewer, readonly Permission[]]>([
  ["nobody", viewer(), []],
  ["a viewer", viewer("Slipway.Viewer"), ["activity:read", "clusters:read", "registries:read"]],
  ["an operator", viewer("Slipway.Operator"), ["activity:read", "clusters:read", "clusters:write", "registries:read"]],
  [
    "an administrator",
    viewer("Slipway.Admin"),
    ["activity:read", "clusters:read", "clusters:write", "registries:read"],
  ],
  [
    "a viewer who is an operator too",
    viewer("Slipway.Viewer", "Slipway.Operator"),
    ["activity:read", "clusters:read", "clusters:write", "registries:read"],
  ],
  ["the local viewer", LOCAL_VIEWER, ["activity:read", "clusters:read", "clusters:write", "registries:read"]],
])("%s may do what the roles say and nothing else", (_who, who, permissions) => {
  const all: readonly Permission[] = ["activity:read", "clusters:read", "clusters:write", "registries:read"];
  expect(all.filter((permission) => may(who, permission))).toEqual(permissions);
});

test("a refusal names the role that is missing", () => {
  expect(() => requirePermission(viewer("Slipway.Viewer"), "clusters:write")).toThrow(ForbiddenError);
  expect(() => requirePermission(viewer("Slipway.Viewer"), "clusters:write")).toThrow(/role Slipway\.Operator/);
  expect(() => requirePermission(viewer("Slipway.Operator"), "clusters:write")).not.toThrow();
});
