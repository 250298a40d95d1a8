import type { FieldErrors } from "../../lib/field-errors.ts";
import type { NodePoolInput } from "./operations/operation-documents.ts";

/** What a node pool may have beside its size, as it stands in a form: lists are texts with commas. */
export interface PoolOptions {
  autoscale: { isOn: boolean; minCount: number | null; maxCount: number | null };
  availabilityZones: readonly string[];
  taints: string;
  labels: string;
}

export const ZONES: readonly string[] = ["1", "2", "3"];

export function noPoolOptions(): PoolOptions {
  return { autoscale: { isOn: false, minCount: 1, maxCount: 3 }, availabilityZones: [], taints: "", labels: "" };
}

/** What was asked for before, as the form shows it. */
export function poolOptionsFrom(asked: {
  autoscale: { minCount: number; maxCount: number } | null;
  availabilityZones: readonly string[];
  taints: readonly string[];
  labels: readonly { name: string; value: string }[];
}): PoolOptions {
  const { autoscale, availabilityZones, taints, labels } = asked;
  return {
    autoscale: autoscale ? { isOn: true, ...autoscale } : noPoolOptions().autoscale,
    availabilityZones: [...availabilityZones],
    taints: taints.join(", "),
    labels: labels.map(({ name, value }) => `${name}=${value}`).join(", "),
  };
}

/** What is sent. A number that was left empty goes as one that the server refuses, so that it names the field. */
export function toOptionsInput({
  autoscale,
  availabilityZones,
  taints,
  labels,
}: PoolOptions): Pick<NodePoolInput, "autoscale" | "availabilityZones" | "taints" | "labels"> {
  return {
    ...(autoscale.isOn
      ? { autoscale: { minCount: autoscale.minCount ?? -1, maxCount: autoscale.maxCount ?? -1 } }
      : {}),
    ...(availabilityZones.length > 0 ? { availabilityZones: [...availabilityZones] } : {}),
    ...(taints.trim() === "" ? {} : { taints: splitList(taints) }),
    ...(labels.trim() === "" ? {} : { labels: splitList(labels).map(toLabel) }),
  };
}

/** What is set, in a line; empty when nothing is. */
export function optionsText({ autoscale, availabilityZones, taints, labels }: PoolOptions): string {
  const many = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const taintCount = splitList(taints).length;
  const labelCount = splitList(labels).length;
  return [
    ...(autoscale.isOn ? [`autoscale ${autoscale.minCount ?? "?"}–${autoscale.maxCount ?? "?"}`] : []),
    ...(availabilityZones.length > 0
      ? [`${availabilityZones.length === 1 ? "zone" : "zones"} ${availabilityZones.join(", ")}`]
      : []),
    ...(taintCount > 0 ? [many(taintCount, "taint")] : []),
    ...(labelCount > 0 ? [many(labelCount, "label")] : []),
  ].join(" · ");
}

/** The error at a path, also when it is of one of its parts: `nodePools.0.taints.1` for `nodePools.0.taints`. */
export function errorAt(errors: FieldErrors, path: string): string | undefined {
  return errors[path] ?? Object.entries(errors).find(([key]) => key.startsWith(`${path}.`))?.[1];
}

export function splitList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

export function toLabel(text: string): { name: string; value: string } {
  const at = text.indexOf("=");
  return at < 0 ? { name: text, value: "" } : { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}
