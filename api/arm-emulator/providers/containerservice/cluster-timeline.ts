import { seededNumber } from "../../seeded-number.ts";

/**
 * How long things take in AKS, in virtual milliseconds: different from name to name, always the same for
 * one name. A create takes 5 to 9 minutes and each pool is ready at its own time before that.
 */

const IDENTITY_READY_SECONDS = 60;

export type CreateTimeline = {
  readonly identityReadyMs: number;
  /** By pool name. */
  readonly poolReadyMs: ReadonlyMap<string, number>;
  readonly totalMs: number;
};

export function createTimeline(
  clusterName: string,
  poolNames: readonly string[],
  pace: "usual" | "slow",
): CreateTimeline {
  const seed = clusterName.toLowerCase();
  const totalSeconds =
    pace === "slow" ? seededNumber(`slow/${seed}`, 1500, 1800) : seededNumber(`create/${seed}`, 300, 540);
  const poolReadyMs = poolNames.map((pool, index): [string, number] => {
    // System pools come first in most requests and are ready first: later pools need a working cluster.
    const percent = Math.min(92, 48 + index * 9 + seededNumber(`pool/${seed}/${pool}`, 0, 12));
    return [pool, totalSeconds * percent * 10];
  });
  return {
    identityReadyMs: IDENTITY_READY_SECONDS * 1000,
    poolReadyMs: new Map(poolReadyMs),
    totalMs: totalSeconds * 1000,
  };
}

const SECONDS = {
  update: [60, 150],
  start: [120, 210],
  stop: [90, 180],
  delete: [120, 240],
  abort: [20, 45],
  createPool: [90, 200],
  scalePool: [60, 150],
  deletePool: [60, 120],
} as const satisfies Record<string, readonly [number, number]>;

/** @param seed the name of the cluster or `cluster/pool` */
export function durationMs(work: keyof typeof SECONDS, seed: string): number {
  const [low, high] = SECONDS[work];
  return seededNumber(`${work}/${seed.toLowerCase()}`, low, high) * 1000;
}
