import type { Provider } from "../provider.ts";
import { blobRoutes } from "./containerregistry/blob-routes.ts";
import { dataPlaneRoutes } from "./containerregistry/data-plane-routes.ts";
import { registryRoutes } from "./containerregistry/registry-routes.ts";
import { registryTokenRoutes } from "./containerregistry/registry-tokens.ts";
import { setFirewall } from "./containerregistry/registry.ts";
import { runAgenda } from "./containerregistry/run-life.ts";
import { runRoutes } from "./containerregistry/run-routes.ts";
import { webhookRoutes } from "./containerregistry/webhook-routes.ts";

/** Azure Container Registry: its control plane, ACR Tasks with their blobs, and the registries' own data plane. */
export const microsoftContainerRegistry: Provider = {
  namespace: "Microsoft.ContainerRegistry",
  resourceTypes: ["registries", "registries/runs", "registries/webhooks", "checkNameAvailability"],
  routes: [
    ...registryRoutes,
    ...webhookRoutes,
    ...runRoutes,
    ...blobRoutes,
    ...registryTokenRoutes,
    ...dataPlaneRoutes,
  ],
  agenda: runAgenda,
  onScenario({ subject, name, scenario }, world) {
    if (subject === "registry") setFirewall(world, name, scenario === "locked");
  },
};
