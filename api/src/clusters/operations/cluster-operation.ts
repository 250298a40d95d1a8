import type { NodePoolSpec } from "../aks-gateway.ts";
import type { ClusterRef, NodePool } from "../cluster.ts";
import type { Failure } from "../failures/failure.ts";
import { clusterPartition } from "../provisioning/provision.ts";

/** What is to be done to a cluster that stands. CLEAN_UP deletes what a provision has left. */
export type OperationTarget =
  | { readonly kind: "START" }
  | { readonly kind: "STOP" }
  | { readonly kind: "SCALE"; readonly poolName: string; readonly count: number }
  | { readonly kind: "ADD_NODE_POOL"; readonly pool: NodePoolSpec }
  | { readonly kind: "REMOVE_NODE_POOL"; readonly poolName: string }
  | { readonly kind: "DELETE" }
  | { readonly kind: "CLEAN_UP"; readonly provisionId: string };

export type OperationKind = OperationTarget["kind"];

/** PENDING until the first look at its job, then RUNNING; the last three are final. */
export type OperationStatus = "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELED";

export function isFinalOperation(status: OperationStatus): boolean {
  return status === "SUCCEEDED" || status === "FAILED" || status === "CANCELED";
}

/** What became of the resource group of a deleted cluster, and why. */
export interface GroupOutcome {
  readonly fate: "DELETED" | "KEPT_NOT_OURS" | "KEPT_NOT_EMPTY" | "KEPT";
  readonly message: string;
  /** What still lies in a group that is not empty; at most some. */
  readonly remaining: readonly string[];
}

/** Nine of ten take longer than `lowSeconds`, nine of ten less than `highSeconds`; real seconds, by so many earlier ones. */
export interface ExpectedSeconds {
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly samples: number;
}

export interface OperationEvent {
  /** 1, 2, 3 … within the operation. */
  readonly sequence: number;
  readonly at: string;
  readonly message: string;
  readonly clusterState?: string;
}

/**
 * Something that is done to one cluster: the durable record behind `ClusterOperation` and its progress. It holds facts and
 * times, no figures that age. Times are ISO 8601, UTC.
 */
export interface ClusterOperation {
  readonly id: string;
  readonly cluster: ClusterRef;
  readonly location?: string;
  readonly target: OperationTarget;
  readonly startedBy: string;
  readonly createdAt: string;
  readonly status: OperationStatus;
  /** 1 for the first record, one more with every change that is stored. */
  readonly sequence: number;
  /** 0 to 100, one decimal; never falls. */
  readonly percent: number;
  /** When the record was last brought up to date. */
  readonly observedAt: string;
  /** When something last changed at Azure, as opposed to being looked at. */
  readonly changedAt: string;
  readonly message?: string;
  /** When Azure accepted it. */
  readonly acceptedAt?: string;
  readonly clusterState?: string;
  readonly powerState?: string;
  /** As last seen; one that is gone stays, as `Deleted`. */
  readonly nodePools: readonly NodePool[];
  /** How long it usually takes, in Azure's time: what the bar fills by. */
  readonly usualMs: number;
  /** Missing while there are too few earlier ones to promise anything by. */
  readonly expected?: ExpectedSeconds;
  readonly events: readonly OperationEvent[];
  readonly finishedAt?: string;
  readonly failure?: Failure;
  readonly group?: GroupOutcome;
}

/** What is being done, for people. */
export function operationLabel(target: OperationTarget): string {
  switch (target.kind) {
    case "START":
      return "Starting the cluster";
    case "STOP":
      return "Stopping the cluster";
    case "SCALE":
      return `Scaling node pool ${target.poolName} to ${target.count === 1 ? "1 node" : `${target.count} nodes`}`;
    case "ADD_NODE_POOL":
      return `Adding node pool ${target.pool.name}`;
    case "REMOVE_NODE_POOL":
      return `Removing node pool ${target.poolName}`;
    case "DELETE":
      return "Deleting the cluster";
    case "CLEAN_UP":
      return "Deleting what the attempt left";
  }
}

const LAST_TIME_MS = 8_640_000_000_000_000;

/** An operation id names its partition, and sorts newest first within it. `unique` is a UUID. */
export function formatOperationId(cluster: ClusterRef, createdAtMs: number, unique: string): string {
  const newestFirst = String(LAST_TIME_MS - createdAtMs).padStart(16, "0");
  return `${clusterPartition(cluster).slice("cluster:".length)}.${newestFirst}-${unique}`;
}

/** Undefined when `id` is not the form of an operation id. */
export function tryParseOperationId(id: string): { readonly partitionKey: string; readonly row: string } | undefined {
  const match = /^([0-9a-f]{24})\.(\d{16}-[0-9a-f-]{36})$/.exec(id);
  return match?.[1] && match[2] ? { partitionKey: `cluster:${match[1]}`, row: match[2] } : undefined;
}
