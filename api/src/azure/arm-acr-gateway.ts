import type { Registry as ArmRegistry } from "@azure/arm-containerregistry";
import type { AcrGateway } from "../registry/acr-gateway.ts";
import type { Registry } from "../registry/registry.ts";
import { tryParseArmId } from "../shared/arm-id.ts";
import { abortable } from "./abortable.ts";
import type { ArmClients } from "./arm-clients.ts";
import { callAzure } from "./arm-errors.ts";

export function createArmAcrGateway(clients: ArmClients): AcrGateway {
  return {
    listRegistries: (subscriptionId, signal) =>
      callAzure(async () => {
        const registries: Registry[] = [];
        for await (const found of clients.registries(subscriptionId).registries.list(abortable(signal))) {
          const registry = toRegistry(subscriptionId, found);
          if (registry) registries.push(registry);
        }
        return registries;
      }),
  };
}

/** Undefined for what has no name, which no answer should hold. */
function toRegistry(subscriptionId: string, found: ArmRegistry): Registry | undefined {
  const id = tryParseArmId(found.id ?? "");
  if (!id || found.id === undefined) return undefined;
  const name = found.name ?? id.name;
  return {
    armId: found.id,
    subscriptionId,
    resourceGroup: id.resourceGroup,
    name,
    location: found.location,
    loginServer: found.loginServer ?? `${name.toLowerCase()}.azurecr.io`,
    sku: found.sku.name,
  };
}
