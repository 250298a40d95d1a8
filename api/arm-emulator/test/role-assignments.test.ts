import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CALLER } from "../arm-errors.ts";
import { createEmulator } from "../emulator.ts";
import type { Emulator } from "../emulator.ts";
import { DEMO } from "../seed/demo-names.ts";
import { ANY_CREDENTIAL, loopbackHttpClient } from "./loopback.ts";

/** Who may pull from which registry, by the real clients. */

const subscription = `/subscriptions/${DEMO.subscriptionId}`;
const group = `${subscription}/resourceGroups/${DEMO.registry.resourceGroup}`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/${DEMO.registry.name}`;
const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const FIRST = "11111111-0000-4000-8000-000000000001";
const SECOND = "11111111-0000-4000-8000-000000000002";
const { principalId } = DEMO;

let emulator: Emulator;
let authorization: AuthorizationManagementClient;

beforeEach(async () => {
  emulator = await createEmulator({ port: 0, speed: 0, seed: "demo" });
  authorization = new AuthorizationManagementClient(ANY_CREDENTIAL, DEMO.subscriptionId, {
    httpClient: loopbackHttpClient(emulator.url),
  });
});

afterEach(() => emulator.stop());

function assign(name: string, options: { scope?: string; role?: string; principal?: string } = {}) {
  const { scope = registry, role = ACR_PULL, principal = principalId } = options;
  return authorization.roleAssignments.create(scope, name, {
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId: principal,
    principalType: "ServicePrincipal",
  });
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function names(scope: string, filter?: string): Promise<(string | undefined)[]> {
  const options = filter === undefined ? {} : { filter };
  return (await collect(authorization.roleAssignments.listForScope(scope, options))).map(({ name }) => name);
}

async function control(method: string, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${emulator.url}/_emulator/${path}`, { method, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}

async function kubeletOf(cluster: string): Promise<string> {
  const state = (await (await fetch(`${emulator.url}/_emulator/state`)).json()) as {
    resources: { name: string; properties: { identityProfile?: { kubeletidentity: { objectId: string } } } }[];
  };
  return (
    state.resources.find(({ name }) => name === cluster)?.properties.identityProfile?.kubeletidentity.objectId ?? ""
  );
}

describe("a role assignment", () => {
  test("is made, read and listed, and is gone when deleted", async () => {
    const made = await assign(FIRST);
    expect(made).toMatchObject({ name: FIRST, scope: registry, principalId, principalType: "ServicePrincipal" });
    expect(await authorization.roleAssignments.get(registry, FIRST)).toEqual(made);
    expect(await names(registry, `principalId eq '${principalId}'`)).toEqual([FIRST]);
    await authorization.roleAssignments.delete(registry, FIRST);
    expect(await names(registry, `principalId eq '${principalId}'`)).toEqual([]);
    await expect(authorization.roleAssignments.get(registry, FIRST)).rejects.toMatchObject({
      statusCode: 404,
      code: "RoleAssignmentNotFound",
    });
  });

  test("made again under the same id is the same assignment", async () => {
    expect(await assign(FIRST)).toEqual(await assign(FIRST));
    expect(await names(registry, `principalId eq '${principalId}'`)).toEqual([FIRST]);
  });

  test("of the same role to the same principal under another id is refused, naming the first", async () => {
    await assign(FIRST);
    await expect(assign(SECOND)).rejects.toMatchObject({
      statusCode: 409,
      code: "RoleAssignmentExists",
      message: `The role assignment already exists. The ID of the conflicting role assignment is ${FIRST.replaceAll("-", "")}.`,
    });
  });

  test("can't be turned into another one", async () => {
    await assign(FIRST);
    await expect(assign(FIRST, { role: READER })).rejects.toMatchObject({
      statusCode: 400,
      code: "RoleAssignmentUpdateNotPermitted",
    });
  });

  test.each([
    { what: "an id that is no GUID", name: "acrpull", options: {}, status: 400, code: "InvalidRoleAssignmentId" },
    {
      what: "a principal that is no GUID",
      name: FIRST,
      options: { principal: "me" },
      status: 400,
      code: "InvalidPrincipalId",
    },
    {
      what: "a role that is no GUID",
      name: FIRST,
      options: { role: "AcrPull" },
      status: 400,
      code: "InvalidRoleDefinitionId",
    },
    {
      what: "a role that isn't there",
      name: FIRST,
      options: { role: SECOND },
      status: 400,
      code: "RoleDefinitionDoesNotExist",
    },
    {
      what: "a resource that isn't there",
      name: FIRST,
      options: { scope: `${registry}x` },
      status: 404,
      code: "ResourceNotFound",
    },
    {
      what: "a resource group that isn't there",
      name: FIRST,
      options: { scope: `${subscription}/resourceGroups/none` },
      status: 404,
      code: "ResourceGroupNotFound",
    },
  ])("with $what is refused as $code", async ({ name, options, status, code }) => {
    await expect(assign(name, options)).rejects.toMatchObject({ statusCode: status, code });
  });
});

