import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ComputeManagementClient } from "@azure/arm-compute";
import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import { ContainerRegistryClient } from "@azure/container-registry";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import packageJson from "../../package.json" with { type: "json" };
import { createSingleHostHttpClient } from "./single-host-http-client.ts";

/** The SDK's clients, one per subscription, made when first asked for. Their pipelines retry nothing. */
export interface ArmClients {
  aks(subscriptionId: string): ContainerServiceClient;
  resources(subscriptionId: string): ResourceManagementClient;
  authorization(subscriptionId: string): AuthorizationManagementClient;
  compute(subscriptionId: string): ComputeManagementClient;
  registries(subscriptionId: string): ContainerRegistryManagementClient;
  /** A new client each time, for what a registry holds. Its token goes to that registry alone. */
  createRegistryData(loginServer: string): ContainerRegistryClient;
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
    aks: oneEach((id) => new ContainerServiceClient(credential, id, options)),
    resources: oneEach((id) => new ResourceManagementClient(credential, id, options)),
    authorization: oneEach((id) => new AuthorizationManagementClient(credential, id, options)),
    compute: oneEach((id) => new ComputeManagementClient(credential, id, options)),
    registries: oneEach((id) => new ContainerRegistryManagementClient(credential, id, options)),
    createRegistryData: (loginServer) => {
      const endpoint = `https://${loginServer}`;
      const ownHost = createSingleHostHttpClient(new URL(endpoint).host, httpClient);
      return new ContainerRegistryClient(endpoint, credential, { ...options, httpClient: ownHost });
    },
    subscriptions,
  };
}

function oneEach<T>(create: (name: string) => T): (name: string) => T {
  const clients = new Map<string, T>();
  return (name) => {
    const key = name.toLowerCase();
    const client = clients.get(key) ?? create(name);
    clients.set(key, client);
    return client;
  };
}

function once<T>(create: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= create());
}
