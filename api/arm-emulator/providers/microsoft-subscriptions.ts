import { CALLER } from "../arm-errors.ts";
import { AZURE_LOCATIONS } from "../azure-locations.ts";
import type { AzureLocation } from "../azure-locations.ts";
import { EMULATED_SUBSCRIPTIONS } from "../emulated-subscriptions.ts";
import type { EmulatedSubscription } from "../emulated-subscriptions.ts";
import type { Provider } from "../provider.ts";
import { subscriptionOf } from "../request-scope.ts";

/** What ARM itself knows of the tenant: its subscriptions and their regions. All of it is fixed. */
export const microsoftSubscriptions: Provider = {
  namespace: "Microsoft.Resources",
  resourceTypes: ["subscriptions", "subscriptions/locations", "tenants"],
  routes: [
    {
      method: "GET",
      path: "/subscriptions",
      operation: "subscriptions.list",
      handle: () => ({
        status: 200,
        body: {
          value: EMULATED_SUBSCRIPTIONS.map(toSubscription),
          count: { type: "Total", value: EMULATED_SUBSCRIPTIONS.length },
        },
      }),
    },
    {
      method: "GET",
      path: "/subscriptions/{subscriptionId}",
      operation: "subscriptions.get",
      handle: (request) => ({ status: 200, body: toSubscription(subscriptionOf(request)) }),
    },
    {
      method: "GET",
      path: "/subscriptions/{subscriptionId}/locations",
      operation: "subscriptions.listLocations",
      handle: (request) => {
        const { subscriptionId } = subscriptionOf(request);
        return {
          status: 200,
          body: { value: AZURE_LOCATIONS.map((location) => toLocation(subscriptionId, location)) },
        };
      },
    },
    {
      method: "GET",
      path: "/tenants",
      operation: "tenants.list",
      handle: () => ({ status: 200, body: { value: [toTenant()] } }),
    },
  ],
};

/** https://learn.microsoft.com/rest/api/resources/subscriptions/get */
function toSubscription({ subscriptionId, displayName, quotaId, spendingLimit }: EmulatedSubscription) {
  return {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId: CALLER.tenantId,
    displayName,
    state: "Enabled",
    subscriptionPolicies: { locationPlacementId: "Public_2014-09-01", quotaId, spendingLimit },
    authorizationSource: "RoleBased",
    managedByTenants: [],
  };
}

/** https://learn.microsoft.com/rest/api/resources/subscriptions/list-locations */
function toLocation(subscriptionId: string, location: AzureLocation) {
  const idOf = (name: string): string => `/subscriptions/${subscriptionId}/locations/${name}`;
  return {
    id: idOf(location.name),
    name: location.name,
    type: "Region",
    displayName: location.displayName,
    regionalDisplayName: location.regionalDisplayName,
    metadata: {
      regionType: "Physical",
      regionCategory: location.regionCategory,
      geography: location.geography,
      geographyGroup: location.geographyGroup,
      longitude: location.longitude,
      latitude: location.latitude,
      physicalLocation: location.physicalLocation,
      pairedRegion: [{ name: location.pairedRegion, id: idOf(location.pairedRegion) }],
    },
    ...(location.physicalZones.length > 0 && {
      availabilityZoneMappings: location.physicalZones.map((physicalZone, index) => ({
        logicalZone: String(index + 1),
        physicalZone,
      })),
    }),
  };
}

/** https://learn.microsoft.com/rest/api/resources/tenants/list */
function toTenant() {
  return {
    id: `/tenants/${CALLER.tenantId}`,
    tenantId: CALLER.tenantId,
    countryCode: "NL",
    displayName: "Contoso",
    domains: ["contoso.com", "contoso.onmicrosoft.com"],
    tenantCategory: "Home",
    defaultDomain: "contoso.onmicrosoft.com",
    tenantType: "AAD",
  };
}
