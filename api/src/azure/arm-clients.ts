import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ComputeManagementClient } from "@azure/arm-compute";
import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import packageJson from "../../package.json" with { type: "json" };

/** The SDK's clients, one per subscription, made when first asked for. Their pipelines retry nothing. */
export interface ArmClients {
  aks(subscriptionId: string): ContainerServiceClient;
  resources(subscriptionId: string): ResourceManagementClient;
  authorization(subscriptionId: string): AuthorizationManagementClient;
  compute(subscriptionId: string): ComputeManagementClient;
  registries(subscriptionId: string): ContainerRegistryManagementClient;
  subscriptions(): SubscriptionClient;
}

export function createArmClients(credential: TokenCredential, httpClient: HttpClient): ArmClients {
  const options = {
    httpClient,
    // Retries are the jobs' business: the SDK's would hide a throttled Azure for minutes and repeat writes whose reply got lost.
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `slipway/${packageJson.version}` },
  };
  const subscriptions = once(() => new SubscriptionClient(credential, options));
  return {
    aks: perSubscription((id) => new ContainerServiceClient(credential, id, options)),
    resources: perSubscription((id) => new ResourceManagementClient(credential, id, options)),
    authorization: perSubscription((id) => new AuthorizationManagementClient(credential, id, options)),
    compute: perSubscription((id) => new ComputeManagementClient(credential, id, options)),
    registries: perSubscription((id) => new ContainerRegistryManagementClient(credential, id, options)),
    subscriptions,
  };
}

function perSubscription<T>(create: (subscriptionId: string) => T): (subscriptionId: string) => T {
  const clients = new Map<string, T>();
  return (subscriptionId) => {
    const key = subscriptionId.toLowerCase();
    const client = clients.get(key) ?? create(subscriptionId);
    clients.set(key, client);
    return client;
  };
}

function once<T>(create: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= create());
}
