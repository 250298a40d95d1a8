import { edit, link } from "../../shared/remedy.ts";
import type { NodePoolSpec } from "../aks-gateway.ts";
import type { VmSize } from "../azure-catalogue.ts";
import { fail, pass, type Verdict } from "./check.ts";

export function findSize(sizes: readonly VmSize[], name: string): VmSize | undefined {
  const wanted = name.toLowerCase();
  return sizes.find((size) => size.name.toLowerCase() === wanted);
}

/** Whether every pool's size can be had here. What is kept from some zones counts only for pools that ask for those. */
export function judgeSizes(pools: readonly NodePoolSpec[], sizes: readonly VmSize[], location: string): Verdict {
  const problems = pools.map((pool) => problemOf(pool, findSize(sizes, pool.vmSize), location));
  const first = problems.findIndex((problem) => problem !== undefined);
  if (first >= 0)
    return fail([...new Set(problems.filter((problem) => problem !== undefined))].join(" "), [
      edit("Choose another size", `nodePools.${first}.vmSize`),
      link("Sizes and regions of AKS", "https://aka.ms/aks/quotas-skus-regions"),
    ]);
  const names = [...new Set(pools.map((pool) => pool.vmSize))];
  return pass(`${names.join(", ")} can be deployed in ${location} with this subscription.`);
}

function problemOf(pool: NodePoolSpec, size: VmSize | undefined, location: string): string | undefined {
  if (!size) return `Azure offers no VM size '${pool.vmSize}' in ${location}.`;
  if (size.restriction !== undefined)
    return `${size.name} can't be had in ${location} with this subscription (${size.restriction}).`;
  const barred = (pool.availabilityZones ?? []).filter((zone) => !size.zones.includes(zone));
  if (barred.length === 0) return undefined;
  const reason = size.zoneRestriction === undefined ? "" : ` (${size.zoneRestriction})`;
  const where = barred.length === 1 ? `zone ${barred[0]}` : `zones ${barred.join(", ")}`;
  const instead =
    size.zones.length === 0 ? "It can be had without a zone only." : `It can be had in ${namesOf(size.zones)}.`;
  return `Node pool '${pool.name}': ${size.name} can't be had in ${where} of ${location} with this subscription${reason}. ${instead}`;
}

function namesOf(zones: readonly string[]): string {
  return zones.length === 1 ? `zone ${zones[0]}` : `zones ${zones.join(", ")}`;
}
