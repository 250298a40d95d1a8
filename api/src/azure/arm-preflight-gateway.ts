import type { TokenCredential } from "@azure/core-auth";
import { createPipelineRequest, RestError } from "@azure/core-rest-pipeline";
import { z } from "zod";
import type { OwnIdentity, Permission, PreflightGateway } from "../clusters/preflight/preflight-gateway.ts";
import { abortable } from "./abortable.ts";
import type { ArmClients } from "./arm-clients.ts";
import { callAzure } from "./arm-errors.ts";

const ARM_SCOPE = "https://management.azure.com/.default";
const PERMISSIONS_API_VERSION = "2022-04-01";

const permissionPage = z.object({
  value: z.array(z.object({ actions: z.array(z.string()).default([]), notActions: z.array(z.string()).default([]) })),
  nextLink: z.string().nullish(),
});
const tokenClaims = z.object({ oid: z.string(), idtyp: z.string().optional() });

export function createArmPreflightGateway(clients: ArmClients, credential: TokenCredential): PreflightGateway {
  return {
    listComputeUsages: (subscriptionId, location, signal) =>
      callAzure(async () => {
        const usages = [];
        for await (const usage of clients.compute(subscriptionId).usage.list(location, abortable(signal))) {
          const { name, currentValue, limit } = usage;
          if (name.value === undefined) continue;
          usages.push({
            name: name.value,
            displayName: name.localizedValue ?? name.value,
            used: currentValue,
            limit,
          });
        }
        return usages;
      }),

    getProviderState: (subscriptionId, namespace, signal) =>
      callAzure(async () => {
        const provider = await clients.resources(subscriptionId).providers.get(namespace, abortable(signal));
        return provider.registrationState ?? "NotRegistered";
      }),

    listOwnPermissions: (scope, signal) => callAzure(() => listPermissions(clients, scope, signal)),

    getOwnIdentity: (signal) =>
      callAzure(async () => {
        const token = await credential.getToken(ARM_SCOPE, abortable(signal));
        return token ? tryReadIdentity(token.token) : undefined;
      }),
  };
}

/**
 * The SDK asks this of resource groups and resources alone, Azure answers it for subscriptions as well:
 * https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
async function listPermissions(
  clients: ArmClients,
  scope: string,
  signal: AbortSignal | undefined,
): Promise<readonly Permission[]> {
  const [, , subscriptionId = ""] = scope.split("/");
  const client = clients.authorization(subscriptionId);
  const permissions: Permission[] = [];
  const path = scope.split("/").map(encodeURIComponent).join("/");
  const first = `${client.$host}${path}/providers/Microsoft.Authorization/permissions?api-version=${PERMISSIONS_API_VERSION}`;
  for (let url: string | null | undefined = first; url;) {
    const request = createPipelineRequest({ url, ...abortable(signal) });
    const response = await client.sendRequest(request);
    if (response.status !== 200)
      throw new RestError("Azure did not list the permissions.", { statusCode: response.status, request, response });
    const page = permissionPage.parse(JSON.parse(response.bodyAsText ?? ""));
    permissions.push(...page.value);
    url = page.nextLink;
  }
  return permissions;
}

/** The claims of an access token are meant for Azure; they are read for nothing but the words of a command. */
function tryReadIdentity(token: string): OwnIdentity | undefined {
  try {
    const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    const { oid, idtyp } = tokenClaims.parse(JSON.parse(text));
    return { objectId: oid, principalType: idtyp === "app" ? "ServicePrincipal" : "User" };
  } catch {
    return undefined;
  }
}
