import { resourceNotFound, subscriptionNotFound } from "./arm-errors.ts";
import type { World } from "./provider.ts";

/** A place that roles are assigned at: a subscription, a resource group or one resource. */
export type ArmScope = {
  /** With a leading slash, in the caller's casing. */
  readonly id: string;
  readonly subscriptionId: string;
  /** Empty for the subscription itself. */
  readonly resourceGroup: string;
};

const SCOPE = /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+)(?:\/providers\/([^/]+)\/(.+))?)?$/i;

/**
 * Reads a scope and makes sure that its resource is there; ARM has looked after subscription and resource group before.
 * @throws ArmError 404 ResourceNotFound, and SubscriptionNotFound for scopes outside any subscription, which nobody here owns
 */
export function existingScope(path: string, world: World): ArmScope {
  const id = `/${path.replace(/^\/+|\/+$/g, "")}`;
  const match = SCOPE.exec(id);
  if (match === null) throw subscriptionNotFound(id);
  const [, subscriptionId = "", resourceGroup = "", namespace = "", resource = ""] = match;
  if (resource !== "" && world.resources.get(id) === undefined) {
    throw resourceNotFound(`${namespace}/${resource}`, resourceGroup);
  }
  return { id, subscriptionId, resourceGroup };
}

/** True when `scope` is `ancestor` or lies in it; ids are compared without regard to case. */
export function isWithin(scope: string, ancestor: string): boolean {
  const inner = scope.toLowerCase();
  const outer = ancestor.toLowerCase();
  return inner === outer || inner.startsWith(`${outer}/`);
}
