import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import type { AksGateway } from "../clusters/aks-gateway.ts";
import type { AzureCatalogue } from "../clusters/azure-catalogue.ts";
import type { PreflightGateway } from "../clusters/preflight/preflight-gateway.ts";
import type { ResourceGroupGateway } from "../clusters/provisioning/resource-group-gateway.ts";
import type { RoleAssignmentGateway } from "../clusters/provisioning/role-assignment-gateway.ts";
import type { AcrGateway } from "../registry/acr-gateway.ts";
import type { AzureTime } from "../shared/azure-time.ts";
import { createAcrLogBlobs } from "./acr-log-blobs.ts";
import { createArmAcrGateway } from "./arm-acr-gateway.ts";
import { createArmAksGateway } from "./arm-aks-gateway.ts";
import { createArmAzureCatalogue } from "./arm-azure-catalogue.ts";
import { createArmClients } from "./arm-clients.ts";
import { createArmPreflightGateway } from "./arm-preflight-gateway.ts";
import { createArmResourceGroupGateway } from "./arm-resource-group-gateway.ts";
import { createArmRoleAssignmentGateway } from "./arm-role-assignment-gateway.ts";
import { createAzureHttpClient } from "./azure-http-client.ts";
import type { AzureRequestFacts } from "./azure-http-client.ts";
import { createAzureCredential, createEmulatorCredential } from "./credential.ts";
import { createLoopbackHttpClient } from "./loopback-http-client.ts";
import { withOwnTimes } from "./own-time-acr-gateway.ts";
import { createRateLimits } from "./rate-limits.ts";
import type { RateLimit } from "./rate-limits.ts";

export type AzureGatewaysOptions = {
  /** Follows the emulator's speed. */
  readonly azureTime: AzureTime;
  /** Called after each request, answered or not. Must not throw. */
  readonly onRequest?: (facts: AzureRequestFacts) => void;
} & ({ readonly mode: "emulator"; readonly emulatorUrl: string } | { readonly mode: "azure" });

export interface AzureGateways {
  readonly aks: AksGateway;
  readonly resourceGroups: ResourceGroupGateway;
  readonly roleAssignments: RoleAssignmentGateway;
  readonly catalogue: AzureCatalogue;
  readonly preflight: PreflightGateway;
  readonly acr: AcrGateway;
  /** What Azure says is left of its limits, the tightest first. */
  rateLimits(): readonly RateLimit[];
}

/** Everything that talks to Azure. Makes no request and signs in nowhere until it is used. */
export function createAzureGateways(options: AzureGatewaysOptions): AzureGateways {
  const isEmulated = options.mode === "emulator";
  const rateLimits = createRateLimits(() => Date.now());
  const metering = { onRequest: options.onRequest ?? (() => {}), monotonicMs: () => performance.now() };
  const httpClient = createAzureHttpClient({
    transport: isEmulated
      ? createLoopbackHttpClient(options.emulatorUrl, options.azureTime)
      : createDefaultHttpClient(),
    rateLimits,
    ...metering,
  });
  const logBlobs = createAcrLogBlobs({ fetch, emulatorUrl: isEmulated ? options.emulatorUrl : undefined, ...metering });
  const credential = isEmulated ? createEmulatorCredential() : createAzureCredential();
  const clients = createArmClients(credential, httpClient);
  return {
    aks: createArmAksGateway(clients),
    resourceGroups: createArmResourceGroupGateway(clients),
    roleAssignments: createArmRoleAssignmentGateway(clients),
    catalogue: createArmAzureCatalogue(clients),
    preflight: createArmPreflightGateway(clients, credential),
    acr: withOwnTimes(createArmAcrGateway(clients, logBlobs), options.azureTime),
    rateLimits: () => rateLimits.current(),
  };
}
