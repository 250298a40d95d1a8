import type { Provider } from "../provider.ts";
import { kubernetesVersions } from "./kubernetes-versions.ts";
import { managedIdentity } from "./managed-identity.ts";
import { microsoftAuthorization } from "./microsoft-authorization.ts";
import { microsoftCompute } from "./microsoft-compute.ts";
import { microsoftContainerRegistry } from "./microsoft-containerregistry.ts";
import { microsoftContainerService } from "./microsoft-containerservice.ts";
import { createMicrosoftResources } from "./microsoft-resources.ts";
import { microsoftSubscriptions } from "./microsoft-subscriptions.ts";

const services: readonly Provider[] = [
  kubernetesVersions,
  managedIdentity,
  microsoftAuthorization,
  microsoftCompute,
  microsoftContainerRegistry,
  microsoftContainerService,
  microsoftSubscriptions,
];

/** Everything the emulated Azure answers. */
export const allProviders: readonly Provider[] = [...services, createMicrosoftResources(services)];
