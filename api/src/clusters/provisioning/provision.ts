import { createHash } from "node:crypto";
import type { JobRef } from "../../jobs/job.ts";
import type { NodePoolSpec } from "../aks-gateway.ts";
import { clusterKey, type ClusterRef, type NodePoolMode } from "../cluster.ts";
import type { Failure } from "../failures/failure.ts";
import type { ProvisionPhase } from "./provision-steps.ts";

/** PENDING until the first look at the job, then RUNNING; the last three are terminal. */
export type ProvisionStatus = "PENDING" | "RUNNING" | "CANCELING" | "SUCCEEDED" | "FAILED" | "CANCELED";

export function isTerminalProvision(status: ProvisionStatus): boolean {
  return status === "SUCCEEDED" || status === "FAILED" || status === "CANCELED";
}

/** A node pool of the cluster as last observed. Once seen it is never dropped from the record. */
export interface NodePoolProgress {
  readonly name: string;
  readonly mode: NodePoolMode;
  readonly vmSize: string;
  readonly count: number;
  /** Azure's own word. */
  readonly provisioningState: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** The states it was seen in, oldest first. */
  readonly states?: readonly { readonly state: string; readonly at: string }[];
}

/** What the usual duration is computed from: creates like this one, all of its region, all, or Azure's own estimate. */
export type DurationBasis = "SIZE" | "LOCATION" | "EVERYWHERE" | "AZURE";

/** How long creates take here, in Azure's time. `samples` is 0 when it is Azure's own estimate. */
export interface UsualDuration {
  readonly basis: DurationBasis;
  readonly samples: number;
  /** Nine of ten take longer. */
  readonly lowMs: number;
  /** Nine of ten are done by then. */
  readonly highMs: number;
  /** What takes longer is slow. */
  readonly slowMs: number;
  /** By step, as far as it is known. */
  readonly stepMs: Readonly<Partial<Record<ProvisionPhase, number>>>;
}

/** Where the time of a provision goes, as of `observedAt`. Figures without a unit of their own are Azure's milliseconds. */
export interface ProvisionTimes {
  /** Since it was asked for, until it ended. */
  readonly elapsedMs: number;
  /** `elapsedMs` at the last change. */
  readonly changedMs: number;
  /** What Azure's own clock showed, when it tells. */
  readonly clockMs?: number;
  /** How much faster than ours Azure's time went; 0 while it is moved by hand. */
  readonly scale: number;
  /** When each step began; it ended when the next one did. */
  readonly steps: readonly { readonly phase: ProvisionPhase; readonly startedAt: string; readonly elapsedMs: number }[];
}

/** Azure's ids of the request that created the cluster, which Azure support asks for. Missing when its reply got lost. */
export interface ArmRequest {
  readonly correlationId?: string;
  readonly operationId?: string;
}

export interface Leftover {
  readonly resourceId: string;
  readonly kind: "CLUSTER" | "RESOURCE_GROUP" | "NODE_RESOURCE_GROUP";
}

/** Trouble that is being waited out. */
export interface ProvisionRetry {
  /** What stands in the way, for people. */
  readonly reason: string;
  readonly nextTryAt: string;
  /** Tries so far. */
  readonly attempts: number;
}

/** Something that became of the cluster after the provision had ended. */
export interface Amendment {
  readonly at: string;
  readonly kind: AmendmentKind;
  /** For people. */
  readonly message: string;
}

export type AmendmentKind =
  | "CLUSTER_SUCCEEDED"
  | "CLUSTER_FAILED"
  | "CLUSTER_STOPPED"
  | "CLUSTER_STARTED"
  | "CLUSTER_CHANGED"
  | "CLUSTER_DELETED"
  | "ROLES_GRANTED"
  | "ROLES_REFUSED";

/**
 * One attempt to create one cluster: the durable record behind `Provision` and `ProvisionProgress`. It holds facts and
 * times, no figures that age: elapsed times are computed when it is read. Times are ISO 8601, UTC.
 */
