import type { JobCount } from "../jobs/job-census.ts";

/** How Slipway itself is. What stands in the store holds for all processes, the rest for the one that was asked. */
export interface SystemHealth {
  /** ISO time. */
  readonly observedAt: string;
  readonly version: string;
  /** ISO time at which this process began. */
  readonly startedAt: string;
  readonly store: StoreHealth;
  /** Undefined while the store can't be read. */
  readonly jobs: readonly JobCount[] | undefined;
  /** Undefined while the store can't be read. */
  readonly watchers: readonly Watcher[] | undefined;
  readonly azureLimits: readonly AzureLimit[];
  readonly process: ProcessFigures;
}

export interface StoreHealth {
  readonly kind: "EMBEDDED" | "TABLES";
  /** Why it can't be used; undefined while it can. */
  readonly problem?: string;
}

/** A job that looks at something of Azure for as long as somebody wants to know of it. */
export interface Watcher {
  readonly kind: "CLUSTERS" | "REGISTRY";
  /** GUID of the subscription, name of the registry. */
  readonly name: string;
  /** Nobody wants to know, and no timer runs. */
  readonly isResting: boolean;
  /** ISO time of the last look that came off. */
  readonly lookedAt?: string;
  /** What stood in the way of the last one. */
  readonly problem?: string;
}

/** What Azure last said is left of one of its limits. */
export interface AzureLimit {
  /** Undefined for limits of a tenant. */
  readonly subscriptionId: string | undefined;
  /** Azure's name for it. */
  readonly bucket: string;
  readonly remaining: number;
  /** Milliseconds since the Unix epoch. */
  readonly seenAtMs: number;
}

/** What this process has counted since it began. */
export interface ProcessFigures {
  readonly connections: number;
  readonly subscribers: readonly { readonly field: string; readonly count: number }[];
  readonly azureRequests: readonly AzureRequestCount[];
}

export interface AzureRequestCount {
  /** `GET microsoft.containerservice/managedclusters`. */
  readonly operation: string;
  readonly requests: number;
  /** Of them, those that Azure answered with 429. */
  readonly throttled: number;
  /** Of them, those that Azure answered with 5xx or not at all. */
  readonly failed: number;
}

/** Whether this process can read and write what Slipway knows, for everybody: without the reason, which names places. */
export interface StoreState {
  readonly isAvailable: boolean;
  /** Since when it has been so, as far as this process knows. */
  readonly since: string;
  /** Rises when it changes. */
  readonly version: number;
}
