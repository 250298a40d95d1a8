import { edit } from "../../shared/remedy.ts";
import type { NodePoolSpec } from "../aks-gateway.ts";
import type { VmSize } from "../azure-catalogue.ts";
import { quotaPage } from "../failures/remedies.ts";
import { fewestNodes } from "../naming-rules.ts";
import { fail, pass, unknown, warn, type Verdict } from "./check.ts";
import type { ComputeUsage } from "./preflight-gateway.ts";
import { findSize } from "./size-rules.ts";

const REGIONAL = "cores";

/** The largest count of a pool that the quota has room for, beside what the others may have. */
export interface MaxNodeCount {
  readonly poolName: string;
  readonly count: number;
}

export interface QuotaFindings {
  readonly verdict: Verdict;
  /** One for each pool that asks for more than there is; all of them fit together. Empty unless the quota fails. */
  readonly maxNodeCounts: readonly MaxNodeCount[];
}

interface Demand {
  readonly pool: NodePoolSpec;
  readonly vCpus: number;
  readonly family: string;
}

interface Room {
  readonly usage: ComputeUsage;
  readonly free: number;
  /** Whether a pool counts against it. */
  readonly counts: (demand: Demand) => boolean;
}

/**
 * Whether the vCPUs of all pools fit the quota of their families and of the location. Family and vCPUs are the size's own, as
 * Azure lists it; a limit of 0 is no quota at all.
 */
export function judgeQuota(
  pools: readonly NodePoolSpec[],
  sizes: readonly VmSize[],
  usages: readonly ComputeUsage[],
  place: { readonly subscriptionId: string; readonly location: string },
): QuotaFindings {
  const { location } = place;
  const demands = pools.flatMap((pool): Demand[] => {
    const size = findSize(sizes, pool.vmSize);
    return size ? [{ pool, vCpus: size.vCpus, family: size.family.toLowerCase() }] : [];
  });
  const rooms = roomsFor(demands, usages);
  const shortages = rooms.filter((room) => needed(demands, room) > room.free);
  if (shortages.length > 0) {
    const maxNodeCounts = largestCounts(demands, rooms, shortages);
    const sentences = shortages.map((room) => describeShortage(room, needed(demands, room), location));
    return {
      verdict: fail([...sentences, describeFit(demands, maxNodeCounts)].join(" "), [
        edit("Change the number of nodes or the size", "nodePools"),
        quotaPage(place),
      ]),
      maxNodeCounts,
    };
  }
  return { verdict: judgeRest(pools, demands, rooms, place), maxNodeCounts: [] };
}

function roomsFor(demands: readonly Demand[], usages: readonly ComputeUsage[]): Room[] {
  return usages.flatMap((usage): Room[] => {
    const name = usage.name.toLowerCase();
    const counts = name === REGIONAL ? () => true : ({ family }: Demand) => family === name;
    return demands.some(counts) ? [{ usage, free: Math.max(0, usage.limit - usage.used), counts }] : [];
  });
}

function needed(demands: readonly Demand[], room: Room, count = ({ pool }: Demand): number => pool.count): number {
  return demands.filter(room.counts).reduce((sum, demand) => sum + demand.vCpus * count(demand), 0);
}

function describeShortage({ usage, free }: Room, needs: number, location: string): string {
  const name = displayName(usage);
  if (usage.limit === 0)
    return `${name} in ${location}: this subscription has no quota at all (limit 0); ${needs} vCPUs are needed.`;
  return `${name} in ${location}: ${usage.used} of ${usage.limit} are used, ${free} are free, ${needs} are needed.`;
}

function displayName({ name, displayName: shown }: ComputeUsage): string {
  return name.toLowerCase() === REGIONAL ? shown : `${shown} (${name})`;
}

