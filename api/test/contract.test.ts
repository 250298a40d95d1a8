import { readFileSync } from "node:fs";
import {
  buildSchema,
  Kind,
  parse,
  print,
  validate,
  type EnumTypeDefinitionNode,
  type InputObjectTypeDefinitionNode,
} from "graphql";
import { describe, expect, test } from "vitest";
import { OPERATIONS, TYPES_TEXT } from "./documents.ts";

const schema = buildSchema(readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8"));

/** Operations of parts that are not built. Whoever builds one takes its name away here: the test says so. */
const NOT_BUILT: ReadonlySet<string> = new Set();

/** Types of parts that are not built; the same rule. */
const TYPES_NOT_BUILT: ReadonlySet<string> = new Set();

const definitions = parse(TYPES_TEXT).definitions;
const enums = definitions.filter(
  (definition): definition is EnumTypeDefinitionNode => definition.kind === Kind.ENUM_TYPE_DEFINITION,
);
const inputs = definitions.filter(
  (definition): definition is InputObjectTypeDefinitionNode => definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION,
);
const own = parse(readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8")).definitions;

function ownEnum(name: string): readonly string[] | undefined {
  const found = own.find(
    (definition): definition is EnumTypeDefinitionNode =>
      definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === name,
  );
  return found?.values?.map((value) => value.name.value);
}

function fieldTypes(input: InputObjectTypeDefinitionNode): Readonly<Record<string, string>> {
  return Object.fromEntries((input.fields ?? []).map((field) => [field.name.value, print(field.type)]));
}

function ownInput(name: string): Readonly<Record<string, string>> | undefined {
  const found = own.find(
    (definition): definition is InputObjectTypeDefinitionNode =>
      definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && definition.name.value === name,
  );
  return found && fieldTypes(found);
}

describe("operations that integrations rely on", () => {
  test.each([...OPERATIONS].filter(([name]) => !NOT_BUILT.has(name)))(
    "%s validates against the schema, word for word",
    (_name, document) => {
      expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
    },
  );

  test.each([...OPERATIONS].filter(([name]) => NOT_BUILT.has(name)))(
    "%s is not built: take it off the list when it is",
    (_name, document) => {
      expect(validate(schema, document)).not.toEqual([]);
    },
  );

  test("the list of what is not built names operations that there are", () => {
    expect([...NOT_BUILT].filter((name) => !OPERATIONS.has(name))).toEqual([]);
  });
});

describe("types that integrations rely on", () => {
  test.each(
    enums.filter(({ name }) => !TYPES_NOT_BUILT.has(name.value)).map((type) => [type.name.value, type] as const),
  )("enum %s has every value", (name, type) => {
    expect(ownEnum(name)).toEqual(expect.arrayContaining((type.values ?? []).map((value) => value.name.value)));
  });

  test.each(
    inputs.filter(({ name }) => !TYPES_NOT_BUILT.has(name.value)).map((type) => [type.name.value, type] as const),
  )("input %s has every field with its nullability, and no further field that is required", (name, type) => {
    const wanted = fieldTypes(type);
    const present = ownInput(name) ?? {};
    expect(present).toMatchObject(wanted);
    const further = Object.entries(present).filter(([field]) => !(field in wanted));
    expect(further.filter(([, fieldType]) => fieldType.endsWith("!"))).toEqual([]);
  });

  test.each([...TYPES_NOT_BUILT])("%s is not built: take it off the list when it is", (name) => {
    expect(schema.getType(name)).toBeUndefined();
  });
});

test("every error of the schema has a message and a code that are always there", () => {
  const error = schema.getType("Error");
  expect(error && print(error.astNode ?? parse("type Missing { none: Int }"))).toContain("message: String!");
  expect(error && print(error.astNode ?? parse("type Missing { none: Int }"))).toContain("code: ErrorCode!");
});
