import { innermostCause, type AzureErrorBody } from "../../shared/azure-error.ts";
import type { Cluster } from "../cluster.ts";

/**
 * Which pools an error of the whole cluster is about. AKS names the pool in the text ("agentpool 'x'", "Agent pool x",
 * VM scale set `aks-x-12345678-vmss`) or in `target`; failed pools that nothing names get the cause of the whole.
 */
export function nodePoolErrors(
  error: AzureErrorBody,
  cluster: Cluster,
): ReadonlyMap<string, { readonly code: string; readonly message: string }> {
  const errors = new Map<string, { code: string; message: string }>();
  for (const pool of cluster.nodePools) {
    const part = parts(error).find((candidate) => names(candidate, pool.name));
    if (part) {
      const { code, message } = innermostCause(part);
      errors.set(pool.name.toLowerCase(), { code, message });
    } else if (pool.provisioningState === "Failed") {
      const { code, message } = innermostCause(error);
      errors.set(pool.name.toLowerCase(), { code, message });
    }
  }
  return errors;
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
