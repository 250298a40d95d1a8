import { describe, expect, test } from "vitest";
import { differences, shapeAt, shapeOf, withOptional } from "./answer-shape.ts";

const example = {
  id: "/subscriptions/s/x",
  properties: {
    count: 3,
    enabled: false,
    status: null,
    pools: [{ name: "a", zones: ["1"] }, { name: "b" }],
  },
  tags: { tier: "production" },
};

function compare(answer: unknown) {
  return differences(shapeOf(answer), shapeOf(example));
}

describe("an answer of the example's shape", () => {
  test("has no differences, whatever its values are", () => {
    expect(
      compare({
        id: "",
        properties: { count: 0, enabled: true, status: null, pools: [{ name: "z", zones: ["3", "2"] }] },
        tags: { other: "x", more: "y" },
      }),
    ).toEqual([]);
  });

  test("may leave out in one element of a list what the example leaves out in one element", () => {
    expect(
      compare({
        ...example,
        properties: { ...example.properties, pools: [{ name: "b" }, { name: "c", zones: ["2"] }] },
      }),
    ).toEqual([]);
  });
});

describe("a difference in shape is found", () => {
  test.each([
    {
      what: "a name in other casing",
      answer: { ...example, ID: "x" },
      found: [{ kind: "unknown-field", path: "ID", types: "string" }],
    },
    {
      what: "a wrong name",
      answer: { id: "", properties: example.properties, tag: { tier: "x" } },
      found: [
        { kind: "unknown-field", path: "tag", types: "object" },
        { kind: "missing-field", path: "tags", types: "object" },
      ],
    },
    {
      what: "a field at the root instead of in properties",
      answer: { ...example, count: 3, properties: { enabled: false, status: null, pools: example.properties.pools } },
      found: [
        { kind: "unknown-field", path: "count", types: "number" },
        { kind: "missing-field", path: "properties.count", types: "number" },
      ],
    },
    {
      what: "a number as a string",
      answer: { ...example, properties: { ...example.properties, count: "3" } },
      found: [{ kind: "wrong-type", path: "properties.count", types: "string", expectedTypes: "number" }],
    },
    {
      what: "a null for an object",
      answer: { ...example, tags: null },
      found: [
        { kind: "wrong-type", path: "tags", types: "null", expectedTypes: "object" },
        { kind: "missing-field", path: "tags.*", types: "string" },
      ],
    },
    {
      what: "an object for a list",
      answer: { ...example, properties: { ...example.properties, pools: { name: "a" } } },
      found: [
        { kind: "wrong-type", path: "properties.pools", types: "object", expectedTypes: "array" },
        { kind: "unknown-field", path: "properties.pools.name", types: "string" },
        { kind: "missing-field", path: "properties.pools[]", types: "object" },
      ],
    },
    {
      what: "a field with a dot in its name",
      answer: { ...example, properties: { ...example.properties, "pools.name": "a" } },
      found: [{ kind: "unknown-field", path: "properties.pools%2Ename", types: "string" }],
    },
    {
      what: "one element of a list without a field that every element of the example has",
      answer: {
        ...example,
        properties: { ...example.properties, pools: [{ name: "a", zones: ["1"] }, { zones: ["2"] }] },
      },
      found: [{ kind: "sometimes-missing-field", path: "properties.pools[].name", types: "string" }],
    },
    {
      what: "one element of a list with a field of another type",
      answer: { ...example, properties: { ...example.properties, pools: [{ name: "a", zones: ["1"] }, { name: 2 }] } },
      found: [{ kind: "wrong-type", path: "properties.pools[].name", types: "number|string", expectedTypes: "string" }],
    },
    {
      what: "a map's value of another type",
      answer: { ...example, tags: { tier: 1 } },
      found: [{ kind: "wrong-type", path: "tags.*", types: "number", expectedTypes: "string" }],
    },
  ])("$what", ({ answer, found }) => {
    expect(compare(answer)).toEqual(found);
  });
});

describe("optional fields", () => {
  const allowed = withOptional(shapeOf(example), [
    shapeAt("properties.powerState", { code: "Running" }),
    shapeAt("properties.pools[].tags", { any: "x" }),
    shapeAt("properties.status", ""),
  ]);

  test("are accepted where they stand, and never asked for", () => {
    expect(differences(shapeOf(example), shapeOf(example), allowed)).toEqual([]);
    const answer = {
      ...example,
      properties: {
        ...example.properties,
        status: "ready",
        powerState: { code: "Stopped" },
        pools: [{ name: "a", zones: ["1"], tags: { team: "x" } }, { name: "b" }],
      },
    };
    expect(differences(shapeOf(answer), shapeOf(example), allowed)).toEqual([]);
  });

  test("are held to their own shape", () => {
    const answer = { ...example, properties: { ...example.properties, powerState: { Code: 1 } } };
    expect(differences(shapeOf(answer), shapeOf(example), allowed)).toEqual([
      { kind: "unknown-field", path: "properties.powerState.Code", types: "number" },
    ]);
  });
});
