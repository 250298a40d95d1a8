import { command, link, type Remedy } from "../../shared/remedy.ts";
import type { Facts, FailureAbout } from "./failure-facts.ts";

/** Words for the value of an option that nobody knows yet. */
function known(value: string | undefined, what: string): string {
  return value ?? `<${what}>`;
}

export function subscriptionOption({ subscriptionId }: Facts): readonly string[] {
  return subscriptionId === undefined ? [] : ["--subscription", subscriptionId];
}

/** Quotas of the subscription and location: https://learn.microsoft.com/azure/quotas/view-quotas */
export function quotaPage({ subscriptionId, location }: Facts): Remedy {
  const query = new URLSearchParams({
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    ...(location === undefined ? {} : { location }),
  }).toString();
  return link("Ask for more quota", `https://aka.ms/quotas/view-quotas${query === "" ? "" : `?${query}`}`);
}

/**
 * What Azure has written down about a request and all that it set off, which says more than the answer does. Kept for 90 days.
 * https://learn.microsoft.com/cli/azure/monitor/activity-log#az-monitor-activity-log-list
 */
export function activityLog({ correlationId, subscriptionId }: FailureAbout): readonly Remedy[] {
  if (correlationId === undefined) return [];
  const subscription = subscriptionId === undefined ? [] : ["--subscription", subscriptionId];
  return [
    command(
      "Read what Azure's activity log has of it",
      ...["az", "monitor", "activity-log", "list", "--correlation-id", correlationId],
      ...[...subscription, "--offset", "89d"],
    ),
  ];
}

export function quotaUsage(facts: Facts): Remedy {
  return command(
    "See what is used",
    ...["az", "vm", "list-usage", ...subscriptionOption(facts)],
    ...["--location", known(facts.location, "location"), "--output", "table"],
  );
}

/** The pool of the size or family that is meant; the pools as a whole when it can't be told. */
export function poolField(facts: Facts, about: FailureAbout, part: string): string {
  const pools = about.nodePools ?? [];
  const wanted = (facts.pool ?? facts.resource)?.toLowerCase();
  const size = facts.vmSize?.toLowerCase();
  const family = facts.quota === undefined ? undefined : familyKey(facts.quota);
  const found = [
    pools.findIndex(({ vmSize }) => vmSize.toLowerCase() === size),
    pools.findIndex(({ name }) => name.toLowerCase() === wanted),
    family === undefined ? -1 : pools.findIndex(({ vmSize }) => familyKey(vmSize) === family),
    pools.length === 1 ? 0 : -1,
  ].find((index) => index !== -1);
  return found === undefined ? "nodePools" : `nodePools.${found}.${part}`;
}

/** `dsv3` of both `Standard_D4s_v3` and `standardDSv3Family`; undefined for what is neither. */
export function familyKey(name: string): string | undefined {
  const size = /^standard_([a-z]+)\d+(?:-\d+)?([a-z]*)(?:_(\w*?))?$/i.exec(name);
  if (size) return `${size[1]}${size[2]}${size[3] ?? ""}`.replaceAll("_", "").toLowerCase();
  return /^standard\s*(\w+?)\s*family/i.exec(name)?.[1]?.toLowerCase();
}

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export function roleFor(action: string | undefined): string {
  if (action === undefined) return "Contributor";
  if (/^Microsoft\.Authorization\/(roleAssignments|\*)/i.test(action)) return "Role Based Access Control Administrator";
  if (/^Microsoft\.Authorization\/policy/i.test(action)) return "Resource Policy Contributor";
  if (/\/read$/i.test(action)) return "Reader";
  if (/^Microsoft\.Network\//i.test(action)) return "Network Contributor";
  if (/^Microsoft\.ManagedIdentity\//i.test(action)) return "Managed Identity Operator";
  return "Contributor";
}

/**
 * Where a role has to be granted so that the action is allowed there: the resource itself for one that exists and is joined,
 * else the resource group or the subscription that holds it.
 */
export function scopeToGrant(scope: string | undefined, action: string | undefined): string | undefined {
  if (scope === undefined) return undefined;
  const own = scope.replace(/(\/providers)?\/Microsoft\.Authorization\/\w+\/[^/]+$/i, "");
  if (own !== scope || /\/(join|assign)\/action$/i.test(action ?? "")) return own;
  return /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?)\/providers\//i.exec(own)?.[1] ?? own;
}

export function grantRole(facts: Facts, role = roleFor(facts.action)): Remedy {
  const isUser = facts.client?.includes("@") === true;
  return command(
    `Grant "${role}" with an account that may`,
    ...["az", "role", "assignment", "create"],
    ...["--assignee-object-id", known(facts.objectId, "object id")],
    ...["--assignee-principal-type", isUser ? "User" : "ServicePrincipal", "--role", role],
    ...["--scope", known(scopeToGrant(facts.scope, facts.action), "scope")],
  );
}
