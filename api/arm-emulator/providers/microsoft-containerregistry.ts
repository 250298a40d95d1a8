import { invalidRequestContent, resourceNotFound } from "../arm-errors.ts";
import { page } from "../arm-response.ts";
import type { ArmReply, ArmRequest, Provider, World } from "../provider.ts";
import { subscriptionOf } from "../request-scope.ts";
import { findRegistry, findRegistryByName, listRegistries, REGISTRY_TYPE } from "./containerregistry/registry.ts";

const NAME = /^[a-z0-9]{5,50}$/i;

/** Azure Container Registry's control plane. */
export const microsoftContainerRegistry: Provider = {
  namespace: "Microsoft.ContainerRegistry",
  resourceTypes: ["registries", "checkNameAvailability"],
  routes: [
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
      path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerRegistry/registries/{registryName}",
      operation: "registries.get",
      handle: getRegistry,
    },
    {
      method: "POST",
      path: "/subscriptions/{subscriptionId}/providers/Microsoft.ContainerRegistry/checkNameAvailability",
      operation: "registries.checkNameAvailability",
      handle: checkNameAvailability,
    },
  ],
};

function getRegistry(request: ArmRequest, world: World): ArmReply {
  const { subscriptionId } = subscriptionOf(request);
  const { resourceGroupName = "", registryName = "" } = request.params;
  const registry = findRegistry(world.resources, subscriptionId, resourceGroupName, registryName);
  if (registry === undefined) throw resourceNotFound(`${REGISTRY_TYPE}/${registryName}`, resourceGroupName);
  return { status: 200, body: registry.body };
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
