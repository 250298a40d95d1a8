import { InvalidInputError, type FieldProblem } from "../../shared/invalid-input-error.ts";
import type { AzureCatalogue } from "../azure-catalogue.ts";
import type { InTime } from "../azure-deadline.ts";
import type { Cluster, ClusterRef } from "../cluster.ts";
import { checkNodeCount, checkNodePoolName } from "../naming-rules.ts";
import { checkNodePool, checkVmSize, MOST_OPTION_CHARACTERS, optionCharacters } from "../node-pool-rules.ts";
import type { OperationTarget } from "./cluster-operation.ts";
import { ClusterStoppedError } from "./operation.errors.ts";
import { autoscaled, lastSystemPool, poolExists, poolOf, standingOf } from "./standing.ts";

/**
 * What can be said of a request from the cluster as it was last seen, before Azure is asked. The job looks again.
 * @throws InvalidInputError naming the arguments, ClusterStoppedError
 */
export function checkRequest(target: OperationTarget, cluster: Cluster): void {
  const problems = problemsOf(target, cluster);
  if (problems.length > 0) throw new InvalidInputError(problems);
  const standing = standingOf(target, cluster);
  if (standing.kind === "impossible" && standing.failure.code === "ClusterStopped")
    throw new ClusterStoppedError(cluster.name);
}

/**
 * Checks the size of a pool that is to be added against what Azure offers where the cluster is. What can't be asked in time is not
 * checked here: Azure decides when the job asks it for the pool.
 * @throws InvalidInputError
 */
export async function requireOffered(
  target: OperationTarget,
  { subscriptionId }: ClusterRef,
  { location }: Cluster,
  ask: { readonly catalogue: AzureCatalogue; readonly inTime: InTime },
): Promise<void> {
  if (target.kind !== "ADD_NODE_POOL") return;
  const sizes = await ask.inTime(ask.catalogue.listVmSizes(subscriptionId, location.toLowerCase()));
  const message = sizes && checkVmSize(target.pool.vmSize, sizes, location);
  if (message !== undefined) throw new InvalidInputError([{ path: "pool.vmSize", message }]);
}

function problemsOf(target: OperationTarget, cluster: Cluster): readonly FieldProblem[] {
  switch (target.kind) {
    case "SCALE": {
      const pool = poolOf(cluster, target.poolName);
      if (!pool) return [unknownPool(target.poolName, cluster)];
      if (pool.autoscale) return [{ path: "count", message: autoscaled(pool).message }];
      const message = checkNodeCount(target.count, pool.mode);
      return message === undefined ? [] : [{ path: "count", message }];
    }
    case "ADD_NODE_POOL": {
      const problems = checkNodePool(target.pool, "pool");
      if (problems.length > 0) return problems;
      if (optionCharacters(target.pool) > MOST_OPTION_CHARACTERS)
        return [
          { path: "pool", message: `Taints and labels have at most ${MOST_OPTION_CHARACTERS} characters together.` },
        ];
      const pool = poolOf(cluster, target.pool.name);
      const isAnother = pool && standingOf(target, cluster).kind === "impossible";
      return isAnother ? [{ path: "pool.name", message: poolExists(pool).message }] : [];
    }
    case "REMOVE_NODE_POOL": {
      const pool = poolOf(cluster, target.poolName);
      // One that is gone is removed already; what no pool can be called never was one.
      const badName = pool ? undefined : checkNodePoolName(target.poolName);
      if (badName !== undefined) return [{ path: "poolName", message: badName }];
      const systemPools = cluster.nodePools.filter(({ mode }) => mode === "SYSTEM");
      const isLast = pool?.mode === "SYSTEM" && systemPools.length === 1;
      return isLast ? [{ path: "poolName", message: lastSystemPool(pool).message }] : [];
    }
    default:
      return [];
  }
}

function unknownPool(name: string, cluster: Cluster): FieldProblem {
  const names = cluster.nodePools.map((pool) => pool.name).join(", ");
  return { path: "poolName", message: `'${cluster.name}' has no node pool '${name}'. It has ${names}.` };
}
