import { describe, expect, test } from "vitest";
import { isAllowed, judgeRights, type NeededRight } from "./permission-rules.ts";
import type { Permission } from "./preflight-gateway.ts";

const WRITE = "Microsoft.ContainerService/managedClusters/write";
const GRANT = "Microsoft.Authorization/roleAssignments/write";

const OWNER: Permission = { actions: ["*"], notActions: [] };
const CONTRIBUTOR: Permission = {
  actions: ["*"],
  notActions: ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"],
};
const READER: Permission = { actions: ["*/read"], notActions: [] };
const GRANTER: Permission = { actions: ["Microsoft.Authorization/roleAssignments/write"], notActions: [] };

describe("whether an action is allowed", () => {
  test.each([
    ["an Owner may grant", [OWNER], GRANT, true],
    ["a Contributor may create", [CONTRIBUTOR], WRITE, true],
    ["a Contributor may not grant", [CONTRIBUTOR], GRANT, false],
    ["what one role leaves out another may give", [CONTRIBUTOR, GRANTER], GRANT, true],
    ["a Reader may not create", [READER], WRITE, false],
    ["a Reader may read", [READER], "Microsoft.ContainerService/managedClusters/read", true],
    ["case does not count", [{ actions: [WRITE.toUpperCase()], notActions: [] }], WRITE, true],
    ["a wildcard spans segments", [{ actions: ["Microsoft.ContainerService/*"], notActions: [] }], WRITE, true],
    [
      "a pattern is the whole action, not its beginning",
      [{ actions: ["Microsoft.ContainerService/managed"], notActions: [] }],
      WRITE,
      false,
    ],
    ["nor its end", [{ actions: ["ContainerService/managedClusters/write"], notActions: [] }], WRITE, false],
    ["a dot is a dot", [{ actions: ["MicrosoftXContainerService/*"], notActions: [] }], WRITE, false],
    ["no role, no right", [], WRITE, false],
  ] as const)("%s", (_what, permissions, action, expected) => {
    expect(isAllowed(permissions, action)).toBe(expected);
  });
});

describe("a missing right", () => {
  const needed: NeededRight = {
    scope: "/subscriptions/s/resourceGroups/a(b)",
    scopeName: "resource group 'a(b)'",
    actions: [WRITE],
    role: "Contributor",
    purpose: "create clusters there",
  };

  test("is told with the action, the role, and a command that a shell takes as it is", () => {
    const verdict = judgeRights(needed, [READER], { objectId: "oid", principalType: "ServicePrincipal" });
    expect(verdict.status).toBe("FAIL");
    expect(verdict.message).toBe(
      `Slipway's identity (object id oid) may not create clusters there: it lacks ${WRITE}. The role Contributor on resource group 'a(b)' gives that.`,
    );
    expect(verdict.remedies[0]?.command).toBe(
      "az role assignment create --assignee-object-id oid --assignee-principal-type ServicePrincipal --role Contributor --scope '/subscriptions/s/resourceGroups/a(b)'",
    );
  });

  test("says whom to put in when the sign-in does not tell who Slipway is", () => {
    expect(judgeRights(needed, [], undefined).remedies[0]?.command).toContain("--assignee '<id of Slipway");
  });
});
