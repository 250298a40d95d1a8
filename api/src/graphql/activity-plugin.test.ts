import { graphql } from "graphql";
import { beforeEach, expect, test, vi } from "vitest";
import type { ActivityEnding } from "../activity/activity.ts";
import { ForbiddenError, type Viewer } from "../auth/viewer.ts";
import type { GraphQLContext, Services } from "../context.ts";
import { BuildRefusedError } from "../registry/builds/build.errors.ts";
import { schema } from "../schema.ts";
import { InvalidInputError } from "../shared/invalid-input-error.ts";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import { encodeId } from "./global-id.ts";

const VIEWER: Viewer = { id: "ada", name: "Ada", roles: [] };
const REGISTRY = encodeId(
  "Registry",
  "/subscriptions/s/resourcegroups/g/providers/microsoft.containerregistry/registries/acr",
);
const image = (name: string): object => ({ image: name, tag: "1", source: { gitUrl: "https://github.com/a/b" } });
const START_BUILDS = `mutation ($input: StartBuildsInput!) { startBuilds(input: $input) { __typename ... on Error { code } } }`;
const CANCEL_BUILD = `mutation ($id: ID!) { cancelBuild(buildId: $id) { __typename ... on Error { code } } }`;

const begun = vi.fn<Services["activity"]["begin"]>();
const ended: (ActivityEnding | undefined)[] = [];
/** What happened, in order. */
const order: string[] = [];

beforeEach(() => {
  ended.length = 0;
  order.length = 0;
  begun.mockReset();
  begun.mockImplementation(async () => {
    order.push("intended");
    return {
      async end(ending) {
        order.push("told");
        ended.push(ending);
      },
    };
  });
});

async function startBuilds(start: () => unknown, images = [image("a"), image("b")]) {
  const builds = {
    async start() {
      order.push("done");
      return start();
    },
  };
  return run(START_BUILDS, { input: { registryId: REGISTRY, images } }, { builds });
}

function run(source: string, variableValues: Record<string, unknown>, services: object) {
  const contextValue = { viewer: VIEWER, address: "10.0.0.7", services: { activity: { begin: begun }, ...services } };
  return graphql({ schema, source, variableValues, contextValue: contextValue as unknown as GraphQLContext });
}

function refuseWith(error: Error): () => never {
  return () => {
    throw error;
  };
}

test("the intent is stored before the act, the outcome after it", async () => {
  await startBuilds(() => [{ image: "a", tag: "1", build: { id: "b1" } }]);
  expect(order).toEqual(["intended", "done", "told"]);
  expect(begun).toHaveBeenCalledWith(
    VIEWER,
    "START_BUILDS",
    { id: REGISTRY, name: "acr", detail: "a:1, b:1" },
    "10.0.0.7",
  );
  expect(ended).toEqual([{ outcome: "ACCEPTED", started: [encodeId("AcrBuild", "b1")] }]);
});

test("an act that the store can't record is not done, and the answer says why", async () => {
  begun.mockRejectedValue(new StoreUnavailableError("The store is out."));
  const answer = await startBuilds(() => []);
  expect(answer.data).toEqual({ startBuilds: { __typename: "ServiceUnavailableError", code: "STORE_UNAVAILABLE" } });
  expect(order).toEqual([]);
});

test("input that can't be used leaves nothing", async () => {
  await startBuilds(refuseWith(new InvalidInputError([{ path: "images.0.tag", message: "No." }])));
  expect(ended).toEqual([undefined]);
});

test("a refusal for want of a role is told with its code and reason", async () => {
  const error = new ForbiddenError("registries:build");
  await startBuilds(refuseWith(error));
  expect(ended).toEqual([{ outcome: "REFUSED", code: "FORBIDDEN", message: error.message, started: [] }]);
});

test("who may not even see what they act on is told of, without its name", async () => {
  const builds = {
    get: refuseWith(new ForbiddenError("registries:read")),
    cancel: refuseWith(new ForbiddenError("registries:build")),
  };
  const answer = await run(CANCEL_BUILD, { id: encodeId("AcrBuild", "b1") }, { builds });
  expect(answer.data).toEqual({ cancelBuild: { __typename: "ForbiddenError", code: "FORBIDDEN" } });
  expect(begun).toHaveBeenCalledWith(VIEWER, "CANCEL_BUILD", { id: "", name: "" }, "10.0.0.7");
  expect(ended).toMatchObject([{ outcome: "REFUSED", code: "FORBIDDEN" }]);
});

test("an error that nobody foresaw leaves the outcome unknown, and goes on to the mask", async () => {
  const answer = await startBuilds(refuseWith(new TypeError("defect")));
  expect(answer.errors?.[0]?.originalError).toBeInstanceOf(TypeError);
  expect(ended).toMatchObject([{ outcome: "UNKNOWN", started: [] }]);
});

test.each([
  [
    "some began",
    ["b1", undefined],
    { outcome: "ACCEPTED", message: "1 of 2 refused: Azure refused the build (X): no" },
  ],
  ["none began", [undefined, undefined], { outcome: "REFUSED", code: "BUILD_REFUSED" }],
])("of several builds: %s", async (_what, ids, expected) => {
  await startBuilds(() =>
    ids.map((id) => (id === undefined ? { error: new BuildRefusedError("X", "no") } : { build: { id } })),
  );
  expect(ended).toMatchObject([expected]);
});
