import type { AzureError } from "../shared/azure-error.ts";
import type { Registry } from "./registry.ts";

/** What Slipway's identity needs a role for. */
export type RegistryNeed = "build" | "read builds" | "read images";

/**
 * Built-in roles, the narrowest that has the actions: registries/scheduleRun/action and the like, registries/runs/read,
 * registries/pull/read. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
 */
const ROLES: Readonly<Record<RegistryNeed, string>> = {
  build: "Container Registry Tasks Contributor",
  "read builds": "Container Registry Tasks Contributor",
  "read images": "AcrPull",
};

export interface MissingRole {
  readonly role: string;
  /** ARM id of what the role is to be given on. */
  readonly scope: string;
  /** What gives it, to be typed by somebody who may. */
  readonly command: string;
}

/** The role that a refusal is about, and the command that mends it. */
export function missingRole(registry: Registry, need: RegistryNeed, error: AzureError): MissingRole {
  const role = ROLES[need];
  // Azure names the identity in its own text: The client '…' with object id '…' does not have authorization …
  const identity = /object id '([0-9a-f-]{36})'/i.exec(error.message)?.[1] ?? "<object id of Slipway's identity>";
  const command = `az role assignment create --assignee "${identity}" --role "${role}" --scope "${registry.armId}"`;
  return { role, scope: registry.armId, command };
}
