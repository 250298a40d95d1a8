import fc from "fast-check";
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from "graphql";

export interface GeneratedOperation {
  readonly kind: "query" | "mutation" | "subscription";
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Text that has broken parsers, paths, shells, logs and URLs before. */
const NASTY_TEXT = fc.constantFrom(
  ...["", " ", "\u0000", "a\r\nb", "../../etc", "a/b?c=d#e", "%2e%2e%2f", "$(id)", "`id`", "'; DROP TABLE work;--"],
  ...["__proto__", "constructor", "<script>alert(1)</script>", "\u202Egnp.exe", "\uD800", "🦄".repeat(100), "null"],
  ...["x".repeat(300), "0".repeat(5_000), "-1", "1e999", "2026-02-30T25:61:00Z", "https://u:p@127.0.0.1/x.git"],
);
const TEXT = fc.oneof(NASTY_TEXT, fc.string({ maxLength: 80 }), fc.string({ unit: "binary", maxLength: 40 }));
const NUMBER = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, 2 ** 31, -(2 ** 53), 1e308));
/** Ids in our form of what does not exist, and what is no id at all. */
const ID = fc.oneof(
  fc
    .tuple(fc.constantFrom("Provision", "Cluster", "Registry", "AcrBuild", "ClusterOperation", "Viewer", "No"), TEXT)
    .map(([type, key]) => Buffer.from(`${type}:${key}`).toString("base64")),
  TEXT,
);
const ANYTHING = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  TEXT,
  NUMBER,
  fc.constant([[[[]]]]),
  fc.constant({ a: { b: {} } }),
);

/** Mostly of the type that is asked for, so that it reaches what is behind the check of types; else anything at all. */
function valueOf(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: fittingValueOf(type, depth) }, { weight: 1, arbitrary: ANYTHING });
}

function fittingValueOf(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return valueOf(type.ofType as GraphQLInputType, depth);
  if (isListType(type)) return fc.array(valueOf(type.ofType as GraphQLInputType, depth + 1), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const required = fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name);
    const model = Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, depth + 1)]));
    return fc.oneof(
      { weight: 9, arbitrary: fc.record(model, { requiredKeys: required }) },
      { weight: 1, arbitrary: fc.record({ ...model, noSuchField: ANYTHING }, { requiredKeys: [] }) },
    );
  }
  switch (getNamedType(type).name) {
    case "ID":
      return ID;
    case "Int":
    case "Float":
      return NUMBER;
    case "Boolean":
      return fc.boolean();
    default:
      return TEXT;
  }
}

function operationOf(
  kind: GeneratedOperation["kind"],
  field: GraphQLField<unknown, unknown>,
): fc.Arbitrary<GeneratedOperation> {
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(", ");
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(", ");
  const selection = isLeafType(getNamedType(field.type)) ? "" : " { __typename }";
  const query = `${kind} Generated(${declared}) { ${field.name}(${given})${selection} }`;
  const variables = Object.fromEntries(field.args.map(({ name, type }) => [name, valueOf(type)]));
  return fc.record(variables, { requiredKeys: [] }).map((values) => ({ kind, query, variables: values }));
}

/** Operations on every root field that takes arguments, with input that is wrong in some way: all it names does not exist. */
export function generatedOperations(schema: GraphQLSchema): fc.Arbitrary<GeneratedOperation> {
  const roots = [
    ["query", schema.getQueryType()],
    ["mutation", schema.getMutationType()],
    ["subscription", schema.getSubscriptionType()],
  ] as const;
  const operations = roots.flatMap(([kind, root]) =>
    Object.values(root?.getFields() ?? {})
      .filter(({ args }) => args.length > 0)
      .map((field) => operationOf(kind, field)),
  );
  return fc.oneof(...operations);
}
