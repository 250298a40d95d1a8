import { subscriptionNotFound, wrappedError } from "./arm-errors.ts";
import { AZURE_LOCATIONS, findAzureLocation } from "./azure-locations.ts";
import type { AzureLocation } from "./azure-locations.ts";
import { findEmulatedSubscription } from "./emulated-subscriptions.ts";
import type { EmulatedSubscription } from "./emulated-subscriptions.ts";
import type { ArmRequest } from "./provider.ts";

/**
 * The subscription that the path names.
 * @throws ArmError 404 SubscriptionNotFound
 */
export function subscriptionOf(request: ArmRequest): EmulatedSubscription {
  const subscriptionId = request.params["subscriptionId"] ?? "";
  const subscription = findEmulatedSubscription(subscriptionId);
  if (subscription === undefined) throw subscriptionNotFound(subscriptionId);
  return subscription;
}

/**
 * The location that the path names.
 * @param resourceType as ARM's text names it, e.g. `locations/usages`
 * @throws ArmError 400 NoRegisteredProviderFound, as ARM answers for any region that it can't route to
 */
export function locationOf(request: ArmRequest, namespace: string, resourceType: string): AzureLocation {
  const name = request.params["location"] ?? "";
  const location = findAzureLocation(name);
  if (location !== undefined) return location;
  const apiVersion = request.query.get("api-version") ?? "";
  const supported = AZURE_LOCATIONS.map((known) => known.name).join(", ");
  throw wrappedError(
    400,
    "NoRegisteredProviderFound",
    `No registered resource provider found for location '${name}' and API version '${apiVersion}' for type '${resourceType}'. The supported api-versions are '${apiVersion}'. The supported locations are '${supported}'.`,
    { headers: { "x-ms-failure-cause": "gateway", "x-ms-provider": namespace } },
  );
}
