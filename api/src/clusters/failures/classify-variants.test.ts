import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tryParseErrorText } from "../../shared/azure-error-body.ts";
import { bodyOf, PUBLISHED_ERRORS } from "./azure-error.fixture.ts";
import { classifyFailure } from "./classify-failure.ts";

type Json = Readonly<Record<string, unknown>>;

/** The ways in which services hand on what another one said. */
const WRAPPINGS: Readonly<Record<string, (error: Json) => Json>> = {
  error: (error) => ({ error }),
  operation: (error) => ({ name: "5b6a", status: "Failed", startTime: "2026-01-01T00:00:00Z", error }),
  deployment: (error) => ({
    status: "Failed",
    error: {
      code: "DeploymentFailed",
      message: "At least one resource deployment operation failed.",
      details: [error],
    },
  }),
  "deployment operation": (error) => ({
    properties: { provisioningState: "Failed", statusMessage: JSON.stringify({ error }) },
  }),
  "inner error": (error) => ({ code: "Failed", message: "It failed.", innererror: error }),
  "other details": (error) => ({
    code: "Failed",
    message: "It failed.",
    details: [{}, { code: "", message: "" }, error],
  }),
  "JSON in a message": (error) => ({ code: "Conflict", message: JSON.stringify(error) }),
  "JSON behind words": (error) => ({
    code: "BadRequest",
    message: `Preflight failed: ${JSON.stringify({ error }, undefined, 2)} See the docs.`,
  }),
  "escaped JSON": (error) => ({
    code: "ClientErrorFromDependency",
    message: `Error details: ${JSON.stringify(JSON.stringify(error))}. Correlation ID: "04bbd24d-0401-78d5-6715-611c75cdd56f"`,
  }),
  "upper-case names": (error) => ({
    Error: Object.fromEntries(
      Object.entries(error).map(([name, value]) => [name.replace(/^./, (first) => first.toUpperCase()), value]),
    ),
  }),
  list: (error) => ({ errors: [error] }),
};

const SPELLINGS: Readonly<Record<string, (code: string) => string>> = {
  same: (code) => code,
  lower: (code) => code.toLowerCase(),
  upper: (code) => code.toUpperCase(),
  prefixed: (code) => `ErrCode_${code.replace(/^ErrCode_/, "")}`,
  qualified: (code) => `Microsoft.ContainerService/${code}`,
};

const cases = PUBLISHED_ERRORS.filter(({ body }) => body !== undefined && !("errors" in body));

/** The published error alone, without its envelope. */
function core(published: (typeof cases)[number]): Json {
  const body = published.body ?? {};
  return (body["error"] ?? body) as Json;
}

function classify(value: Json): string {
  const body = tryParseErrorText(JSON.stringify(value));
  return body ? classifyFailure(body).category : "no error";
}

