import { buildSchema, execute, parse } from "graphql";
import { expect, test } from "vitest";
import { withoutValue } from "./variable-error.ts";

const schema = buildSchema(`
  enum Mode { A B }
  input Arg { name: String! value: String secret: Boolean mode: Mode count: Int }
  input Input { args: [Arg!] }
  type Query { field(input: Input, id: ID): String }
`);
const document = parse("query ($input: Input, $id: ID) { field(input: $input, id: $id) }");

test.each<[string, object, string]>([
  [
    "an object that misses a field",
    { input: { args: [{ value: "S3cret" }] } },
    'Variable "$input" got an invalid value at "input.args[0]"; Field "name" of required type "String!" was not provided.',
  ],
  [
    "a list where a text belongs",
    { input: { args: [{ name: "A", value: ["S3cret"] }] } },
    'Variable "$input" got an invalid value at "input.args[0].value"; String cannot represent a non string value.',
  ],
  [
    "a text where a number belongs",
    { input: { args: [{ name: "A", count: "S3cret: value: S3cret" }] } },
    'Variable "$input" got an invalid value at "input.args[0].count"; Int cannot represent non-integer value.',
  ],
  [
    "a word that is none of an enumeration",
    { input: { args: [{ name: "A", mode: "C" }] } },
    'Variable "$input" got an invalid value at "input.args[0].mode"; Value "C" does not exist in "Mode" enum.',
  ],
  [
    "a text where an object belongs",
    { input: 'S3cret at "input.x"' },
    'Variable "$input" got an invalid value; Expected type "Input" to be an object.',
  ],
  [
    "an object where an id belongs",
    { id: { key: "S3cret" } },
    'Variable "$id" got an invalid value; ID cannot represent value.',
  ],
])("%s is told by its place and what is wrong, and no value is quoted", async (_case, variableValues, expected) => {
  const { errors = [] } = await execute({ schema, document, variableValues: { ...variableValues } });
  expect(errors.map(withoutValue)).toEqual([expected]);
});