function describeFit(demands: readonly Demand[], counts: readonly MaxNodeCount[]): string {
  const isPossible = counts.every(({ poolName, count }) => {
    const pool = demands.find((demand) => demand.pool.name === poolName)?.pool;
    return pool !== undefined && count >= fewestNodes(pool.mode);
  });
  if (!isPossible) return "No number of nodes fits; choose another size or location, or ask for more quota.";
  return `What fits: ${counts.map(({ poolName, count }) => `${count} ${count === 1 ? "node" : "nodes"} in '${poolName}'`).join(", ")}.`;
}

function judgeRest(
  pools: readonly NodePoolSpec[],
  demands: readonly Demand[],
  rooms: readonly Room[],
  place: { readonly subscriptionId: string; readonly location: string },
): Verdict {
  const { location } = place;
  const unlisted = demands.filter(({ family }) => !rooms.some(({ usage }) => usage.name.toLowerCase() === family));
  if (demands.length < pools.length)
    return unknown("The vCPUs of a size that Azure does not list can't be held against the quota.");
  if (unlisted.length > 0)
    return warn(
      `Azure lists no quota for the family of ${[...new Set(unlisted.map(({ pool }) => pool.vmSize))].join(", ")} in ${location}; only what it lists was checked.`,
    );
  const upTo = ({ pool }: Demand): number => Math.max(pool.count, pool.autoscale?.maxCount ?? 0);
  const tight = rooms.find((room) => needed(demands, room, upTo) > room.free);
  if (tight)
    return warn(
      `${displayName(tight.usage)} in ${location}: ${tight.free} are free, which is enough to begin with, but the autoscaler's upper bounds come to ${needed(demands, tight, upTo)}.`,
      [quotaPage(place)],
    );
  const room = (one: Room): string => `${needed(demands, one)} of ${one.free} free in ${one.usage.displayName}`;
  return pass(`The vCPUs fit: ${rooms.map(room).join(", ")}.`);
}

/**
 * Counts that fit together. When one pool alone is too much, only that one shrinks; else all share, those of the cluster itself
 * and the earlier ones first, and each keeps what it can't do without.
 */
function largestCounts(
  demands: readonly Demand[],
  rooms: readonly Room[],
  shortages: readonly Room[],
): readonly MaxNodeCount[] {
  const alone = demands
    .filter((demand) => shortages.every((room) => room.counts(demand)))
    .map((demand) => ({
      demand,
      count: largest(
        demand,
        rooms,
        demands.filter((other) => other !== demand),
        asked,
      ),
    }))
    .filter(({ demand, count }) => count >= Math.max(1, fewestNodes(demand.pool.mode)) && count < demand.pool.count)
    .toSorted((a, b) => b.demand.vCpus * b.demand.pool.count - a.demand.vCpus * a.demand.pool.count)[0];
  if (alone) return [{ poolName: alone.demand.pool.name, count: alone.count }];

  const counts = new Map(demands.map((demand) => [demand, Math.min(fewestNodes(demand.pool.mode), demand.pool.count)]));
  const given = (demand: Demand): number => counts.get(demand) ?? 0;
  const systemFirst = demands.toSorted((a, b) => Number(b.pool.mode === "SYSTEM") - Number(a.pool.mode === "SYSTEM"));
  for (const demand of systemFirst) {
    const fits = largest(
      demand,
      rooms,
      demands.filter((other) => other !== demand),
      given,
    );
    counts.set(demand, Math.min(fits, demand.pool.count));
  }
  return demands
    .filter((demand) => given(demand) < demand.pool.count)
    .map((demand) => ({ poolName: demand.pool.name, count: given(demand) }));
}

function asked({ pool }: Demand): number {
  return pool.count;
}

/** How many nodes of one pool there is room for beside the others. */
function largest(
  demand: Demand,
  rooms: readonly Room[],
  others: readonly Demand[],
  count: (other: Demand) => number,
): number {
  const fits = rooms
    .filter((room) => room.counts(demand))
    .map((room) => Math.floor((room.free - needed(others, room, count)) / demand.vCpus));
  return Math.max(0, Math.min(demand.pool.count, ...fits));
}
