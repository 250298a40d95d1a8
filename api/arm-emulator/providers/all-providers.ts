import type { Provider } from "../provider.ts";
import { kubernetesVersions } from "./kubernetes-versions.ts";
import { microsoftCompute } from "./microsoft-compute.ts";
import { microsoftSubscriptions } from "./microsoft-subscriptions.ts";

/** Everything the emulated Azure answers. */
export const allProviders: readonly Provider[] = [kubernetesVersions, microsoftCompute, microsoftSubscriptions];
