import type { FieldProblem } from "../shared/invalid-input-error.ts";
import type { NodePoolSpec } from "./aks-gateway.ts";
import type { VmSize } from "./azure-catalogue.ts";
import type { NodePoolMode, NodePoolOptions } from "./cluster.ts";
import { checkNodeCount, checkNodePoolName, fewestNodes, MOST_NODES_PER_POOL } from "./naming-rules.ts";

/**
 * AKS's rules for what a node pool may have. Sources: https://learn.microsoft.com/azure/aks/cluster-autoscaler (bounds),
 * https://learn.microsoft.com/azure/aks/use-node-taints, https://learn.microsoft.com/azure/aks/use-labels (reserved prefix),
 * and Kubernetes' own for the syntax: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/.
 */

/** More than this of either is no pool that anybody runs, and would not fit where a provision is kept. */
const MOST_TAINTS = 20;
const MOST_LABELS = 20;
/** Characters of all taints and labels of one request together: they are kept as one text. */
export const MOST_OPTION_CHARACTERS = 8_000;

const ZONES: readonly string[] = ["1", "2", "3"];
const EFFECTS: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const RESERVED_PREFIX = "kubernetes.azure.com";

/** A pool as it was asked for: of labels of one name only the last can be kept, which must not go unsaid. */
export interface AskedNodePool extends NodePoolSpec {
  /** Which of the labels has the name of an earlier one. */
  readonly repeatedLabel?: number;
}

/** Whether the subscription can have a size in a location at all; what keeps it from some zones alone is Azure's to say. */
export function checkVmSize(vmSize: string, offered: readonly VmSize[], location: string): string | undefined {
  const size = offered.find((one) => one.name.toLowerCase() === vmSize.toLowerCase());
  if (!size) return `Azure offers no VM size '${vmSize}' in ${location}.`;
  if (size.restriction === undefined) return undefined;
  return `${size.name} can't be had in ${location} with this subscription (${size.restriction}).`;
}

/** Everything that can be said of one pool by itself. `path` is where it stands in the input, for example `nodePools.0`. */
export function checkNodePool(pool: AskedNodePool, path: string): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const check = (field: string, message: string | undefined): void => {
    if (message !== undefined) problems.push({ path: path === "" ? field : `${path}.${field}`, message });
  };
  check("name", checkNodePoolName(pool.name));
  check("count", checkNodeCount(pool.count, pool.mode));
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(pool.vmSize)) check("vmSize", "A VM size looks like Standard_D4s_v5.");
  if (pool.autoscale) {
    const wrongBounds = checkAutoscale(pool.autoscale, pool.mode);
    check("autoscale", wrongBounds);
    const { minCount, maxCount } = pool.autoscale;
    if (wrongBounds === undefined && (pool.count < minCount || pool.count > maxCount))
      check("count", `An autoscaled pool begins with a count within its bounds, ${minCount} to ${maxCount}.`);
  }
  check("availabilityZones", checkZones(pool.availabilityZones ?? []));
  checkEach(pool.taints ?? [], MOST_TAINTS, "taints", checkTaint, check);
  checkEach(Object.entries(pool.labels ?? {}), MOST_LABELS, "labels", checkLabel, check);
  if (pool.repeatedLabel !== undefined)
    check(`labels.${pool.repeatedLabel}`, "There is another label of this name; a pool has each name once.");
  return problems;
}

/** Length of what a pool's taints and labels take where they are kept. */
export function optionCharacters(pool: NodePoolOptions): number {
  return [...(pool.taints ?? []), ...Object.entries(pool.labels ?? {}).flat()].join("").length;
}

export function checkAutoscale(
  { minCount, maxCount }: NonNullable<NodePoolOptions["autoscale"]>,
  mode: NodePoolMode,
): string | undefined {
  const fewest = fewestNodes(mode);
  const isWithin = (count: number): boolean =>
    Number.isInteger(count) && count >= fewest && count <= MOST_NODES_PER_POOL;
  if (!isWithin(minCount) || !isWithin(maxCount))
    return `The bounds of a ${mode === "SYSTEM" ? "system" : "user"} pool are ${fewest} to ${MOST_NODES_PER_POOL} nodes.`;
  return minCount > maxCount ? `The lower bound ${minCount} is above the upper bound ${maxCount}.` : undefined;
}

function checkZones(zones: readonly string[]): string | undefined {
  const unknown = zones.find((zone) => !ZONES.includes(zone));
  if (unknown !== undefined) return `There is no zone '${unknown}'. Azure's zones are ${ZONES.join(", ")}.`;
  return new Set(zones).size < zones.length ? "A zone is given twice." : undefined;
}

function checkEach<T>(
  values: readonly T[],
  most: number,
  field: string,
  rule: (value: T) => string | undefined,
  check: (field: string, message: string | undefined) => void,
): void {
  if (values.length > most) return check(field, `A pool has at most ${most} ${field}.`);
  values.forEach((value, index) => check(`${field}.${index}`, rule(value)));
}

function checkTaint(taint: string): string | undefined {
  const match = /^([^=:]+)(?:=([^=:]*))?:([^=:]+)$/.exec(taint);
  if (!match) return "A taint looks like key=value:NoSchedule.";
  const [, key = "", value = "", effect = ""] = match;
  if (!EFFECTS.includes(effect)) return `A taint's effect is one of ${EFFECTS.join(", ")}.`;
  return checkKey(key) ?? checkValue(value);
}

function checkLabel([name, value]: readonly [string, string]): string | undefined {
  const prefix = name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
  if (prefix === RESERVED_PREFIX || prefix.endsWith(`.${RESERVED_PREFIX}`))
    return `Labels that begin with ${RESERVED_PREFIX}/ are AKS's own.`;
  return checkKey(name) ?? checkValue(value);
}

const NAME_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX_PART = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function checkKey(key: string): string | undefined {
  const slash = key.indexOf("/");
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const isFine =
    NAME_PART.test(key.slice(slash + 1)) &&
    (prefix === undefined || (prefix.length <= 253 && PREFIX_PART.test(prefix)));
  return isFine
    ? undefined
    : "A key has 1 to 63 letters, digits, hyphens, underscores and periods, a letter or digit at both ends; a DNS name and a slash may precede it.";
}

function checkValue(value: string): string | undefined {
  return value === "" || NAME_PART.test(value)
    ? undefined
    : "A value has at most 63 letters, digits, hyphens, underscores and periods, a letter or digit at both ends.";
}