describe("the same error in another form is the same failure", () => {
  test("wrapped, nested and made into text, up to three times over", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.array(fc.constantFrom(...Object.keys(WRAPPINGS)), { minLength: 1, maxLength: 3 }),
        (published, wrappings) => {
          const wrapped = wrappings.reduce((error, name) => WRAPPINGS[name]?.(error) ?? error, core(published));
          expect(classify(wrapped)).toBe(published.expected.category);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("its code spelt otherwise, its words spaced otherwise", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.constantFrom(...Object.keys(SPELLINGS)),
        fc.constantFrom(" ", "  ", "\n", "\r\n\t", "\u00a0"),
        (published, spelling, space) => {
          const error = core(published);
          const code = SPELLINGS[spelling]?.(String(error["code"]));
          const message = String(error["message"]).replaceAll(" ", space);
          expect(classify({ ...error, code, message })).toBe(published.expected.category);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each(cases.filter((published) => bodyOf(published).details === undefined))(
    'said by a Go client, Code="…" Message="…": $id $situation',
    (published) => {
      const { code, message } = bodyOf(published);
      const text = `VMSSAgentPoolReconciler retry failed: Category: InternalError; OrginalError: Code=${JSON.stringify(code)} Message=${JSON.stringify(message)}; AKSTeam: NodeProvisioning, Retriable: false.`;
      const { category } = classifyFailure({ code: "ReconcileVMSSAgentPoolFailed", message: text });
      expect(category).toBe(published.expected.category);
    },
  );

  test("no text, however odd, is an error of the classifier", () => {
    const odd = fc.oneof(
      fc.string(),
      fc.constantFrom("{", '{"code":', 'Code="', "'", "exit status=", "(X) ", "{}{}{}"),
    );
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 12 }), fc.string(), (texts, code) => {
        const failure = classifyFailure({ code, message: texts.join("") });
        expect(failure.summary).not.toBe("");
      }),
    );
  });

  test("a body that is deep, wide or long takes no time", () => {
    let deep: Json = { code: "SubnetIsFull", message: "Full." };
    for (let level = 0; level < 200; level++) deep = { code: "Outer", message: "Failed.", details: [deep] };
    expect(classify(deep)).toBe("UNKNOWN");
    const long = `${"{".repeat(50_000)} ${'\\"'.repeat(20_000)} ${"Code=".repeat(5_000)}`;
    expect(classifyFailure({ code: "Odd", message: long }).category).toBe("UNKNOWN");
  });
});

const GUID = "4015266d-b401-4c95-b127-403ea8e42901";

describe("look-alikes are not misread", () => {
  test.each([
    ["401 within a GUID", "Odd", `The thing ${GUID} is odd.`],
    ["a resource called after a cause", "Odd", "The resource 'quota-exceeded' is odd."],
    ["a cluster called another operation", "Odd", "The cluster 'another-operation-is-in-progress' is odd."],
    [
      "a link to a cause",
      "Odd",
      "It is odd. See https://aka.ms/aks-requestdisallowedbypolicy and https://aka.ms/x/authorizationfailed.",
    ],
    [
      "an id with causes in it",
      "Odd",
      "Odd: /subscriptions/s/resourceGroups/disallowed-by-policy/providers/x/y/subnet-is-full",
    ],
    ["a number that is an exit code elsewhere", "Odd", "The build's step ended with exit status 51."],
    ["429 as a count", "Odd", "429 nodes are odd."],
    ["an unknown code around a known word", "NotQuotaExceededAtAll", "It is odd."],
  ])("%s", (_what, code, message) => {
    expect(classifyFailure({ code, message })).toMatchObject({ category: "UNKNOWN", code, message });
  });

  test.each([
    [
      "a policy that is called after a quota",
      "RequestDisallowedByPolicy",
      'Resource \'c\' was disallowed by policy. Policy identifiers: \'[{"policyAssignment":{"name":"Deny when quota exceeded"}}]\'.',
      "POLICY_DENIED",
    ],
    [
      "a group that is called throttled",
      "ResourceGroupNotFound",
      "Resource group 'throttled too many requests' could not be found.",
      "RESOURCE_GROUP",
    ],
    [
      "a permission on a quota",
      "AuthorizationFailed",
      "The client 'a' with object id 'b' does not have authorization to perform action 'Microsoft.Quota/quotas/write' over scope '/subscriptions/s'.",
      "FORBIDDEN",
    ],
    [
      "another team's extension with AKS's exit code",
      "VMExtensionProvisioningError",
      "VM has reported a failure when processing extension 'Monitor'. Error message: 'command terminated with exit status=52'",
      "NODES_NOT_READY",
    ],
    [
      "a lock beats the group that it holds",
      "ResourceGroupDeletionBlocked",
      'Deletion of resource group \'rg\' failed. {"error":{"code":"ScopeLocked","message":"The scope \'/subscriptions/s/resourceGroups/rg\' cannot perform delete operation because following scope(s) are locked: \'/subscriptions/s/resourceGroups/rg\'. Please remove the lock and try again."}}',
      "LOCKED",
    ],
  ])("%s", (_what, code, message, category) => {
    expect(classify({ code, message })).toBe(category);
  });
});
