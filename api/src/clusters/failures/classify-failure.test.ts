import { afterAll, describe, expect, test } from "vitest";
import { AzureError } from "../../shared/azure-error.ts";
import { bodyOf, PUBLISHED_ERRORS } from "./azure-error.fixture.ts";
import { classifyAzureError, classifyFailure } from "./classify-failure.ts";
import { failureOf } from "./failure.ts";

const ABOUT = {
  subscriptionId: "6d1c2f1e-3b0a-4c59-9a53-2f4b8d7e0a11",
  resourceGroup: "rg-blast",
  clusterName: "blast-01",
  location: "westeurope",
  nodePools: [
    { name: "systempool", vmSize: "Standard_D2s_v3", count: 1 },
    { name: "apps", vmSize: "Standard_D4s_v5", count: 3 },
  ],
};

describe("published answers of Azure", () => {
  let right = 0;
  afterAll(() => {
    const share = ((100 * right) / PUBLISHED_ERRORS.length).toFixed(1);
    process.stdout.write(`${right} of ${PUBLISHED_ERRORS.length} published errors are told right (${share} %)\n`);
  });

  test.each(PUBLISHED_ERRORS)("$id $situation: $expected.category", (published) => {
    const { category, fault, says } = published.expected;
    const failure = classifyFailure(bodyOf(published));
    expect(failure).toMatchObject({ category, fault });
    for (const said of says) expect(failure.summary).toContain(said);
    expect(failure.summary).toMatch(/^\S.*\.$/s);
    expect(failure.summary).not.toMatch(/undefined|null|\.\.|  | ,/);
    expect(failure.code).not.toBe("");
    // Azure's own words, not ours.
    expect(JSON.stringify(published.body ?? published.text ?? "")).toContain(
      JSON.stringify(failure.message.slice(0, 60)).slice(1, -1),
    );
    right += 1;
  });
});

describe("remedies", () => {
  const remediesOf = (code: string, message: string) => classifyFailure({ code, message }, ABOUT).remedies;

  test("a quota names the pool of its family, and its page the subscription and location", () => {
    const message =
      "Insufficient vcpu quota requested 12, remaining 4 for family standardDSv5Family for region westeurope.";
    const remedies = remediesOf("ErrCode_InsufficientVCPUQuota", message);
    expect(remedies).toContainEqual(expect.objectContaining({ kind: "EDIT", field: "nodePools.1.count" }));
    expect(remedies).toContainEqual(
      expect.objectContaining({
        kind: "LINK",
        url: `https://aka.ms/quotas/view-quotas?subscriptionId=${ABOUT.subscriptionId}&location=westeurope`,
      }),
    );
  });

  test("a size names the pool that has it", () => {
    const message = "The VM size of standard_d4s_V5 is not allowed in your subscription in location 'westeurope'.";
    expect(remediesOf("BadRequest", message)[0]).toMatchObject({ kind: "EDIT", field: "nodePools.1.vmSize" });
  });

  test("a missing permission gives the command with identity, role and scope", () => {
    const scope = `/subscriptions/${ABOUT.subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c`;
    const message = `The client 'app' with object id '0bd0d725-ae64-452f-8c2a-9a5d042de7c4' does not have authorization to perform action 'Microsoft.ContainerService/managedClusters/write' over scope '${scope}' or the scope is invalid.`;
    expect(remediesOf("AuthorizationFailed", message)[0]?.command).toBe(
      `az role assignment create --assignee-object-id 0bd0d725-ae64-452f-8c2a-9a5d042de7c4 --assignee-principal-type ServicePrincipal --role Contributor --scope /subscriptions/${ABOUT.subscriptionId}/resourceGroups/rg`,
    );
  });

  test("a provider gives the command that registers it", () => {
    const message = "The subscription is not registered to use namespace 'Microsoft.ContainerService'.";
    expect(remediesOf("MissingSubscriptionRegistration", message)[0]?.command).toBe(
      `az provider register --namespace Microsoft.ContainerService --subscription ${ABOUT.subscriptionId} --wait`,
    );
  });

  test("nothing in Azure's words becomes a command of its own", () => {
    const message = "The subscription is not registered to use namespace 'x; rm -rf $HOME`id`'.";
    expect(remediesOf("MissingSubscriptionRegistration", message)[0]?.command).toContain("'x; rm -rf $HOME`id`'");
  });
});

test.each([
  ["transient", "AZURE_UNAVAILABLE", "PASSING"],
  ["lost-reply", "AZURE_UNAVAILABLE", "PASSING"],
  ["forbidden", "FORBIDDEN", "YOURS"],
  ["conflict", "CONFLICT", "PASSING"],
  ["not-found", "NOT_FOUND", "YOURS"],
  ["permanent", "UNKNOWN", "UNKNOWN"],
  ["unknown", "UNKNOWN", "UNKNOWN"],
] as const)("a code that nobody knows is judged by its kind: %s is %s", (kind, category, fault) => {
  const error = new AzureError({ kind, body: { code: "Novel", message: "Something new." }, correlationId: "c-1" });
  expect(classifyAzureError(error)).toMatchObject({
    category,
    fault,
    code: "Novel",
    message: "Something new.",
    correlationId: "c-1",
  });
});

test("a conflict is something to try again, not an input to change", () => {
  const body = { code: "OperationNotAllowed", message: "This can't be done in the state that it is in." };
  const failure = classifyAzureError(new AzureError({ kind: "conflict", body, status: 409 }));
  expect(failure.category).toBe("CONFLICT");
  expect(failure.remedies.map(({ kind }) => kind)).toEqual(["RETRY"]);
});

test("what nobody knows keeps Azure's code and words and the ids of the request", () => {
  const failure = classifyFailure(
    { code: "FluxCapacitorDrained", message: "1.21 gigawatts are missing." },
    { correlationId: "c-1", operationId: "o-1" },
  );
  expect(failure).toMatchObject({
    category: "UNKNOWN",
    fault: "UNKNOWN",
    code: "FluxCapacitorDrained",
    message: "1.21 gigawatts are missing.",
    correlationId: "c-1",
    operationId: "o-1",
  });
});

test("what nobody knows has a command that reads Azure's activity log, once the request's id is known", () => {
  const body = { code: "FluxCapacitorDrained", message: "1.21 gigawatts are missing." };
  const commandsOf = (about: object) => classifyFailure(body, about).remedies.flatMap(({ command }) => command ?? []);
  expect(commandsOf({ subscriptionId: "s-1" })).toEqual([]);
  expect(commandsOf({ subscriptionId: "s-1", correlationId: "c-1" })).toEqual([
    "az monitor activity-log list --correlation-id c-1 --subscription s-1 --offset 89d",
  ]);
  expect(commandsOf({ correlationId: "c; reboot" })[0]).toContain("--correlation-id 'c; reboot'");
});

test("a message longer than anybody reads is cut, and says so", () => {
  const { message } = failureOf("UNKNOWN", "Long", "x".repeat(10_000));
  expect(message).toHaveLength(4001);
  expect(message.endsWith("…")).toBe(true);
});
