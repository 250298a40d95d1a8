import { invalidRequestContent } from "../../arm-errors.ts";
import { ok, page } from "../../arm-response.ts";
import type { ArmReply, ArmRequest, Route, World } from "../../provider.ts";
import { subscriptionOf } from "../../request-scope.ts";
import { findRegistryByName, listRegistries, registryOf, REGISTRY_PATH, REGISTRY_TYPE } from "./registry.ts";
import type { RegistrySku } from "./registry.ts";
import { listWebhooks } from "./webhook-events.ts";

const NAME = /^[a-z0-9]{5,50}$/i;
const GIB = 1024 ** 3;

/** https://learn.microsoft.com/azure/container-registry/container-registry-skus */
const SKU_LIMITS: Readonly<Record<RegistrySku, { storageBytes: number; webhooks: number }>> = {
  Basic: { storageBytes: 10 * GIB, webhooks: 2 },
  Standard: { storageBytes: 100 * GIB, webhooks: 10 },
  Premium: { storageBytes: 500 * GIB, webhooks: 500 },
};

export const registryRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/subscriptions/{subscriptionId}/providers/Microsoft.ContainerRegistry/registries",
    operation: "registries.list",
    handle: (request, world) => {
      const { subscriptionId } = subscriptionOf(request);
      return page(
        request,
        listRegistries(world.resources, { subscriptionId }).map(({ body }) => body),
      );
    },
  },
  {
    method: "GET",
    path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerRegistry/registries",
    operation: "registries.listByResourceGroup",
    handle: (request, world) => {
      const { subscriptionId } = subscriptionOf(request);
      const resourceGroup = request.params["resourceGroupName"] ?? "";
      return page(
        request,
        listRegistries(world.resources, { subscriptionId, resourceGroup }).map(({ body }) => body),
      );
    },
  },
  {
    method: "GET",
    path: REGISTRY_PATH,
    operation: "registries.get",
    handle: (request, world) => ok(registryOf(request, world).body),
  },
  {
    method: "GET",
    path: `${REGISTRY_PATH}/listUsages`,
    operation: "registries.listUsages",
    handle: listUsages,
  },
  {
    method: "POST",
    path: "/subscriptions/{subscriptionId}/providers/Microsoft.ContainerRegistry/checkNameAvailability",
    operation: "registries.checkNameAvailability",
    handle: checkNameAvailability,
  },
];

function listUsages(request: ArmRequest, world: World): ArmReply {
  const registry = registryOf(request, world);
  const { storageBytes, webhooks } = SKU_LIMITS[registry.body.sku.name];
  const size = world.images.totalBytes(registry.name.toLowerCase());
  return ok({
    value: [
      { name: "Size", limit: storageBytes, currentValue: size, unit: "Bytes" },
      { name: "Webhooks", limit: webhooks, currentValue: listWebhooks(world, registry).length, unit: "Count" },
    ],
  });
}

/**
 * Names are unique in all of Azure, because they are host names.
 * https://learn.microsoft.com/rest/api/container-registry/registries/check-name-availability
 */
function checkNameAvailability(request: ArmRequest, world: World): ArmReply {
  const { name, type } = (request.body ?? {}) as { readonly name?: unknown; readonly type?: unknown };
  if (typeof name !== "string" || typeof type !== "string") {
    throw invalidRequestContent("The properties 'name' and 'type' are required");
  }
  if (type.toLowerCase() !== REGISTRY_TYPE.toLowerCase()) {
    throw invalidRequestContent(`The type '${type}' is not '${REGISTRY_TYPE}'`);
  }
  if (!NAME.test(name)) {
    const message = `The specified registry name '${name}' is invalid. Registry names may contain alpha numeric characters only and must be between 5 and 50 characters.`;
    return { status: 200, body: { nameAvailable: false, reason: "Invalid", message } };
  }
  if (findRegistryByName(world.resources, name) !== undefined) {
    const message = `The registry ${name} is already in use.`;
    return { status: 200, body: { nameAvailable: false, reason: "AlreadyExists", message } };
  }
  return { status: 200, body: { nameAvailable: true } };
}
