export interface ResourceGroup {
  readonly name: string;
  readonly location: string;
  readonly provisioningState: string;
}

/** PORT: resource groups, as far as provisioning needs them. Rejects with `AzureError`; makes each request once. */
export interface ResourceGroupGateway {
  /** Undefined when Azure does not show the group (404), also for some seconds after it was created. */
  getResourceGroup(subscriptionId: string, name: string, signal?: AbortSignal): Promise<ResourceGroup | undefined>;
  /** Creates the group. Never call it for a group that exists: its location can't change. */
  createResourceGroup(
    subscriptionId: string,
    group: { readonly name: string; readonly location: string; readonly tags: Readonly<Record<string, string>> },
    signal?: AbortSignal,
  ): Promise<ResourceGroup>;
}