describe("the list of a scope", () => {
  beforeEach(async () => {
    await assign(FIRST, { scope: group, role: READER });
    await assign(SECOND);
  });

  test("holds what was assigned above it, at it and below it", async () => {
    expect(await names(group, `principalId eq '${principalId}'`)).toEqual([FIRST, SECOND]);
    expect(await names(registry, `principalId eq '${principalId}'`)).toEqual([FIRST, SECOND]);
  });

  test("leaves out what is below it for atScope()", async () => {
    expect(await names(group, `atScope() and assignedTo('${principalId}')`)).toEqual([FIRST]);
    expect(await names(group, "atScope()")).toHaveLength(2);
  });

  test("ignores the case of ids", async () => {
    expect(await names(registry.toLowerCase(), `principalId eq '${principalId.toUpperCase()}'`)).toEqual([
      FIRST,
      SECOND,
    ]);
  });

  test("refuses a filter it doesn't know", async () => {
    await expect(names(group, "scope eq 'x'")).rejects.toMatchObject({ statusCode: 400, code: "UnsupportedQuery" });
  });
});

describe("a scripted cluster's kubelet", () => {
  test("gets no role in scenario rbac-denied", async () => {
    await control("POST", "scenarios", { cluster: DEMO.stoppedCluster.name, scenario: "rbac-denied" });
    const principal = await kubeletOf(DEMO.stoppedCluster.name);
    await expect(assign(FIRST, { principal })).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthorizationFailed",
      message: `The client '${CALLER.clientId}' with object id '${CALLER.objectId}' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '${registry}/providers/Microsoft.Authorization/roleAssignments/${FIRST}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    });
  });

  test("of the demo world's production cluster may pull already", async () => {
    const principal = await kubeletOf(DEMO.runningCluster.name);
    await expect(assign(FIRST, { principal })).rejects.toMatchObject({ statusCode: 409, code: "RoleAssignmentExists" });
  });
});

describe("roles and permissions", () => {
  test("the built-in roles are found by name and by id", async () => {
    const [found] = await collect(authorization.roleDefinitions.list(registry, { filter: "roleName eq 'AcrPull'" }));
    expect(found).toMatchObject({
      name: ACR_PULL,
      roleType: "BuiltInRole",
      permissions: [{ actions: ["Microsoft.ContainerRegistry/registries/pull/read"] }],
    });
    expect(await authorization.roleDefinitions.get(registry, ACR_PULL)).toEqual(found);
    expect(
      await authorization.roleDefinitions.getById(`/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`),
    ).toMatchObject({
      roleName: "AcrPull",
    });
  });

  test("the caller may do everything", async () => {
    expect(await collect(authorization.permissions.listForResourceGroup(DEMO.registry.resourceGroup))).toMatchObject([
      { actions: ["*"], notActions: [] },
    ]);
  });
});
