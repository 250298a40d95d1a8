import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  type GraphQLNamedType,
} from "graphql";
import { describe, expect, test } from "vitest";
import { schema } from "../src/schema.ts";

const types: readonly GraphQLNamedType[] = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

/** Things of the schema with their place, for example `Query.provision(id)`. */
interface Described {
  readonly place: string;
  readonly description: string | null | undefined;
}

function fieldsOf(type: GraphQLNamedType): Described[] {
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(({ name, description }) => ({
      place: `${type.name}.${name}`,
      description,
    }));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, description, args }) => [
    { place: `${type.name}.${name}`, description },
    ...args.map((arg) => ({ place: `${type.name}.${name}(${arg.name})`, description: arg.description })),
  ]);
}

function enumValuesOf(type: GraphQLNamedType): Described[] {
  if (!isEnumType(type)) return [];
  return type.getValues().map(({ name, description }) => ({ place: `${type.name}.${name}`, description }));
}

const withoutDescription = (things: readonly Described[]): string[] =>
  things.filter(({ description }) => !description?.trim()).map(({ place }) => place);

describe("descriptions", () => {
  test("every type has one", () => {
    expect(withoutDescription(types.map(({ name, description }) => ({ place: name, description })))).toEqual([]);
  });

  test("every field and argument has one", () => {
    expect(withoutDescription(types.flatMap(fieldsOf))).toEqual([]);
  });

  test("every enum value has one", () => {
    expect(withoutDescription(types.flatMap(enumValuesOf))).toEqual([]);
  });

  test("each is a sentence", () => {
    const things = [
      ...types.map(({ name, description }) => ({ place: name, description })),
      ...types.flatMap(fieldsOf),
      ...types.flatMap(enumValuesOf),
    ];
    expect(things.filter(({ description }) => !/[.!?]$/.test(description?.trim() ?? ""))).toEqual([]);
  });
});

describe("names", () => {
  test("types are in PascalCase", () => {
    expect(types.filter(({ name }) => !/^[A-Z][A-Za-z0-9]*$/.test(name)).map(({ name }) => name)).toEqual([]);
  });

  test("fields and arguments are in camelCase", () => {
    const names = types.flatMap(fieldsOf).map(({ place }) => place.replace(/^[^.]+\./, ""));
    expect(names.filter((name) => !/^[a-z][A-Za-z0-9]*(\([a-z][A-Za-z0-9]*\))?$/.test(name))).toEqual([]);
  });

  test("enum values are in UPPER_SNAKE_CASE", () => {
    const values = types.filter(isEnumType).flatMap((type) => type.getValues().map((value) => value.name));
    expect(values.filter((name) => !/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name))).toEqual([]);
  });

  test("inputs end in Input, and nothing else does", () => {
    const wrong = types.filter((type) => isInputObjectType(type) !== type.name.endsWith("Input"));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test("a duration, a size or a share names its unit or is a percent", () => {
    const numbers = types
      .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []))
      .filter(({ type }) => ["Int!", "Float!", "Int", "Float"].includes(String(type)))
      .map(({ name }) => name);
    const countsAndUnits =
      /^(attempts|count|step|totalSteps|sequence|version|samples|percent|speed|vCpus|firstLine|.*(Count|Sequence|Seconds|Bytes|Gb|Version))$/;
    expect(numbers.filter((name) => !countsAndUnits.test(name))).toEqual([]);
  });
});

describe("mutations", () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

  test("each answers with a union of its success and typed errors", () => {
    for (const mutation of mutations) {
      const type = schema.getType(String(mutation.type).replace("!", ""));
      expect(isUnionType(type), mutation.name).toBe(true);
      if (!isUnionType(type)) continue;
      const [successes, errors] = [
        type.getTypes().filter((member) => member.getInterfaces().length === 0),
        type.getTypes().filter((member) => member.getInterfaces().some(({ name }) => name === "Error")),
      ];
      const success = `${mutation.name[0]?.toUpperCase()}${mutation.name.slice(1)}Success`;
      expect(successes.map(({ name }) => name)).toEqual([success]);
      expect(errors.length).toBeGreaterThan(0);
    }
    expect(mutations.length).toBeGreaterThan(0);
  });

  test("each says how it is recorded in the activity, by its own name", () => {
    const actions = Object.fromEntries(mutations.map(({ name, extensions }) => [name, extensions["activity"]]));
    const wanted = mutations.map(({ name }) => [name, name.replaceAll(/[A-Z]/g, "_$&").toUpperCase()]);
    expect(actions).toEqual(Object.fromEntries(wanted));
  });

  test("each can be refused because the store can't record it", () => {
    const refusable = mutations.filter(({ type }) => {
      const union = schema.getType(String(type).replace("!", ""));
      return isUnionType(union) && union.getTypes().some(({ name }) => name === "ServiceUnavailableError");
    });
    expect(refusable.map(({ name }) => name)).toEqual(mutations.map(({ name }) => name));
  });
});

describe("subscriptions", () => {
  const subscriptions = Object.values(schema.getSubscriptionType()?.getFields() ?? {});

  test("are executed once however many watch the same, but for a preflight, which is somebody's own", () => {
    const single = subscriptions.filter(({ extensions }) => extensions["shared"] !== true);
    expect(single.map(({ name }) => name)).toEqual(["preflightChecks"]);
  });

  test("that go on after a sequence or a line say which argument that is, so that readers elsewhere in a log share too", () => {
    for (const { name, args, extensions } of subscriptions) {
      const cursor = args.find((arg) => arg.name.startsWith("after"))?.name;
      expect(extensions["cursor"], name).toBe(cursor);
    }
  });
});

test("every implementation of Error can be told apart by name", () => {
  const errors = types.filter(isObjectType).filter((type) => type.getInterfaces().some(({ name }) => name === "Error"));
  expect(errors.map(({ name }) => name).filter((name) => !name.endsWith("Error"))).toEqual([]);
});
