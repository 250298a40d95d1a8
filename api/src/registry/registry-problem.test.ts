import { expect, test } from "vitest";
import { AzureError } from "../shared/azure-error.ts";
import { registryProblem, type RegistrySide } from "./registry-problem.ts";

const REGISTRY = {
  armId: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/demoacr",
  subscriptionId: "s",
  resourceGroup: "rg",
  name: "demoacr",
  location: "westeurope",
  loginServer: "demoacr.azurecr.io",
  sku: "Basic",
};
const OBJECT_ID = "0bd0d725-ae64-452f-8c2a-9a5d042de7c4";

function problem(side: RegistrySide, kind: AzureError["kind"], status: number, code: string, message: string) {
  return registryProblem(REGISTRY, side, new AzureError({ kind, status, body: { code, message } }));
}

test("a firewall is told by its words: the command that lets this very address through, and no role to give", () => {
  const locked = problem(
    "data plane",
    "forbidden",
    403,
    "DENIED",
    "client with IP '203.0.113.7' is not allowed access",
  );
  expect(locked.message).toBe(
    "The images of demoacr.azurecr.io can't be read: client with IP '203.0.113.7' is not allowed access. Let Slipway's address through the registry's firewall.",
  );
  expect(locked.remedies?.map(({ command }) => command)).toEqual([
    "az acr network-rule add --name demoacr --ip-address 203.0.113.7",
    undefined,
  ]);
});

test("a refusal of the data plane without an address may be either: the role and the firewall are named", () => {
  const refused = problem("data plane", "forbidden", 403, "DENIED", "requested access to the resource is denied");
  expect(refused.message).toContain("firewall, and give its identity the role AcrPull on the registry.");
  expect(refused.remedies?.[0]?.command).toBe(
    `az role assignment create --assignee "<object id of Slipway's identity>" --role "AcrPull" --scope "${REGISTRY.armId}"`,
  );
});

test("a role that is missing for the builds is named in the words, and the command that gives it is beside them", () => {
  const message = `The client 'x' with object id '${OBJECT_ID}' does not have authorization to perform action`;
  const refused = problem("arm", "forbidden", 403, "AuthorizationFailed", message);
  expect(refused.message).toMatch(
    /Give Slipway's identity the role Container Registry Tasks Contributor on the registry\.$/,
  );
  expect(refused.message).not.toContain("az role");
  expect(refused.remedies?.[0]?.command).toContain(`--assignee "${OBJECT_ID}"`);
});

test.each([
  ["not-found", 404, "See whether the registry still exists"],
  ["transient", 429, "Slipway asks again by itself, no sooner than Azure allows."],
  ["transient", 503, "It is tried again by itself"],
  ["permanent", 400, "See the registry in the Azure portal."],
] as const)("%s says what to do", (kind, status, advice) => {
  expect(problem("arm", kind, status, "Code", "Azure's words").message).toContain(`Azure's words. ${advice}`);
});
