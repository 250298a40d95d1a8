import { wrappedError } from "../../arm-errors.ts";
import { ok, page } from "../../arm-response.ts";
import { AZURE_LOCATIONS } from "../../azure-locations.ts";
import type { ArmRequest, JsonObject, Provider, Route, World } from "../../provider.ts";
import { RESOURCE_GROUP_TYPE } from "../../resource-groups.ts";

/** What every resource shows in a list, whatever its provider. */
const LISTED_FIELDS = ["id", "name", "type", "location", "tags", "sku", "kind", "identity", "managedBy"];

/** Resources of all providers: https://learn.microsoft.com/rest/api/resources/resources */
export const resourceListRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/subscriptions/{subscriptionId}/resources",
    operation: "resources.list",
    handle: (request, world) => page(request, listResources(request, world)),
  },
  {
    method: "GET",
    path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/resources",
    operation: "resources.listByResourceGroup",
    handle: (request, world) => page(request, listResources(request, world)),
  },
];

function listResources(request: ArmRequest, world: World): object[] {
  const { subscriptionId = "", resourceGroupName: resourceGroup = "" } = request.params;
  const type = /resourceType eq '([^']*)'/i.exec(request.query.get("$filter") ?? "")?.[1] ?? "";
  return world.resources
    .list({ subscriptionId, resourceGroup, type })
    .filter((resource) => resource.type !== RESOURCE_GROUP_TYPE && isTracked(resource.body))
    .map(({ body }) => Object.fromEntries(Object.entries(body).filter(([name]) => LISTED_FIELDS.includes(name))));
}

/** ARM lists what has a place; role assignments and tags hang on other resources and have none. */
function isTracked(body: JsonObject): boolean {
  return body["location"] !== undefined;
}

/**
 * The registration of resource providers: all of the emulator's are registered, and stay so.
 * https://learn.microsoft.com/rest/api/resources/providers
 */
export function createProviderRoutes(providers: readonly Provider[]): readonly Route[] {
  const namespaces = [...new Set(providers.map(({ namespace }) => namespace))].sort();

  function describe(subscriptionId: string, namespace: string): object {
    const found = namespaces.find((known) => known.toLowerCase() === namespace.toLowerCase());
    if (found === undefined) {
      throw wrappedError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
    }
    const types = providers
      .filter((provider) => provider.namespace === found)
      .flatMap(({ resourceTypes }) => resourceTypes);
    const locations = AZURE_LOCATIONS.map(({ displayName }) => displayName);
    return {
      id: `/subscriptions/${subscriptionId}/providers/${found}`,
      namespace: found,
      registrationState: "Registered",
      registrationPolicy: found === "Microsoft.Resources" ? "RegistrationFree" : "RegistrationRequired",
      resourceTypes: types.map((resourceType) => ({ resourceType, locations, apiVersions: [], capabilities: "None" })),
    };
  }

  const one = (request: ArmRequest): object =>
    describe(request.params["subscriptionId"] ?? "", request.params["namespace"] ?? "");

  return [
    {
      method: "GET",
      path: "/subscriptions/{subscriptionId}/providers",
      operation: "providers.list",
      handle: (request) => {
        const { subscriptionId = "" } = request.params;
        return page(
          request,
          namespaces.map((namespace) => describe(subscriptionId, namespace)),
        );
      },
    },
    {
      method: "GET",
      path: "/subscriptions/{subscriptionId}/providers/{namespace}",
      operation: "providers.get",
      handle: (request) => ok(one(request)),
    },
    {
      method: "POST",
      path: "/subscriptions/{subscriptionId}/providers/{namespace}/register",
      operation: "providers.register",
      handle: (request) => ok(one(request)),
    },
  ];
}
