import { innermostCause, type AzureErrorBody } from "../../shared/azure-error.ts";
import type { Cluster, NodePool } from "../cluster.ts";
import { classifyFailure } from "../failures/classify-failure.ts";

/** Azure's code and what it means in plain words; Azure's own words where nobody knows the code. */
export interface NodePoolError {
  readonly code: string;
  readonly message: string;
}

/** Errors by the names of the pools that they are about, in lower case. */
export type NodePoolErrors = ReadonlyMap<string, NodePoolError>;

/** What AKS says of the pools themselves, also while the cluster is still being created. */
export function ownNodePoolErrors(cluster: Cluster): NodePoolErrors {
  return new Map(
    cluster.nodePools.flatMap((pool): [string, NodePoolError][] =>
      pool.provisioningError ? [[pool.name.toLowerCase(), told(pool.provisioningError, pool, cluster)]] : [],
    ),
  );
}

/**
 * Which pools an error of the whole cluster is about. AKS names the pool in the text ("agentpool 'x'", "Agent pool x",
 * VM scale set `aks-x-12345678-vmss`) or in `target`; failed pools that nothing names get the cause of the whole. What a pool
 * says of itself counts more.
 */
export function nodePoolErrors(error: AzureErrorBody, cluster: Cluster): NodePoolErrors {
  const errors = new Map<string, NodePoolError>();
  for (const pool of cluster.nodePools) {
    const part = parts(error).find((candidate) => names(candidate, pool.name));
    if (part) errors.set(pool.name.toLowerCase(), told(part, pool, cluster));
    else if (pool.provisioningState === "Failed") errors.set(pool.name.toLowerCase(), told(error, pool, cluster));
  }
  return new Map([...errors, ...ownNodePoolErrors(cluster)]);
}

function told(error: AzureErrorBody, pool: NodePool, cluster: Cluster): NodePoolError {
  const { code, category, summary, message } = classifyFailure(error, {
    ...cluster,
    pool: pool.name,
    nodePools: [pool],
  });
  if (category !== "UNKNOWN") return { code, message: summary };
  return { code, message: message || innermostCause(error).message };
}

function parts(body: AzureErrorBody): AzureErrorBody[] {
  return [...(body.details ?? []).flatMap(parts), body];
}

function names(body: AzureErrorBody, pool: string): boolean {
  if (body.target?.toLowerCase() === pool.toLowerCase()) return true;
  const escaped = pool.replace(/[^a-z0-9]/gi, "");
  return new RegExp(`(agent ?pools?|node ?pools?|pool)[ :/'"]+${escaped}\\b|\\baks-${escaped}-\\d+-vmss`, "i").test(
    body.message,
  );
}
