import type { ConnectionState } from "../../graphql/connection-monitor.ts";
import type { Cluster, NodePool } from "./cluster-documents.ts";
import type { Operation } from "./operations/operation-documents.ts";
import { busyReason } from "./operations/operation-words.ts";

/** Why things can't be asked for now; undefined where they can. */
export interface Availability {
  /** Starting, stopping and deleting. */
  readonly cluster: string | undefined;
  /** Anything about its node pools. */
  readonly pools: string | undefined;
}

/** What Azure is at that Slipway has not begun: a request waits for its end, so it stands in nobody's way. */
const PASSING: ReadonlySet<string> = new Set(["UPDATING", "STARTING", "STOPPING", "CANCELING", "CREATING"]);

export function availabilityOf(
  cluster: Pick<Cluster, "status" | "powerState">,
  current: Operation | undefined,
  isBeingCreated: boolean,
  connection: ConnectionState["status"],
): Availability {
  const all = reasonForAll(cluster.status, current, isBeingCreated, connection);
  const isStopped = cluster.powerState.toLowerCase() === "stopped";
  return { cluster: all, pools: all ?? (isStopped ? "The cluster is stopped. Start it first." : undefined) };
}

function reasonForAll(
  status: Cluster["status"],
  current: Operation | undefined,
  isBeingCreated: boolean,
  connection: ConnectionState["status"],
): string | undefined {
  if (connection === "offline" || connection === "reconnecting") return "There is no connection to Slipway.";
  if (current) return busyReason(current);
  if (isBeingCreated) return "It is being created. Wait until that has ended.";
  if (status === "DELETED") return "The cluster is gone.";
  return status === "DELETING" ? "Azure is deleting it." : undefined;
}

/** What Azure is at without us, in its own word. */
export function workElsewhere(
  cluster: Pick<Cluster, "status" | "provisioningState">,
  current: Operation | undefined,
  isBeingCreated: boolean,
): string | undefined {
  return !current && !isBeingCreated && PASSING.has(cluster.status) ? cluster.provisioningState : undefined;
}

/** Why this pool's count can't be set by hand. */
export function scaleReason(pool: NodePool, pools: string | undefined): string | undefined {
  if (pools !== undefined || !pool.autoscale) return pools;
  return `AKS scales it itself, between ${pool.autoscale.minCount} and ${pool.autoscale.maxCount} nodes.`;
}

/** Why this pool can't be removed. */
export function removeReason(pool: NodePool, all: readonly NodePool[], pools: string | undefined): string | undefined {
  const isLast = pool.mode === "SYSTEM" && all.filter(({ mode }) => mode === "SYSTEM").length === 1;
  return pools ?? (isLast ? "It is the last system pool; a cluster can't be without one." : undefined);
}
