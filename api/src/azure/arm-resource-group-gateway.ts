import type { ResourceGroup as ArmResourceGroup } from "@azure/arm-resources";
import type {
  GroupedResource,
  ResourceGroup,
  ResourceGroupGateway,
} from "../clusters/provisioning/resource-group-gateway.ts";
import { abortable } from "./abortable.ts";
import type { ArmClients } from "./arm-clients.ts";
import { callAzure } from "./arm-errors.ts";
import { undefinedWhenNotFound } from "./arm-not-found.ts";
import { submitOperation } from "./arm-operation.ts";

export function createArmResourceGroupGateway(clients: ArmClients): ResourceGroupGateway {
  return {
    getResourceGroup: (subscriptionId, name, signal) =>
      undefinedWhenNotFound(async () =>
        toResourceGroup(await clients.resources(subscriptionId).resourceGroups.get(name, abortable(signal))),
      ),

    createResourceGroup: (subscriptionId, { name, location, tags }, signal) =>
      callAzure(async () => {
        const body = { location, tags: { ...tags } };
        return toResourceGroup(
          await clients.resources(subscriptionId).resourceGroups.createOrUpdate(name, body, abortable(signal)),
        );
      }),

    listResources: (subscriptionId, name, signal) =>
      callAzure(async () => {
        const found: GroupedResource[] = [];
        const pages = clients.resources(subscriptionId).resources.listByResourceGroup(name, abortable(signal));
        for await (const { id = "", name: resourceName = "", type = "" } of pages)
          found.push({ armId: id, name: resourceName, type });
        return found;
      }),

    async deleteResourceGroup(subscriptionId, name, signal) {
      await submitOperation(() => clients.resources(subscriptionId).resourceGroups.delete(name, abortable(signal)));
    },
  };
}

function toResourceGroup(found: ArmResourceGroup): ResourceGroup {
  return {
    name: found.name ?? "",
    location: found.location,
    provisioningState: found.properties?.provisioningState ?? "",
    tags: found.tags ?? {},
  };
}
