import { page } from "../../arm-response.ts";
import type { ArmRequest, JsonObject, Route, World } from "../../provider.ts";
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
