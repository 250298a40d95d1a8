import { describe, expect, test } from "vitest";
import { tryParseErrorText } from "../../azure/azure-error-body.ts";
import { AzureError, type AzureErrorKind } from "../../shared/azure-error.ts";
import { classifyAzureError, classifyFailure } from "./classify-failure.ts";
import cases from "./failure.fixture.json" with { type: "json" };
import { failureOf } from "./failure.ts";

const KIND_OF_STATUS: Readonly<Record<number, AzureErrorKind>> = {
  403: "forbidden",
  409: "conflict",
  429: "transient",
};

/** As it reaches the job: an answer with a status is an error, an operation that failed only has a body. */
function classify({ status, body }: (typeof cases)[number]) {
  const parsed = tryParseErrorText(JSON.stringify(body));
  if (!parsed) throw new Error("The published body holds no error.");
  if (status === 200) return classifyFailure(parsed);
  return classifyAzureError(new AzureError({ kind: KIND_OF_STATUS[status] ?? "permanent", body: parsed, status }));
}

describe("published answers of Azure", () => {
  test.each(cases)("$situation: $category", (example) => {
    const failure = classify(example);
    expect(failure.category).toBe(example.category);
    expect(failure.remedies.length).toBeGreaterThan(0);
    // Azure's own words, not ours.
    expect(JSON.stringify(example.body)).toContain(JSON.stringify(failure.message).slice(1, 80));
  });
});

test.each([
  ["transient", "AZURE_UNAVAILABLE"],
  ["lost-reply", "AZURE_UNAVAILABLE"],
  ["forbidden", "FORBIDDEN"],
  ["conflict", "CONFLICT"],
  ["permanent", "UNKNOWN"],
  ["unknown", "UNKNOWN"],
] as const)("a code that nobody knows is judged by its kind: %s is %s", (kind, category) => {
  const error = new AzureError({ kind, body: { code: "Novel", message: "Something new." }, correlationId: "c-1" });
  expect(classifyAzureError(error)).toMatchObject({
    category,
    code: "Novel",
    message: "Something new.",
    correlationId: "c-1",
  });
});

test("a conflict is something to try again, not an input to change", () => {
  const body = { code: "OperationNotAllowed", message: "Another operation (Updating) is in progress." };
  const failure = classifyAzureError(new AzureError({ kind: "conflict", body, status: 409 }));
  expect(failure.remedies.map(({ kind }) => kind)).toEqual(["RETRY"]);
});

test("a message longer than anybody reads is cut, and says so", () => {
  const { message } = failureOf("UNKNOWN", "Long", "x".repeat(10_000));
  expect(message).toHaveLength(4001);
  expect(message.endsWith("…")).toBe(true);
});
