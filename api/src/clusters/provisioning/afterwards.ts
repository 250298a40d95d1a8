import { z } from "zod";
import type { Cluster } from "../cluster.ts";
import type { AmendmentKind, Provision } from "./provision.ts";

/** The cluster as the last look after the verdict saw it; null once it was gone. */
const seenSchema = z
  .object({
    provisioningState: z.string(),
    powerState: z.string(),
    pools: z.record(z.string(), z.number()),
  })
  .nullable();

type SeenCluster = z.infer<typeof seenSchema>;

/** What the watch after a verdict must still know after a crash. */
export const afterwardsSchema = z.object({
  /** By Azure's clock (epoch ms). */
  untilMs: z.number(),
  seen: seenSchema,
  /** Azure's last word on how the cluster ended, and when it was heard (ISO). */
  told: z.object({ state: z.string(), at: z.string() }),
  /** The attempt has left a cluster, whose end then is the end of the matter. */
  wasLeft: z.boolean(),
  missingLooks: z.number().default(0),
});

export type Afterwards = z.infer<typeof afterwardsSchema>;

/** The watch as it begins: what the verdict was given on. */
export function beginAfterwards(provision: Provision, untilMs: number): Afterwards {
  const { clusterState, nodePools, finishedAt, observedAt } = provision;
  const pools = Object.fromEntries(nodePools.map(({ name, count }) => [name, count]));
  return {
    untilMs,
    seen: clusterState === undefined ? null : { provisioningState: clusterState, powerState: "Running", pools },
    told: { state: clusterState ?? provision.status, at: finishedAt ?? observedAt },
    wasLeft: provision.leftovers.some(({ kind }) => kind === "CLUSTER"),
    missingLooks: 0,
  };
}

export interface FoundAmendment {
  readonly kind: AmendmentKind;
  readonly message: string;
}

/**
 * What has become of the cluster since it was last seen, for people. Passing states are not told here: they are in the
 * timeline by themselves. Counts of a pool that AKS scales by itself are nobody's doing.
 */
export function amendmentsSince(
  { seen: before, told }: Afterwards,
  cluster: Cluster | undefined,
  nowMs: number,
): readonly FoundAmendment[] {
  if (!cluster) return before ? [{ kind: "CLUSTER_DELETED", message: "The cluster was deleted" }] : [];
  return [...verdictChange(told, cluster, nowMs), ...powerChange(before, cluster), ...poolChanges(before, cluster)];
}

/** What the next look compares with. */
export function rememberLook(afterwards: Afterwards, cluster: Cluster | undefined, nowMs: number): Afterwards {
  if (!cluster) return { ...afterwards, seen: null, missingLooks: 0 };
  const { provisioningState, powerState, nodePools } = cluster;
  const pools = Object.fromEntries(nodePools.map(({ name, count }) => [name, count]));
  const isVerdict = isEnd(provisioningState) && provisioningState !== afterwards.told.state;
  return {
    ...afterwards,
    seen: { provisioningState, powerState, pools },
    ...(isVerdict ? { told: { state: provisioningState, at: new Date(nowMs).toISOString() } } : {}),
    missingLooks: 0,
  };
}

function isEnd(state: string): boolean {
  return state === "Succeeded" || state === "Failed" || state === "Canceled";
}

function verdictChange(
  told: Afterwards["told"],
  { provisioningState: state }: Cluster,
  nowMs: number,
): FoundAmendment[] {
  if (state === told.state || (state !== "Succeeded" && state !== "Failed")) return [];
  const at = (iso: string): string => iso.slice(11, 16);
  const now = at(new Date(nowMs).toISOString());
  return [
    {
      kind: state === "Succeeded" ? "CLUSTER_SUCCEEDED" : "CLUSTER_FAILED",
      message: `Azure reported ${told.state} at ${at(told.at)} and ${state} at ${now} (UTC)`,
    },
  ];
}

function powerChange(before: SeenCluster, { powerState }: Cluster): FoundAmendment[] {
  if (!before || before.powerState === powerState) return [];
  if (powerState === "Stopped") return [{ kind: "CLUSTER_STOPPED", message: "The cluster was stopped" }];
  if (before.powerState !== "Stopped") return [];
  return [{ kind: "CLUSTER_STARTED", message: "The cluster was started again" }];
}

function poolChanges(before: SeenCluster, cluster: Cluster): FoundAmendment[] {
  if (!before || Object.keys(before.pools).length === 0) return [];
  const changed = (message: string): FoundAmendment => ({ kind: "CLUSTER_CHANGED", message });
  const now = new Map(cluster.nodePools.map((pool) => [pool.name, pool]));
  const gone = Object.keys(before.pools).filter((name) => !now.has(name));
  const others = cluster.nodePools.flatMap((pool) => {
    const count = before.pools[pool.name];
    if (count === undefined) return [changed(`Node pool ${pool.name} was added with ${nodes(pool.count)}`)];
    if (count === pool.count || pool.autoscale) return [];
    return [changed(`Node pool ${pool.name} was scaled from ${count} to ${nodes(pool.count)}`)];
  });
  return [...gone.map((name) => changed(`Node pool ${name} was removed`)), ...others];
}

function nodes(count: number): string {
  return count === 1 ? "1 node" : `${count} nodes`;
}
