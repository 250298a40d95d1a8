import { CALLER } from "../arm-errors.ts";
import type { ArmReply, ArmRequest, Provider, World } from "../provider.ts";

const LIFETIME_SECONDS = 3600;

/**
 * Tokens as a host on Azure gets them, in the flavour of App Service: with
 * `IDENTITY_ENDPOINT=<emulator>/msi/token` and any `IDENTITY_HEADER`, the real DefaultAzureCredential works.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const managedIdentity: Provider = {
  namespace: "Microsoft.ManagedIdentity",
  resourceTypes: [],
  routes: [{ method: "GET", path: "/msi/token", operation: "tokens.get", isArm: false, handle: giveToken }],
};

function giveToken(request: ArmRequest, _world: World): ArmReply {
  const resource = request.query.get("resource") ?? "";
  if ((request.headers["x-identity-header"] ?? "") === "" || resource === "") {
    return {
      status: 400,
      body: {
        statusCode: 400,
        message: "The header X-IDENTITY-HEADER and the query parameter 'resource' are required.",
      },
    };
  }
  // Expiry is the caller's business, so it is real time, not the emulator's.
  const expiresOn = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
  return {
    status: 200,
    body: {
      access_token: toToken(resource, expiresOn),
      client_id: CALLER.clientId,
      expires_on: String(expiresOn),
      resource,
      token_type: "Bearer",
    },
  };
}

/** A token that can be read, as some callers do, and that nothing but this emulator accepts. */
function toToken(resource: string, expiresOn: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const { tenantId: tid, clientId: appid, objectId: oid } = CALLER;
  const claims = { aud: resource, iss: `https://sts.windows.net/${tid}/`, exp: expiresOn, tid, appid, oid, sub: oid };
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.emulator`;
}
