import { authorizationFailed, CALLER, invalidRequestContent, wrappedError } from "../arm-errors.ts";
import { existingScope, isWithin } from "../arm-scope.ts";
import type { ArmScope } from "../arm-scope.ts";
import type { ArmReply, ArmRequest, Provider, World } from "../provider.ts";
import {
  listRoleAssignments,
  putRoleAssignment,
  roleAssignmentId,
  roleDefinitionId,
} from "./authorization/role-assignment.ts";
import type { PrincipalType, RoleAssignment, RoleAssignmentBody } from "./authorization/role-assignment.ts";
import { findRoleDefinition, ROLE_DEFINITIONS } from "./authorization/role-definitions.ts";
import type { RoleDefinition } from "./authorization/role-definitions.ts";
import { roleAssignmentFate } from "./containerservice/cluster-facts.ts";

const ASSIGNMENT_PATH = "/{scope*}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Role assignments at any scope, the built-in roles, and what the caller may do. The caller is an Owner everywhere. */
export const microsoftAuthorization: Provider = {
  namespace: "Microsoft.Authorization",
  resourceTypes: ["roleAssignments", "roleDefinitions", "permissions"],
  routes: [
    { method: "PUT", path: ASSIGNMENT_PATH, operation: "roleAssignments.create", handle: createAssignment },
    { method: "GET", path: ASSIGNMENT_PATH, operation: "roleAssignments.get", handle: getAssignment },
    { method: "DELETE", path: ASSIGNMENT_PATH, operation: "roleAssignments.delete", handle: deleteAssignment },
    {
      method: "GET",
      path: "/{scope*}/providers/Microsoft.Authorization/roleAssignments",
      operation: "roleAssignments.listForScope",
      handle: listAssignments,
    },
    {
      method: "GET",
      path: "/{scope*}/providers/Microsoft.Authorization/roleDefinitions",
      operation: "roleDefinitions.list",
      handle: listDefinitions,
    },
    {
      method: "GET",
      path: "/{scope*}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
      operation: "roleDefinitions.get",
      handle: getDefinition,
    },
    {
      method: "GET",
      path: "/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
      operation: "roleDefinitions.getById",
      handle: getDefinition,
    },
    {
      method: "GET",
      path: "/{scope*}/providers/Microsoft.Authorization/permissions",
      operation: "permissions.list",
      handle: (request, world) => {
        existingScope(request.params["scope"] ?? "", world);
        return {
          status: 200,
          body: { value: [{ actions: ["*"], notActions: [], dataActions: [], notDataActions: [] }] },
        };
      },
    },
  ],
};

/** https://learn.microsoft.com/rest/api/authorization/role-assignments/create */
function createAssignment(request: ArmRequest, world: World): ArmReply {
  const { name, scope, id } = assignmentOf(request, world);
  const asked = parseAssignment(request.body);
  const fate = roleAssignmentFate(world, asked.principalId);
  if (fate === "denied") throw authorizationFailed("Microsoft.Authorization/roleAssignments/write", id);
  const definition = findRoleDefinition(asked.roleDefinitionName);
  if (definition === undefined) throw roleDefinitionDoesNotExist(asked.roleDefinitionName);

  if (fate === "principalNotFound") throw principalNotFound(asked.principalId);

  const wantedRole = roleDefinitionId(scope.subscriptionId, definition.name);
  const isSame = ({ body: { properties } }: RoleAssignment): boolean =>
    equal(properties.principalId, asked.principalId) &&
    equal(properties.roleDefinitionId, wantedRole) &&
    equal(properties.scope, scope.id);
  const before = world.resources.get<RoleAssignmentBody>(id);
  if (before !== undefined && !isSame(before)) throw updateNotPermitted();
  const twin = listRoleAssignments(world, scope.subscriptionId).find((other) => isSame(other) && !equal(other.id, id));
  if (twin !== undefined) throw roleAssignmentExists(twin.name);

  const { principalType = "ServicePrincipal", ...rest } = asked;
  const { body } = putRoleAssignment(world, {
    ...rest,
    principalType,
    scope,
    name,
    roleDefinitionName: definition.name,
  });
  return { status: before === undefined ? 201 : 200, body };
}

function getAssignment(request: ArmRequest, world: World): ArmReply {
  const { name, id } = assignmentOf(request, world);
  const assignment = world.resources.get<RoleAssignmentBody>(id);
  if (assignment === undefined) {
    throw wrappedError(404, "RoleAssignmentNotFound", `The role assignment '${name}' is not found.`);
  }
  return { status: 200, body: assignment.body };
}

function deleteAssignment(request: ArmRequest, world: World): ArmReply {
  const { id } = assignmentOf(request, world);
  const assignment = world.resources.get<RoleAssignmentBody>(id);
  if (assignment === undefined) return { status: 204 };
  world.resources.delete(id);
  return { status: 200, body: assignment.body };
}

