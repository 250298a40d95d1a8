import { findVmSize, restrictionsOf, vmSizesIn } from "../../compute-catalogue.ts";
import { quotaIn } from "../../compute-quota.ts";
import { findEmulatedSubscription } from "../../emulated-subscriptions.ts";
import type { World } from "../../provider.ts";
import { familyQuotaExceeded, regionalQuotaExceeded, sizeNotAllowed } from "./aks-errors.ts";

/** Nodes to be added, by size. */
export type NodeDemand = readonly { readonly vmSize: string; readonly nodes: number }[];

/**
 * What AKS asks Compute before it accepts a request: may the subscription use these sizes there, and are
 * enough vCPUs of each family and of the region left.
 * @throws ArmError BadRequest or ErrCode_InsufficientVCPUQuota
 */
export function checkCapacity(world: World, subscriptionId: string, location: string, demand: NodeDemand): void {
  for (const { vmSize } of demand) checkSize(subscriptionId, location, vmSize);
  const { regional, families } = quotaIn(world, subscriptionId, location);
  for (const [family, requested] of coresByFamily(demand)) {
    const left = families.get(family)?.left ?? 0;
    if (requested > left) throw familyQuotaExceeded(family, location, left, requested);
  }
  const requested = coresOf(demand);
  if (requested > regional.left) throw regionalQuotaExceeded(location, regional.left, requested);
}

/** vCPUs of all nodes together; sizes that do not exist count nothing. */
export function coresOf(demand: NodeDemand): number {
  return [...coresByFamily(demand).values()].reduce((sum, cores) => sum + cores, 0);
}

function checkSize(subscriptionId: string, location: string, vmSize: string): void {
  const offer = findEmulatedSubscription(subscriptionId)?.compute;
  const size = vmSizesIn(location).find(({ name }) => name.toLowerCase() === vmSize.toLowerCase());
  const isRestricted =
    !offer || !size || restrictionsOf(offer, location, size).some(({ zones }) => zones === undefined);
  if (isRestricted) throw sizeNotAllowed(vmSize, subscriptionId, location);
}

function coresByFamily(demand: NodeDemand): ReadonlyMap<string, number> {
  const cores = new Map<string, number>();
  for (const { vmSize, nodes } of demand) {
    const size = findVmSize(vmSize);
    if (size) cores.set(size.family, (cores.get(size.family) ?? 0) + Math.max(0, nodes) * size.vCpus);
  }
  return cores;
}
