import type { AzureErrorBody } from "../../shared/azure-error.ts";

/**
 * The policy that forbids something, by the name people gave its assignment: from `additionalInfo`, or from the identifiers
 * that are printed into the message. https://learn.microsoft.com/azure/governance/policy/troubleshoot/general
 */
export function policyName(bodies: readonly AzureErrorBody[]): string | undefined {
  for (const body of bodies) {
    const found = nameInInfo(body) ?? nameInMessage(body.message);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nameInInfo({ additionalInfo = [] }: AzureErrorBody): string | undefined {
  for (const { info } of additionalInfo) {
    if (typeof info !== "object" || info === null) continue;
    const said = info as Readonly<Record<string, unknown>>;
    for (const name of ["policyAssignmentDisplayName", "policyDefinitionDisplayName", "policyAssignmentName"]) {
      const value = said[name];
      if (typeof value === "string" && value !== "") return value;
    }
  }
  return undefined;
}

function nameInMessage(message: string): string | undefined {
  const identifiers = /\\*"(?:policyAssignment|policyDefinition)\\*"\s*:\s*\{\s*\\*"name\\*"\s*:\s*\\*"([^"\\]+)/i.exec(
    message,
  );
  return (
    identifiers?.[1] ?? /(?:disallowed by (?:the )?policy|\bPolicy(?: assignment)?:) '([^'[]+)'/i.exec(message)?.[1]
  );
}
