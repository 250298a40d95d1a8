import type { Remedy } from "../../shared/remedy.ts";
import { failureOf, type Failure, type FailureCategory } from "../failures/failure.ts";
import type { Check, CheckName } from "./check.ts";
import type { PreflightFindings } from "./preflight.ts";

/** What each check means when it blocks; those that never do are left out. */
const FAILURES: Partial<Record<CheckName, { readonly category: FailureCategory; readonly code: string }>> = {
  cluster: { category: "CLUSTER_EXISTS", code: "ClusterExists" },
  permissions: { category: "FORBIDDEN", code: "PermissionMissing" },
  role_assignments: { category: "FORBIDDEN", code: "PermissionMissing" },
  providers: { category: "PROVIDER_NOT_REGISTERED", code: "MissingSubscriptionRegistration" },
  vm_sizes: { category: "SKU_NOT_AVAILABLE", code: "SkuNotAvailable" },
  quota: { category: "QUOTA", code: "InsufficientQuota" },
  kubernetes_version: { category: "VERSION_NOT_AVAILABLE", code: "VersionNotAvailable" },
  location: { category: "LOCATION_NOT_AVAILABLE", code: "LocationNotAvailable" },
  names: { category: "NAME_INVALID", code: "InvalidInput" },
  registry: { category: "REGISTRY", code: "RegistryNotFound" },
};
const OTHERWISE = { category: "INVALID_REQUEST", code: "PreflightFailed" } as const;
/** What is worth thinking about before a create is no event of the create. */
const ADVICE: ReadonlySet<CheckName> = new Set(["system_pool"]);

/** Why a create can't succeed, all blockers in one; the first of the table's order names it. Undefined when nothing blocks. */
export function preflightFailure({ checks }: PreflightFindings): Failure | undefined {
  const order = Object.keys(FAILURES);
  const blockers = checks
    .filter(({ status }) => status === "FAIL")
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const first = blockers[0];
  if (!first) return undefined;
  const { category, code } = FAILURES[first.name] ?? OTHERWISE;
  return failureOf(category, code, blockers.map(({ message }) => message).join(" "), {
    remedies: distinct(blockers.flatMap(({ remedies }) => remedies)),
  });
}

/** What is worth a line in the timeline although it stops nothing. */
export function preflightNotes({ checks }: PreflightFindings): readonly string[] {
  return checks.flatMap(({ name, status, message }: Check) => {
    if (ADVICE.has(name)) return [];
    if (status === "WARN" || status === "FAIL") return [`Preflight: ${message}`];
    if (status === "UNKNOWN") return [`Preflight (${name.replaceAll("_", " ")}): ${message}`];
    return [];
  });
}

function distinct(remedies: readonly Remedy[]): readonly Remedy[] {
  const keyOf = ({ kind, label, url, command }: Remedy): string => [kind, label, url, command].join("\n");
  return [...new Map(remedies.map((remedy) => [keyOf(remedy), remedy])).values()];
}
