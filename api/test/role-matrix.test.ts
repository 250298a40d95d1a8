import { readFile } from "node:fs/promises";
import {
  extendSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  parse,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROLES, type Role } from "../src/auth/viewer.ts";
import { schema } from "../src/schema.ts";
import { startSlipway, type Slipway } from "./harness.ts";
import { startIdentityProvider, type IdentityProvider } from "./identity-provider.ts";
import { connectProtocol } from "./protocol-client.ts";

const VIEWER = "Slipway.Viewer";
const OPERATOR = "Slipway.Operator";
const ADMIN = "Slipway.Admin";

/** The least role for each field of the roots. A field that is not in here fails the suite: whoever adds one decides who may use it. */
const LEAST_ROLE: Readonly<Record<string, Readonly<Record<string, Role>>>> = {
  Query: {
    activity: VIEWER,
    azure: VIEWER,
    builds: VIEWER,
    buildsInFlight: VIEWER,
    cluster: VIEWER,
    clusterOperation: VIEWER,
    clusters: VIEWER,
    kubernetesVersions: VIEWER,
    locations: VIEWER,
    node: VIEWER,
    nodes: VIEWER,
    preflight: VIEWER,
    provision: VIEWER,
    provisions: VIEWER,
    registries: VIEWER,
    registry: VIEWER,
    systemHealth: ADMIN,
    viewer: VIEWER,
    vmSizes: VIEWER,
  },
  Mutation: {
    addNodePool: OPERATOR,
    cancelBuild: OPERATOR,
    cancelProvision: OPERATOR,
    cleanUpProvision: OPERATOR,
    deleteCluster: OPERATOR,
    dismissProvision: OPERATOR,
    grantRoles: OPERATOR,
    removeNodePool: OPERATOR,
    retryProvision: OPERATOR,
    scaleNodePool: OPERATOR,
    startBuilds: OPERATOR,
    startCluster: OPERATOR,
    startProvision: OPERATOR,
    stopCluster: OPERATOR,
  },
  Subscription: {
    acrRepositoryUpdated: VIEWER,
    activityRecorded: VIEWER,
    buildLog: VIEWER,
    buildProgress: VIEWER,
    buildUpdated: VIEWER,
    clusterLookUpdated: VIEWER,
    clusterOperationProgress: VIEWER,
    clusterOperationUpdated: VIEWER,
    clusterUpdated: VIEWER,
    preflightChecks: VIEWER,
    provisionProgress: VIEWER,
    provisionTimeline: VIEWER,
    provisionUpdated: VIEWER,
    registryUpdated: VIEWER,
    storeStateUpdated: VIEWER,
    systemHealthUpdated: ADMIN,
  },
};

const ROOTS = rootsOf(schema);
const CELLS = ROOTS.flatMap((root) =>
  Object.values(root.getFields()).flatMap((field) => [...ROLES, undefined].map((role) => ({ root, field, role }))),
);

let provider: IdentityProvider;
let slipway: Slipway;
beforeAll(async () => {
  provider = await startIdentityProvider({});
  slipway = await startSlipway({ settings: provider.settings });
});
afterAll(async () => {
  await slipway.stop();
  await provider.stop();
});

test("every field of the roots has a least role, and no other has", () => {
  expect(unruledFields(schema)).toEqual([]);
  const ruled = Object.entries(LEAST_ROLE).flatMap(([root, fields]) =>
    Object.keys(fields).map((name) => `${root}.${name}`),
  );
  expect(ruled.toSorted()).toEqual(ROOTS.flatMap(namesOf).toSorted());
});

test("a field that is added to a root without a least role is found", () => {
  const extended = extendSchema(
    schema,
    parse(
      "extend type Query { added: Int } extend type Mutation { added: Int } extend type Subscription { added: Int }",
    ),
  );
  expect(unruledFields(extended)).toEqual(["Query.added", "Mutation.added", "Subscription.added"]);
});

test("docs/security.md tells how many fields and roles are walked", async () => {
  const text = await readFile(new URL("../../docs/security.md", import.meta.url), "utf8");
  const fields = ROOTS.flatMap(namesOf).length;
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    `${fields} fields of the roots × ${ROLES.length} roles and none: ${CELLS.length} answers`,
  );
});

describe.each(CELLS)("$root.name.$field.name for $role", ({ root, field, role }) => {
  const least = LEAST_ROLE[root.name]?.[field.name];
  const isAllowed = role !== undefined && least !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(least);

  test(`is ${isAllowed ? "let through" : "refused"}`, async () => {
    const authorization = `Bearer ${await provider.accessToken(role === undefined ? [] : [role])}`;
    const answer =
      root.name === "Subscription"
        ? await subscribe(documentOf(root, field), authorization)
        : await ask(documentOf(root, field), authorization);
    const isRefused = /"(code|__typename)":"(FORBIDDEN|ForbiddenError)"|4403/.test(answer);
    expect(isRefused, answer).toBe(!isAllowed);
  });
});

test("whoever has no credentials is refused before anything is looked at", async () => {
  for (const { root, field } of CELLS) {
    if (root.name === "Subscription") continue;
    expect(await ask(documentOf(root, field), undefined)).toContain('"code":"UNAUTHENTICATED"');
  }
});

function rootsOf(walked: GraphQLSchema): readonly GraphQLObjectType[] {
  const roots = [walked.getQueryType(), walked.getMutationType(), walked.getSubscriptionType()];
  return roots.filter((type) => type !== undefined && type !== null);
}

function namesOf(root: GraphQLObjectType): readonly string[] {
  return Object.keys(root.getFields()).map((name) => `${root.name}.${name}`);
}

function unruledFields(walked: GraphQLSchema): readonly string[] {
  return rootsOf(walked)
    .flatMap(namesOf)
    .filter((name) => {
      const [root = "", field = ""] = name.split(".");
      return LEAST_ROLE[root]?.[field] === undefined;
    });
}

async function ask(query: string, authorization: string | undefined): Promise<string> {
  const headers = { "content-type": "application/json", ...(authorization && { authorization }) };
  return (await slipway.api.http({ headers, body: JSON.stringify({ query }) })).text;
}

/** What came of it by the time that a query behind it was answered, or how the connection was closed. */
async function subscribe(query: string, authorization: string): Promise<string> {
  const client = await connectProtocol(slipway.api.url);
  try {
    await client.init({ authorization });
  } catch {
    return JSON.stringify(await client.closed);
  }
  client.subscribe("asked", query);
  client.subscribe("behind", "{ clusters { __typename } }");
  await client.until(({ id }) => id === "behind");
  client.socket.terminate();
  return JSON.stringify(client.messages);
}

function documentOf(root: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string {
  const required = field.args.filter(({ type }) => isNonNullType(type));
  const args = required.map(({ name, type }) => `${name}: ${literalOf(type)}`).join(", ");
  const selection = isLeafType(getNamedType(field.type)) ? "" : "{ __typename }";
  return `${root.name.toLowerCase()} { ${field.name}${args && `(${args})`} ${selection} }`;
}

/** The least that fits the type, good for nothing: who may ask is decided before what for. */
function literalOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(type.ofType);
  if (isListType(type)) return `[${literalOf(type.ofType)}]`;
  if (isEnumType(type)) return String(type.getValues()[0]?.name);
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return `{ ${required.map(({ name, type: inner }) => `${name}: ${literalOf(inner)}`).join(", ")} }`;
  }
  if (type.name === "Int" || type.name === "Float") return "1";
  if (type.name === "Boolean") return "true";
  return '"unknown"';
}
