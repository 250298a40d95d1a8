export interface Subscription {
  readonly subscriptionId: string;
  readonly displayName: string;
}

export interface Location {
  readonly name: string;
  readonly displayName: string;
}

export interface VmSize {
  readonly name: string;
  readonly family: string;
  readonly vCpus: number;
  readonly memoryGb: number;
  /** Why it can't be had in this subscription and location (Azure's reason code); undefined when it can. */
  readonly restriction: string | undefined;
}

export interface KubernetesVersion {
  /** Minor version, `1.34`. */
  readonly version: string;
  readonly patchVersions: readonly string[];
  readonly isDefault: boolean;
  readonly isPreview: boolean;
}

/**
 * PORT: what Azure offers. Slow and large to ask for, so callers cache it.
 * Rejects with `AzureError`; makes each request once.
 */
export interface AzureCatalogue {
  listSubscriptions(signal?: AbortSignal): Promise<readonly Subscription[]>;
  /** Physical locations only. */
  listLocations(subscriptionId: string, signal?: AbortSignal): Promise<readonly Location[]>;
  listVmSizes(subscriptionId: string, location: string, signal?: AbortSignal): Promise<readonly VmSize[]>;
  listKubernetesVersions(
    subscriptionId: string,
    location: string,
    signal?: AbortSignal,
  ): Promise<readonly KubernetesVersion[]>;
}
