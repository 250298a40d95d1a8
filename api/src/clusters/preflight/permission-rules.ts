import { type Remedy, command } from "../../shared/remedy.ts";
import { fail, pass, type Verdict } from "./check.ts";
import type { OwnIdentity, Permission } from "./preflight-gateway.ts";

/**
 * Rights that a create needs. AKS makes the node resource group (`MC_…`) and what is in it on its own rights, so that a right on the
 * cluster's resource group is enough: https://learn.microsoft.com/azure/aks/aks-service-permissions
 */
export const CREATE_CLUSTER_ACTIONS: readonly string[] = [
  "Microsoft.ContainerService/managedClusters/read",
  "Microsoft.ContainerService/managedClusters/write",
];
export const CREATE_GROUP_ACTIONS: readonly string[] = [
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.Resources/subscriptions/resourceGroups/write",
];
export const GRANT_ROLE_ACTIONS: readonly string[] = ["Microsoft.Authorization/roleAssignments/write"];

/**
 * Whether role assignments allow an action: at least one of them has it and does not take it out again. What one leaves out
 * another may give. https://learn.microsoft.com/azure/role-based-access-control/role-definitions#how-azure-rbac-computes-effective-permissions
 */
export function isAllowed(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) && !notActions.some((pattern) => covers(pattern, action)),
  );
}

/** `*` stands for any text, slashes included; case does not count. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

/** What must be allowed where, and the built-in role that gives it. */
export interface NeededRight {
  readonly scope: string;
  readonly scopeName: string;
  readonly actions: readonly string[];
  readonly role: string;
  /** What it is needed for, to stand after "may"; `scopeName` after "on". */
  readonly purpose: string;
}

export function judgeRights(
  needed: NeededRight,
  permissions: readonly Permission[],
  identity: OwnIdentity | undefined,
): Verdict {
  const missing = needed.actions.filter((action) => !isAllowed(permissions, action));
  if (missing.length === 0) return pass(`Slipway's identity may ${needed.purpose}.`);
  const who = identity ? `Slipway's identity (object id ${identity.objectId})` : "Slipway's identity";
  return fail(
    `${who} may not ${needed.purpose}: it lacks ${missing.join(", ")}. The role ${needed.role} on ${needed.scopeName} gives that.`,
    [grantCommand(needed, identity)],
  );
}

/** What somebody who may has to run, so that the right is there. */
export function grantCommand({ role, scope, scopeName }: NeededRight, identity: OwnIdentity | undefined): Remedy {
  const assignee = identity
    ? ["--assignee-object-id", identity.objectId, "--assignee-principal-type", identity.principalType]
    : ["--assignee", "<id of Slipway's identity>"];
  return command(
    `Grant ${role} on ${scopeName}, with an account that may`,
    ...["az", "role", "assignment", "create", ...assignee, "--role", role, "--scope", scope],
  );
}
