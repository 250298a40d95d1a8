import type { Registry } from "./registry.ts";

/** PORT: what Slipway needs from Azure Container Registry. Rejects with `AzureError`; makes each request once. */
export interface AcrGateway {
  listRegistries(subscriptionId: string, signal?: AbortSignal): Promise<readonly Registry[]>;
}
