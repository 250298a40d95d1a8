import { type PoolOptions, splitList, toLabel } from "./pool-options.ts";

/**
 * AKS's and Kubernetes' rules for what a node pool may have, as the server checks them too. Bounds:
 * https://learn.microsoft.com/azure/aks/cluster-autoscaler, taints: https://learn.microsoft.com/azure/aks/use-node-taints, labels:
 * https://learn.microsoft.com/azure/aks/use-labels, the syntax of both:
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */

const MAX_NODES = 1000;
const MAX_EACH = 20;
const EFFECTS: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const RESERVED_PREFIX = "kubernetes.azure.com";
const NAME_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX_PART = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function checkBounds(
  { isOn, minCount, maxCount }: PoolOptions["autoscale"],
  fewest: number,
): string | undefined {
  if (!isOn) return undefined;
  const isWithin = (count: number | null) =>
    count !== null && Number.isInteger(count) && count >= fewest && count <= MAX_NODES;
  if (!isWithin(minCount) || !isWithin(maxCount)) return `Give bounds from ${fewest} to ${MAX_NODES} nodes.`;
  return Number(minCount) > Number(maxCount) ? "The fewest nodes can't be more than the most." : undefined;
}

/** For a pool whose bounds are right. */
export function checkWithinBounds(
  count: number,
  { isOn, minCount, maxCount }: PoolOptions["autoscale"],
): string | undefined {
  if (!isOn || (count >= Number(minCount) && count <= Number(maxCount))) return undefined;
  return `Begin within the autoscaler's bounds, ${minCount} to ${maxCount}.`;
}

export function checkTaints(text: string): string | undefined {
  const taints = splitList(text);
  if (taints.length > MAX_EACH) return `A pool has at most ${MAX_EACH} taints.`;
  return firstProblem(taints, checkTaint);
}

export function checkLabels(text: string): string | undefined {
  const labels = splitList(text);
  if (labels.length > MAX_EACH) return `A pool has at most ${MAX_EACH} labels.`;
  return firstProblem(labels, checkLabel);
}

function firstProblem(items: readonly string[], rule: (item: string) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = rule(item);
    if (problem) return `“${item}”: ${problem}`;
  }
  return undefined;
}

function checkTaint(taint: string): string | undefined {
  const [, key = "", value = "", effect = ""] = /^([^=:]+)(?:=([^=:]*))?:([^=:]+)$/.exec(taint) ?? [];
  if (key === "") return "a taint looks like key=value:NoSchedule.";
  if (!EFFECTS.includes(effect)) return `the effect is one of ${EFFECTS.join(", ")}.`;
  return checkKey(key) ?? checkValue(value);
}

function checkLabel(label: string): string | undefined {
  const { name, value } = toLabel(label);
  const prefix = name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
  if (prefix === RESERVED_PREFIX || prefix.endsWith(`.${RESERVED_PREFIX}`))
    return `labels that begin with ${RESERVED_PREFIX}/ are AKS's own.`;
  return checkKey(name) ?? checkValue(value);
}

function checkKey(key: string): string | undefined {
  const slash = key.indexOf("/");
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const isFine =
    NAME_PART.test(key.slice(slash + 1)) &&
    (prefix === undefined || (prefix.length <= 253 && PREFIX_PART.test(prefix)));
  return isFine
    ? undefined
    : "a key has 1 to 63 letters, digits, hyphens, underscores and full stops, a letter or digit at both ends; a DNS name and a slash may precede it.";
}

function checkValue(value: string): string | undefined {
  return value === "" || NAME_PART.test(value)
    ? undefined
    : "a value has at most 63 letters, digits, hyphens, underscores and full stops, a letter or digit at both ends.";
}