export interface Provision {
  readonly id: string;
  readonly cluster: ClusterRef;
  readonly location: string;
  readonly kubernetesVersion?: string;
  readonly registryArmId?: string;
  readonly nodePoolSpecs: readonly NodePoolSpec[];
  readonly tags: Readonly<Record<string, string>>;
  readonly startedBy: string;
  readonly createdAt: string;
  readonly status: ProvisionStatus;
  readonly phase: ProvisionPhase;
  /** 1 for the first record, one more with every change that is stored. */
  readonly sequence: number;
  /** Sequence of the newest timeline entry. */
  readonly timelineSequence: number;
  /** 0 to 100, one decimal; never falls. */
  readonly percent: number;
  /** When the record was last brought up to date. */
  readonly observedAt: string;
  /** When something last changed at Azure, as opposed to being looked at. */
  readonly changedAt: string;
  readonly message?: string;
  readonly retry?: ProvisionRetry;
  readonly armRequest?: ArmRequest;
  readonly armStartedAt?: string;
  readonly armFinishedAt?: string;
  readonly clusterState?: string;
  readonly portalUrl?: string;
  readonly nodePools: readonly NodePoolProgress[];
  readonly usual?: UsualDuration;
  /** Missing until the first look. */
  readonly times?: ProvisionTimes;
  readonly finishedAt?: string;
  readonly failure?: Failure;
  readonly leftovers: readonly Leftover[];
  /** The group that AKS makes for the nodes, once Azure has named it. */
  readonly nodeResourceGroup?: string;
  /** Who asked for its end; also when it had ended by itself before that took effect. */
  readonly canceledBy?: string;
  /** Oldest first. */
  readonly amendments?: readonly Amendment[];
  /** Who asked for the roles again while that is under way. */
  readonly grantingBy?: string;
  readonly retryOf?: string;
  readonly retriedBy?: string;
  readonly dismissedAt?: string;
  readonly dismissedBy?: string;
  /** Since when it is of no more interest that it did not succeed: the cluster was made by another attempt, or is gone. */
  readonly mootAt?: string;
}

/** It did not succeed, and nobody has taken care of that. */
export function needsAttention({ status, dismissedAt, retriedBy, mootAt }: Provision): boolean {
  const hasNotSucceeded = status === "FAILED" || status === "CANCELED";
  return hasNotSucceeded && dismissedAt === undefined && retriedBy === undefined && mootAt === undefined;
}

/** The same for every attempt to create one cluster, and part of each of their ids. */
export function isAttemptAt(cluster: ClusterRef, provisionId: string): boolean {
  return tryParseProvisionId(provisionId)?.partitionKey === clusterPartition(cluster);
}

export interface TimelineEntry {
  /** 1, 2, 3 … within one provision. */
  readonly sequence: number;
  readonly at: string;
  readonly phase: ProvisionPhase;
  readonly message: string;
  readonly clusterState?: string;
}

/** The partition that holds everything about one cluster: its provisions, their jobs, the guard against a second live one. */
export function clusterPartition(cluster: ClusterRef): string {
  return `cluster:${createHash("sha256").update(clusterKey(cluster)).digest("hex").slice(0, 24)}`;
}

/** A provision id names its partition, so that it can be read with nothing but the id. */
export function formatProvisionId(cluster: ClusterRef, attempt: string): string {
  return `${clusterPartition(cluster).slice("cluster:".length)}.${attempt}`;
}

/** Undefined when `id` is not the form of a provision id. */
export function tryParseProvisionId(
  id: string,
): { readonly partitionKey: string; readonly attempt: string } | undefined {
  const match = /^([0-9a-f]{24})\.([0-9a-f-]{36})$/.exec(id);
  return match?.[1] && match[2] ? { partitionKey: `cluster:${match[1]}`, attempt: match[2] } : undefined;
}

/** The job that drives a provision has its attempt's name. @throws when `id` is no provision id */
export function jobRefOf(id: string): JobRef {
  const key = tryParseProvisionId(id);
  if (!key) throw new Error(`'${id}' is no provision id.`);
  return { partitionKey: key.partitionKey, jobId: key.attempt };
}
