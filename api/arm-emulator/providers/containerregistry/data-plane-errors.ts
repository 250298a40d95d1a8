import { randomUUID } from "node:crypto";
import { ArmError } from "../../arm-errors.ts";
import type { ArmReply } from "../../provider.ts";

/**
 * A refusal of a registry's data plane, in the form of the distribution API.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 */
export function dataPlaneError(
  status: number,
  code: string,
  message: string,
  extra: { detail?: unknown; headers?: Record<string, string> } = {},
): ArmError {
  const { detail, headers } = extra;
  const error = { code, message, ...(detail !== undefined && { detail }) };
  return new ArmError({ status, body: { errors: [error] }, ...(headers && { headers }) }, message);
}

export function repositoryUnknown(name: string): ArmError {
  return dataPlaneError(404, "NAME_UNKNOWN", "repository name not known to registry", { detail: { name } });
}

export function tagUnknown(tag: string): ArmError {
  return dataPlaneError(404, "TAG_UNKNOWN", "the specified tag does not exist", { detail: { name: tag } });
}

export function manifestUnknown(digest: string): ArmError {
  return dataPlaneError(404, "MANIFEST_UNKNOWN", `manifest ${digest} is not found`, { detail: { name: digest } });
}

/** https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/client-ip-address-not-allowed-access */
export function firewallDenied(): ArmError {
  return dataPlaneError(
    403,
    "DENIED",
    `client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access. CorrelationId: ${randomUUID()}`,
  );
}

export function unavailable(): ArmError {
  return dataPlaneError(503, "UNAVAILABLE", "service unavailable");
}

/** @param scope e.g. `repository:svc/api:metadata_read`; left out for the endpoint that only checks tokens */
export function unauthorized(host: string, scope?: string): ArmError {
  const wanted = scope === undefined ? "" : `,scope="${scope}"`;
  const challenge = `Bearer realm="https://${host}/oauth2/token",service="${host}"${wanted}`;
  const detail = scope === undefined ? null : toDetail(scope);
  return dataPlaneError(
    401,
    "UNAUTHORIZED",
    `authentication required, visit https://aka.ms/acr/authorization for more information. CorrelationId: ${randomUUID()}`,
    { detail, headers: { "www-authenticate": challenge } },
  );
}

/** https://learn.microsoft.com/azure/container-registry/container-registry-skus#throttling */
export function tooManyRequests(retryAfterSeconds: number): ArmReply {
  const headers = { "retry-after": String(retryAfterSeconds) };
  return dataPlaneError(429, "TOOMANYREQUESTS", "too many requests", { headers }).reply;
}

function toDetail(scope: string): object[] {
  const [type, ...rest] = scope.split(":");
  const action = rest.pop();
  return [{ Type: type, Name: rest.join(":"), Action: action }];
}
