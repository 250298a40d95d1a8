import type { FieldErrors } from "../../../lib/field-errors.ts";
import { fewestNodes } from "../create-cluster-rules.ts";
import { valueAt, type CreateClusterValues } from "../create-cluster-values.ts";
import type { Check, MaxNodeCount } from "./preflight-documents.ts";
import type { PreflightState } from "./use-preflight.ts";

/** One check as it stands on the screen. */
export interface CheckRow {
  name: string;
  label: string;
  /** The server's word; or that it is still out, waits for a field to be right, or that what is in the way goes away by itself. */
  state: Check["status"] | "CHECKING" | "WAITING" | "PASSES";
  message: string;
  remedies: Check["remedies"];
}

/** In the server's order. */
const LABELS: Record<string, string> = {
  names: "Names and limits",
  location: "Location",
  vm_sizes: "VM sizes",
  quota: "Quota",
  system_pool: "System pool",
  kubernetes_version: "Kubernetes version",
  resource_group: "Resource group",
  cluster: "Cluster name",
  providers: "Resource providers",
  permissions: "Permissions",
  registry: "Registry",
  role_assignments: "Role assignments",
};
const ORDER = Object.keys(LABELS);
const OF_REGISTRY: ReadonlySet<string> = new Set(["registry", "role_assignments"]);

/** Fields without which a check has nothing to look at. The form itself says what is wrong with them. */
const NEEDS: Record<string, (path: string) => boolean> = {
  names: () => true,
  resource_group: (path) => path === "resourceGroup",
  cluster: (path) => path === "resourceGroup" || path === "clusterName",
  permissions: (path) => path === "resourceGroup",
};

/** Every check that these values give reason for, known or not. `wrong` is what the form knows to be wrong by itself. */
export function checkRows(
  state: Pick<PreflightState, "findings" | "older" | "isChecking" | "error">,
  values: Pick<CreateClusterValues, "registryId">,
  wrong: FieldErrors,
): readonly CheckRow[] {
  const { findings, older, isChecking, error } = state;
  const known = findings?.checks ?? [];
  const names = new Set([
    ...ORDER.filter((name) => values.registryId !== "" || !OF_REGISTRY.has(name)),
    ...known.map(({ name }) => name).filter((name) => !ORDER.includes(name)),
  ]);
  // Before a new question goes out, what is known is about other values.
  const isOut = (name: string) => isChecking && (findings?.pending.length === 0 || findings?.pending.includes(name));
  return [...names].map((name): CheckRow => {
    const row = { name, label: LABELS[name] ?? name.replaceAll("_", " "), remedies: [] };
    const needs = NEEDS[name];
    if (needs && Object.keys(wrong).some(needs))
      return { ...row, state: "WAITING", message: "Waits for what the form still asks for." };
    const check = known.find((one) => one.name === name);
    if (check && !isOut(name)) return { ...row, ...check, state: stateOf(check) };
    if (error && !check) return { ...row, state: "UNKNOWN", message: "Slipway gave no answer." };
    const before = check ?? older.find((one) => one.name === name);
    return { ...row, state: "CHECKING", message: before?.message ?? "" };
  });
}

function stateOf({ status, endsByItself }: Check): CheckRow["state"] {
  return status === "WARN" && endsByItself ? "PASSES" : status;
}

/** What all checks come to, in a sentence for the summary and for screen readers; undefined while some are still out. */
export function verdictText(rows: readonly CheckRow[]): string | undefined {
  if (rows.some(({ state }) => state === "CHECKING")) return undefined;
  const of = (state: CheckRow["state"]) => rows.filter((row) => row.state === state);
  const failed = of("FAIL");
  if (failed.length > 0) return `This create would fail: ${labelsOf(failed)}.`;
  const passing = of("PASSES");
  if (passing.length > 0) return `This create will wait first: ${labelsOf(passing)}.`;
  const warned = of("WARN");
  const unknown = of("UNKNOWN");
  const rest = [
    ...(warned.length > 0 ? [`look at ${labelsOf(warned)}`] : []),
    ...(unknown.length > 0 ? [`${labelsOf(unknown)} could not be checked`] : []),
  ].join("; ");
  const isEarly = of("WAITING").length > 0;
  const free = isEarly ? "Nothing stands in the way so far" : "Nothing stands in the way";
  return rest === "" ? `${free}.` : `${free}, but ${rest}.`;
}

