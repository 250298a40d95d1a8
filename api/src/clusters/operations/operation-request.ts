import { InvalidInputError, type FieldProblem } from "../../shared/invalid-input-error.ts";
import type { Cluster } from "../cluster.ts";
import { checkNodeCount, checkNodePoolName } from "../naming-rules.ts";
import { checkNodePool, MOST_OPTION_CHARACTERS, optionCharacters } from "../node-pool-rules.ts";
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
