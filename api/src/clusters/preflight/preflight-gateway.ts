/** vCPUs of one quota in one location. */
export interface ComputeUsage {
  /** Azure's own name: a family as the sizes name it, or `cores` for all of the location together. */
  readonly name: string;
  /** For people, for example `Standard DSv3 Family vCPUs`. */
  readonly displayName: string;
  readonly used: number;
  readonly limit: number;
}

/** Actions that one role assignment allows, and those that it takes out of them again; both may have wildcards. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** Whom Azure sees in Slipway. */
export interface OwnIdentity {
  readonly objectId: string;
  readonly principalType: "ServicePrincipal" | "User";
}

/** PORT: what is asked of Azure before a create, and nowhere else. Rejects with `AzureError`; makes each request once. */
export interface PreflightGateway {
  listComputeUsages(subscriptionId: string, location: string, signal?: AbortSignal): Promise<readonly ComputeUsage[]>;
  /** Azure's own word: Registered, NotRegistered, Registering, Unregistering, Unregistered. */
  getProviderState(subscriptionId: string, namespace: string, signal?: AbortSignal): Promise<string>;
  /**
   * What Slipway's own identity may do on a scope (the ARM id of a subscription, a resource group or a resource), whether it was
   * granted there, higher up or to a group that it belongs to: Azure itself puts them together.
   */
  listOwnPermissions(scope: string, signal?: AbortSignal): Promise<readonly Permission[]>;
  /** Undefined when the sign-in does not tell. */
  getOwnIdentity(signal?: AbortSignal): Promise<OwnIdentity | undefined>;
}