function labelsOf(rows: readonly CheckRow[]): string {
  return rows.map(({ label }) => (label.startsWith("VM") ? label : label.toLowerCase())).join(", ");
}

/** The worst of all checks: how the whole is shown. */
export function worstState(rows: readonly CheckRow[]): CheckRow["state"] {
  const order = ["CHECKING", "FAIL", "PASSES", "WARN", "UNKNOWN", "PASS"] as const;
  return order.find((state) => rows.some((row) => row.state === state)) ?? "WAITING";
}

/** Fields that checks without a field of their own are about, and what is said there: the whole of it stands with the check. */
const SHORT: Record<string, { path: string; message: string }> = {
  permissions: {
    path: "subscriptionId",
    message: "Slipway's identity lacks a role here. The checks say which, with the command.",
  },
  providers: {
    path: "subscriptionId",
    message: "This subscription lacks a resource provider. The checks give the command.",
  },
  role_assignments: {
    path: "registryId",
    message: "Slipway may not grant the cluster access to this registry. The checks give the command.",
  },
};
const FIELDS: Record<string, string> = { location: "location", registry: "registryId" };

/** What has failed, at the fields that it concerns, for as long as what stands there is what was checked. */
export function preflightErrors(
  { findings, about }: Pick<PreflightState, "findings" | "about">,
  values: CreateClusterValues,
): FieldErrors {
  if (!findings || !about) return {};
  const { maxNodeCounts } = findings;
  const found = findings.checks
    .filter((check) => stateOf(check) === "FAIL")
    .flatMap((check) => errorsOf(check, maxNodeCounts, about));
  return Object.fromEntries(found.filter(([path]) => valueAt(about, path) === valueAt(values, path)));
}

function errorsOf(check: Check, counts: readonly MaxNodeCount[], about: CreateClusterValues): [string, string][] {
  const short = SHORT[check.name];
  if (short) return [[short.path, short.message]];
  if (check.name === "quota" && counts.length > 0)
    return counts.map(({ poolName, count }) => {
      const index = about.nodePools.findIndex(({ name }) => name === poolName);
      return [`nodePools.${index}.count`, count > 0 ? `The quota has room for ${count}.` : "The quota has no room."];
    });
  const path = FIELDS[check.name] ?? check.remedies.find(({ field }) => field !== null)?.field;
  return path ? [[path, check.message]] : [];
}

export interface Fit {
  label: string;
  /** The values with as many nodes as the quota has room for. */
  apply(values: CreateClusterValues): CreateClusterValues;
}

/** The counts that fit the quota, to be taken over with one press; undefined when a pool could not do with its. */
export function fitOf(counts: readonly MaxNodeCount[], values: CreateClusterValues): Fit | undefined {
  const isPossible = counts.every(({ poolName, count }) => {
    const pool = values.nodePools.find(({ name }) => name === poolName);
    return pool !== undefined && count >= fewestNodes(pool.mode);
  });
  const [first] = counts;
  if (!first || !isPossible) return undefined;
  const nodes = (count: number) => `${count} ${count === 1 ? "node" : "nodes"}`;
  return {
    label:
      counts.length === 1
        ? `Apply ${nodes(first.count)} to ${first.poolName}`
        : `Apply ${counts.map(({ poolName, count }) => `${nodes(count)} to ${poolName}`).join(", ")}`,
    apply: (before) => ({
      ...before,
      nodePools: before.nodePools.map((pool) => {
        const fits = counts.find(({ poolName }) => poolName === pool.name);
        if (!fits) return pool;
        const { autoscale } = pool;
        const minCount = autoscale.minCount === null ? null : Math.min(autoscale.minCount, fits.count);
        return { ...pool, count: fits.count, autoscale: { ...autoscale, minCount } };
      }),
    }),
  };
}
