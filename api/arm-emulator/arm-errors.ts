import type { ArmReply } from "./provider.ts";

/** One entry of an ARM error's `details`. */
export type ErrorDetail = { readonly code: string; readonly message: string; readonly target?: string };

/**
 * A refusal, thrown by a handler. Azure answers in two forms: ARM and most providers wrap
 * (`{error: {code, message}}`), the AKS provider is flat (`{code, details: null, message, subcode: ""}`).
 */
export class ArmError extends Error {
  readonly reply: ArmReply;

  constructor(reply: ArmReply, message: string) {
    super(message);
    this.name = "ArmError";
    this.reply = reply;
  }
}

/** ARM's own form. */
export function wrappedError(
  status: number,
  code: string,
  message: string,
  extra: { details?: readonly ErrorDetail[]; target?: string; headers?: Record<string, string> } = {},
): ArmError {
  const { headers, ...rest } = extra;
  return new ArmError({ status, body: { error: { code, message, ...rest } }, ...(headers && { headers }) }, message);
}

/** The AKS provider's form. */
export function flatError(
  status: number,
  code: string,
  message: string,
  extra: { target?: string; subcode?: string; headers?: Record<string, string> } = {},
): ArmError {
  const { headers, target, subcode = "" } = extra;
  const body = { code, details: null, message, subcode, ...(target !== undefined && { target }) };
  return new ArmError({ status, body, ...(headers && { headers }) }, message);
}

export function resourceGroupNotFound(resourceGroupName: string): ArmError {
  return wrappedError(404, "ResourceGroupNotFound", `Resource group '${resourceGroupName}' could not be found.`, {
    headers: { "x-ms-failure-cause": "gateway" },
  });
}

/** @param typeAndName e.g. `Microsoft.ContainerService/managedClusters/c1` */
export function resourceNotFound(typeAndName: string, resourceGroupName: string): ArmError {
  return wrappedError(
    404,
    "ResourceNotFound",
    `The Resource '${typeAndName}' under resource group '${resourceGroupName}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    { headers: { "x-ms-failure-cause": "gateway" } },
  );
}

export function subscriptionNotFound(subscriptionId: string): ArmError {
  return wrappedError(404, "SubscriptionNotFound", `The subscription '${subscriptionId}' could not be found.`, {
    headers: { "x-ms-failure-cause": "gateway" },
  });
}

export function invalidRequestContent(reason: string): ArmError {
  return wrappedError(
    400,
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: '${reason}'.`,
  );
}

/**
 * The caller lacks a right.
 * @param action e.g. `Microsoft.Authorization/roleAssignments/write`
 */
export function authorizationFailed(action: string, scope: string): ArmError {
  return wrappedError(
    403,
    "AuthorizationFailed",
    `The client '${CALLER.clientId}' with object id '${CALLER.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    { headers: { "x-ms-failure-cause": "gateway" } },
  );
}

/** The one identity that the emulator's tokens stand for. */
export const CALLER = {
  tenantId: "5b6a0fd1-3c0f-4c37-9f5f-0a4f2f1f6c10",
  clientId: "6f0c8b52-0d3c-4a8e-8a55-1f7f1c0f7a21",
  objectId: "0d6e331f-af2e-4b30-b458-ee1cf5cbcd5e",
} as const;
