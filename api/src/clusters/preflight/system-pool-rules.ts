import { edit } from "../../shared/remedy.ts";
import type { NodePoolSpec } from "../aks-gateway.ts";
import type { VmSize } from "../azure-catalogue.ts";
import { pass, unknown, warn, type Verdict } from "./check.ts";
import { findSize } from "./size-rules.ts";

const ENOUGH_VCPUS = 4;

/**
 * Whether the cluster's own services (DNS, metrics, webhooks) have room. One node with two vCPUs is what they overload first.
 * https://learn.microsoft.com/azure/aks/use-system-pools#system-and-user-node-pools
 */
export function judgeSystemPools(pools: readonly NodePoolSpec[], sizes: readonly VmSize[]): Verdict {
  const system = pools.filter(({ mode }) => mode === "SYSTEM");
  const [only] = system;
  const fewest = system.reduce((sum, { count, autoscale }) => sum + (autoscale?.minCount ?? count), 0);
  if (!only || fewest > 1) return pass("The cluster's own services have more than one node.");
  const size = findSize(sizes, only.vmSize);
  if (!size) return unknown(`Not checked: Azure does not say how large '${only.vmSize}' is.`);
  if (size.vCpus >= ENOUGH_VCPUS) return pass(`The cluster's own services have one node with ${size.vCpus} vCPUs.`);
  return warn(
    `Node pool '${only.name}' is one node with ${size.vCpus} vCPUs. The cluster's own services fill it up, and when it restarts the cluster has none. Take two nodes, or a size with ${ENOUGH_VCPUS} vCPUs or more.`,
    [edit("Change the number of nodes", `nodePools.${pools.indexOf(only)}.count`)],
  );
}
