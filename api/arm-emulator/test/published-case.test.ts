import { describe, expect, test } from "vitest";
import { changedAnswers } from "./changed-answers.ts";
import { CLEAN, judge, judgeBy } from "./published-case.ts";
import type { WireAnswer } from "./published-case.ts";
import { notInDefinition } from "./published-definition.ts";

const group = {
  id: "/subscriptions/s/resourceGroups/g",
  name: "g",
  location: "eastus",
  properties: { provisioningState: "Succeeded" },
};
const example = {
  answer: "a group",
  example: "resources-2024-07-01/CreateResourceGroup",
  status: 200,
  ask: () => Promise.reject(new Error("not asked")),
};
const type = { path: "type", sample: "", source: "here" };

function answerOf(body: unknown, headers = {}): WireAnswer {
  return { status: 200, headers, body };
}

describe("an answer held against a published example", () => {
  test("that has its shape passes", () => {
    expect(judge(example, answerOf(group))).toEqual(CLEAN);
  });

  test("may have a field that is listed with its source, and no other", () => {
    expect(judge({ ...example, alsoAnswered: [type] }, answerOf({ ...group, type: "x" }))).toEqual(CLEAN);
    expect(
      judge({ ...example, alsoAnswered: [type] }, answerOf({ ...group, type: "x", kind: "y" })).unexpected,
    ).toEqual([{ kind: "unknown-field", path: "kind", types: "string" }]);
  });

  test("may lack a field that is listed with the reason, and no other", () => {
    const { name: _, location: __, ...rest } = group;
    const verdict = judge({ ...example, cantMatch: [{ path: "name", because: "so" }] }, answerOf(rest));
    expect(verdict.unexpected).toEqual([{ kind: "missing-field", path: "location", types: "string" }]);
    expect(verdict.staleCantMatch).toEqual([]);
  });

  test("is never excused for a wrong type", () => {
    const listed = { ...example, cantMatch: [{ path: "name", because: "so" }] };
    const verdict = judge(listed, answerOf({ ...group, name: 1 }));
    expect(verdict.unexpected).toEqual([
      { kind: "wrong-type", path: "name", types: "number", expectedTypes: "string" },
    ]);
    expect(verdict.staleCantMatch).toEqual(["name"]);
  });

  test("makes a list entry fail that it doesn't need", () => {
    const listed = { ...example, alsoAnswered: [type], cantMatch: [{ path: "name", because: "so" }] };
    expect(judge(listed, answerOf(group))).toEqual({ ...CLEAN, staleAlsoAnswered: ["type"], staleCantMatch: ["name"] });
  });

  test("must have the headers that the example has, in any casing", () => {
    const response = { headers: { "Azure-AsyncOperation": "u", location: "u" } };
    expect(
      judgeBy(response, {}, { status: 202, headers: { "azure-asyncoperation": "v" }, body: undefined }).missingHeaders,
    ).toEqual(["location"]);
  });

  test("has no body when the example has none", () => {
    expect(judgeBy({}, {}, answerOf({})).unexpected).toEqual([{ kind: "unknown-field", path: "", types: "a body" }]);
    expect(judge(example, answerOf(undefined)).unexpected).toEqual([
      { kind: "missing-field", path: "", types: "a body" },
    ]);
  });
});

describe("a value held against one of ARM's common types", () => {
  test("may leave out any field", () => {
    expect(notInDefinition("ErrorResponse", { error: { code: "x", details: [{ code: "y", message: "z" }] } })).toEqual(
      [],
    );
  });

  test.each([
    { what: "a wrong name", json: { error: { Code: "x" } }, path: "error.Code" },
    { what: "a wrong nesting", json: { code: "x" }, path: "code" },
    { what: "a wrong type", json: { error: { code: 1 } }, path: "error.code" },
    {
      what: "a wrong name further in",
      json: { error: { details: [{ reason: "x" }] } },
      path: "error.details[].reason",
    },
  ])("fails for $what", ({ json, path }) => {
    expect(notInDefinition("ErrorResponse", json).map((difference) => difference.path)).toEqual([path]);
  });
});

test("an answer is changed at each of its places, in one way at a time, and never in the keys of a map", () => {
  const changed = changedAnswers({ id: "i", pools: [{ count: 1 }, { count: 2 }], tags: { tier: "x" } });
  expect(changed.filter(({ change }) => change.endsWith("renamed")).map(({ body }) => body)).toEqual([
    { ID: "i", pools: [{ count: 1 }, { count: 2 }], tags: { tier: "x" } },
    { id: "i", POOLS: [{ count: 1 }, { count: 2 }], tags: { tier: "x" } },
    { id: "i", pools: [{ COUNT: 1 }, { count: 2 }], tags: { tier: "x" } },
    { id: "i", pools: [{ count: 1 }, { count: 2 }], TAGS: { tier: "x" } },
  ]);
  expect(changed.map(({ change }) => change)).toContain("pools[].count of another type");
  expect(changed).toHaveLength(12);
});
