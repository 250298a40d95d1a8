export interface ResourceGroup {
  readonly name: string;
  readonly location: string;
  readonly provisioningState: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Something that lies in a resource group, of whatever kind. */
export interface GroupedResource {
  readonly armId: string;
  readonly name: string;
  readonly type: string;
}

/** PORT: resource groups, as far as clusters need them. Rejects with `AzureError`; makes each request once. */
export interface ResourceGroupGateway {
  /** Undefined when Azure does not show the group (404), also for some seconds after it was created. */
  getResourceGroup(subscriptionId: string, name: string, signal?: AbortSignal): Promise<ResourceGroup | undefined>;
  /** Creates the group. Never call it for a group that exists: its location can't change. */
  createResourceGroup(
    subscriptionId: string,
    group: { readonly name: string; readonly location: string; readonly tags: Readonly<Record<string, string>> },
    signal?: AbortSignal,
  ): Promise<ResourceGroup>;
  /** Everything that lies in the group; kind `not-found` when Azure does not show the group. */
  listResources(subscriptionId: string, name: string, signal?: AbortSignal): Promise<readonly GroupedResource[]>;
  /**
   * Asks Azure to delete the group with everything in it, and returns once it has accepted. The group is gone when
   * `getResourceGroup` says so. Never call it for a group that holds anything of somebody else's.
   */
  deleteResourceGroup(subscriptionId: string, name: string, signal?: AbortSignal): Promise<void>;
}