/**
 * Without a filter: all at the scope, above it and below it. `atScope()` leaves out those below.
 * https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
function listAssignments(request: ArmRequest, world: World): ArmReply {
  const scope = existingScope(request.params["scope"] ?? "", world);
  const filter = parseAssignmentFilter(request.query.get("$filter"));
  const value = listRoleAssignments(world, scope.subscriptionId)
    .map(({ body }) => body)
    .filter(({ properties }) => {
      const isAbove = isWithin(scope.id, properties.scope);
      if (!isAbove && (filter.isAtScope || !isWithin(properties.scope, scope.id))) return false;
      return filter.principalId === undefined || equal(properties.principalId, filter.principalId);
    });
  return { status: 200, body: { value } };
}

function parseAssignmentFilter(filter: string | null): { isAtScope: boolean; principalId?: string } {
  const found: { isAtScope: boolean; principalId?: string } = { isAtScope: false };
  for (const term of (filter ?? "").split(/\s+and\s+/i).map((part) => part.trim())) {
    const principal = /^(?:principalId\s+eq\s+'([^']*)'|assignedTo\('([^']*)'\))$/i.exec(term);
    if (principal !== null) found.principalId = principal[1] ?? principal[2] ?? "";
    else if (/^atScope\(\)$/i.test(term)) found.isAtScope = true;
    else if (term !== "") throw unsupportedFilter(term);
  }
  return found;
}

function listDefinitions(request: ArmRequest, world: World): ArmReply {
  const scope = existingScope(request.params["scope"] ?? "", world);
  let definitions = ROLE_DEFINITIONS;
  for (const term of (request.query.get("$filter") ?? "").split(/\s+and\s+/i).map((part) => part.trim())) {
    const equality = /^(roleName|type)\s+eq\s+'([^']*)'$/i.exec(term);
    if (equality !== null) {
      const [, field = "", text = ""] = equality;
      definitions = definitions.filter(({ roleName }) => equal(equal(field, "type") ? "BuiltInRole" : roleName, text));
    } else if (term !== "" && !/^atScopeAndBelow\(\)$/i.test(term)) {
      throw unsupportedFilter(term);
    }
  }
  return { status: 200, body: { value: definitions.map((definition) => toAnswer(definition, scope)) } };
}

function getDefinition(request: ArmRequest, world: World): ArmReply {
  const { scope: path, roleDefinitionId: name = "" } = request.params;
  const scope = path === undefined ? undefined : existingScope(path, world);
  const definition = findRoleDefinition(name);
  if (definition === undefined) throw roleDefinitionDoesNotExist(name, 404);
  return { status: 200, body: toAnswer(definition, scope) };
}

function toAnswer(definition: RoleDefinition, scope: ArmScope | undefined) {
  const { name, roleName, description, actions, notActions, dataActions } = definition;
  const prefix = scope === undefined ? "" : `/subscriptions/${scope.subscriptionId}`;
  return {
    properties: {
      roleName,
      type: "BuiltInRole",
      description,
      assignableScopes: ["/"],
      permissions: [{ actions, notActions, dataActions, notDataActions: [] }],
    },
    id: `${prefix}/providers/Microsoft.Authorization/roleDefinitions/${name}`,
    type: "Microsoft.Authorization/roleDefinitions",
    name,
  };
}

function assignmentOf(request: ArmRequest, world: World): { name: string; scope: ArmScope; id: string } {
  const name = request.params["roleAssignmentName"] ?? "";
  if (!GUID.test(name)) {
    throw wrappedError(
      400,
      "InvalidRoleAssignmentId",
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
  }
  const scope = existingScope(request.params["scope"] ?? "", world);
  return { name, scope, id: roleAssignmentId(scope, name) };
}

function parseAssignment(json: unknown) {
  const properties = asObject(asObject(json)?.["properties"]);
  if (properties === undefined) throw invalidRequestContent("The property 'properties' is required");
  const { principalId, roleDefinitionId, principalType, condition, conditionVersion, description } = properties;
  if (typeof principalId !== "string" || principalId === "") {
    throw wrappedError(400, "InvalidPrincipalId", "A valid principal ID must be provided for role assignment.");
  }
  if (!GUID.test(principalId)) {
    throw wrappedError(
      400,
      "InvalidPrincipalId",
      `The Principal ID '${principalId}' is not valid. Principal ID must be a GUID.`,
    );
  }
  const roleDefinitionName =
    String(roleDefinitionId ?? "")
      .split("/")
      .at(-1) ?? "";
  if (!GUID.test(roleDefinitionName)) {
    throw wrappedError(400, "InvalidRoleDefinitionId", `The role definition ID '${roleDefinitionName}' is not valid.`);
  }
  return {
    principalId,
    roleDefinitionName,
    principalType: typeof principalType === "string" ? (principalType as PrincipalType) : undefined,
    condition: typeof condition === "string" ? condition : null,
    conditionVersion: typeof conditionVersion === "string" ? conditionVersion : null,
    description: typeof description === "string" ? description : null,
  };
}

function asObject(json: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? (json as Record<string, unknown>)
    : undefined;
}

function equal(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** RBAC's texts print GUIDs without dashes. */
function withoutDashes(guid: string): string {
  return guid.replaceAll("-", "").toLowerCase();
}

function principalNotFound(principalId: string): Error {
  return wrappedError(
    400,
    "PrincipalNotFound",
    `Principal ${withoutDashes(principalId)} does not exist in the directory ${CALLER.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
  );
}

function roleAssignmentExists(existingName: string): Error {
  return wrappedError(
    409,
    "RoleAssignmentExists",
    `The role assignment already exists. The ID of the conflicting role assignment is ${withoutDashes(existingName)}.`,
  );
}

function updateNotPermitted(): Error {
  return wrappedError(
    400,
    "RoleAssignmentUpdateNotPermitted",
    "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
  );
}

function roleDefinitionDoesNotExist(name: string, status = 400): Error {
  return wrappedError(
    status,
    "RoleDefinitionDoesNotExist",
    `The specified role definition with ID '${withoutDashes(name)}' does not exist.`,
  );
}

function unsupportedFilter(term: string): Error {
  return wrappedError(400, "UnsupportedQuery", `The filter '${term}' is not supported.`);
}
