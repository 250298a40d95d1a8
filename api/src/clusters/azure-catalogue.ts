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
  /** Zones of the location in which this subscription can have it; empty where there are none. */
  readonly zones: readonly string[];
  /** Why it can't be had in the other zones that offer it (Azure's reason code); undefined when it can. */
  readonly zoneRestriction: string | undefined;
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
  /** Those that can be used, not disabled or deleted ones. */
  listSubscriptions(signal?: AbortSignal): Promise<readonly Subscription[]>;
  /** Physical locations only. */
  listLocations(subscriptionId: string, signal?: AbortSignal): Promise<readonly Location[]>;
  /** Sizes that AKS takes (2 vCPUs or more), restricted ones included. */
  listVmSizes(subscriptionId: string, location: string, signal?: AbortSignal): Promise<readonly VmSize[]>;
  /** Without those that need the Premium tier (long-term support). */
  listKubernetesVersions(
    subscriptionId: string,
    location: string,
    signal?: AbortSignal,
  ): Promise<readonly KubernetesVersion[]>;
}
