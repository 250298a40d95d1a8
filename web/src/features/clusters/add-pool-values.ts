import type { NodePoolInput } from "./operations/operation-documents.ts";

/** A node pool as it stands in the form: lists are texts with commas. */
export interface AddPoolValues {
  name: string;
  mode: "SYSTEM" | "USER";
  vmSize: string;
  count: number | null;
  isAutoscaled: boolean;
  minCount: number | null;
  maxCount: number | null;
  zones: readonly string[];
  taints: string;
  labels: string;
}

export const ZONES: readonly string[] = ["1", "2", "3"];

export function newPoolValues(): AddPoolValues {
  return {
    name: "",
    mode: "USER",
    vmSize: "",
    count: 1,
    isAutoscaled: false,
    minCount: 1,
    maxCount: 3,
    zones: [],
    taints: "",
    labels: "",
  };
}

/** What is sent. A number that was left empty goes as one that the server refuses, so that it names the field. */
export function toPoolInput(values: AddPoolValues): NodePoolInput {
  const { name, mode, vmSize, count, isAutoscaled, minCount, maxCount, zones } = values;
  return {
    name: name.trim(),
    mode,
    vmSize,
    count: count ?? -1,
    ...(isAutoscaled ? { autoscale: { minCount: minCount ?? -1, maxCount: maxCount ?? -1 } } : {}),
    ...(zones.length > 0 ? { availabilityZones: [...zones] } : {}),
    ...(values.taints.trim() === "" ? {} : { taints: splitList(values.taints) }),
    ...(values.labels.trim() === "" ? {} : { labels: splitList(values.labels).map(toLabel) }),
  };
}

/** The error of a field, also when the server names one of its parts: `pool.taints.0` for `taints`. */
export function poolFieldError(errors: Readonly<Record<string, string>>, field: string): string | undefined {
  const path = `pool.${field}`;
  return Object.entries(errors).find(([key]) => key === path || key.startsWith(`${path}.`))?.[1];
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function toLabel(text: string): { name: string; value: string } {
  const at = text.indexOf("=");
  return at < 0 ? { name: text, value: "" } : { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}
