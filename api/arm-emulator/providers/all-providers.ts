import type { Provider } from "../provider.ts";
import { kubernetesVersions } from "./kubernetes-versions.ts";
import { microsoftAuthorization } from "./microsoft-authorization.ts";
import { microsoftCompute } from "./microsoft-compute.ts";
import { microsoftContainerRegistry } from "./microsoft-containerregistry.ts";
import { microsoftSubscriptions } from "./microsoft-subscriptions.ts";

/** Everything the emulated Azure answers. */
export const allProviders: readonly Provider[] = [
  kubernetesVersions,
  microsoftAuthorization,
  microsoftCompute,
  microsoftContainerRegistry,
  microsoftSubscriptions,
];
