/** An Azure Container Registry as Azure shows it. */
export interface Registry {
  readonly armId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  readonly loginServer: string;
  readonly sku: string;
}

export interface AcrTag {
  readonly name: string;
  readonly digest: string;
  /** ISO time. */
  readonly createdAt: string;
  readonly sizeBytes: number | undefined;
}

/** Names of registries are unique in all of Azure and ignore case. */
export function registryKey(registry: Pick<Registry, "name">): string {
  return registry.name.toLowerCase();
}
