import { CALLER } from "../../arm-errors.ts";
import type { ArmScope } from "../../arm-scope.ts";
import type { World } from "../../provider.ts";
import type { Resource } from "../../resource-store.ts";

export const ROLE_ASSIGNMENT_TYPE = "Microsoft.Authorization/roleAssignments";

export type PrincipalType = "User" | "Group" | "ServicePrincipal" | "ForeignGroup" | "Device";

/** What a GET of api-version 2022-04-01 answers. */
export type RoleAssignmentBody = {
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly principalType: PrincipalType;
    readonly scope: string;
    readonly condition: string | null;
    readonly conditionVersion: string | null;
    readonly createdOn: string;
    readonly updatedOn: string;
    readonly createdBy: string;
    readonly updatedBy: string;
    readonly delegatedManagedIdentityResourceId: string | null;
    readonly description: string | null;
  };
  readonly id: string;
  readonly type: string;
  readonly name: string;
};

export type RoleAssignment = Resource<RoleAssignmentBody>;

export function roleAssignmentId(scope: ArmScope, name: string): string {
  return `${scope.id}/providers/${ROLE_ASSIGNMENT_TYPE}/${name}`;
}

/** A role's id as assignments name it: under their own subscription, wherever the caller said the role is. */
export function roleDefinitionId(subscriptionId: string, name: string): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
}

/** All assignments in a subscription, at whatever scope. */
export function listRoleAssignments(world: World, subscriptionId: string): RoleAssignment[] {
  return world.resources.list<RoleAssignmentBody>({ type: ROLE_ASSIGNMENT_TYPE, subscriptionId });
}

/** Writes an assignment made now; of one that exists, description and condition are replaced. */
export function putRoleAssignment(
  world: World,
  assignment: {
    scope: ArmScope;
    name: string;
    /** The role's GUID. */
    roleDefinitionName: string;
    principalId: string;
    principalType: PrincipalType;
    condition?: string | null;
    conditionVersion?: string | null;
    description?: string | null;
  },
): RoleAssignment {
  const { scope, name, roleDefinitionName, principalId, principalType } = assignment;
  const id = roleAssignmentId(scope, name);
  const before = world.resources.get<RoleAssignmentBody>(id);
  const now = new Date(world.now()).toISOString();
  const body: RoleAssignmentBody = {
    properties: {
      roleDefinitionId: roleDefinitionId(scope.subscriptionId, roleDefinitionName),
      principalId,
      principalType,
      scope: scope.id,
      condition: assignment.condition ?? null,
      conditionVersion: assignment.conditionVersion ?? null,
      createdOn: before?.body.properties.createdOn ?? now,
      updatedOn: before?.body.properties.updatedOn ?? now,
      createdBy: CALLER.objectId,
      updatedBy: CALLER.objectId,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description ?? null,
    },
    id,
    type: ROLE_ASSIGNMENT_TYPE,
    name,
  };
  return world.resources.put({
    id,
    type: ROLE_ASSIGNMENT_TYPE,
    subscriptionId: scope.subscriptionId,
    resourceGroup: scope.resourceGroup,
    name,
    createdMs: before?.createdMs ?? world.now(),
    body,
    hidden: {},
  });
}
