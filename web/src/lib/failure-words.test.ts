import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { failureHeadline, faultWords } from "./failure-words.ts";

const schema = readFileSync("../schema.graphql", "utf8");

function valuesOf(name: string): string[] {
  const body = new RegExp(`^enum ${name} \\{([^]*?)^\\}`, "m").exec(schema)?.[1] ?? "";
  return [...body.matchAll(/^ {2}([A-Z_]+)$/gm)].flatMap((match) => match[1] ?? []);
}

const NOBODY_KNOWS = "Nobody knows";

test("every category of the schema but the unknown has a headline", () => {
  const categories = valuesOf("FailureCategory");
  expect(categories.length).toBeGreaterThan(30);
  const without = categories.filter((category) => failureHeadline(category, NOBODY_KNOWS) === NOBODY_KNOWS);
  expect(without).toEqual(["UNKNOWN"]);
});

test("every fault of the schema has words, but the unknown and what the headline says itself", () => {
  expect(valuesOf("FailureFault").filter((fault) => faultWords(fault) === undefined)).toEqual(["OUTSIDE", "UNKNOWN"]);
});

test("a category of tomorrow gets the words for what nobody knows", () => {
  expect(failureHeadline("A_CATEGORY_OF_TOMORROW")).toBe("The cluster could not be created");
});
