import { type Remedy, edit } from "../../shared/remedy.ts";

/** UNKNOWN is no verdict: it could not be found out, and nobody is to be held up by it. */
export type CheckStatus = "PASS" | "WARN" | "FAIL" | "UNKNOWN";

/** In the order in which they are shown. */
export const CHECK_NAMES = [
  "names",
  "location",
  "vm_sizes",
  "quota",
  "system_pool",
  "kubernetes_version",
  "resource_group",
  "cluster",
  "providers",
  "permissions",
  "registry",
  "role_assignments",
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

export interface Check {
  readonly name: CheckName;
  readonly status: CheckStatus;
  /** A sentence for people, with the names and numbers that decide. */
  readonly message: string;
  readonly remedies: readonly Remedy[];
  /** Only with WARN. What stands in the way ends by itself, and the create waits for it. */
  readonly endsByItself?: true;
}

/** What one check has found; its name is known to whoever asked for it. */
export type Verdict = Omit<Check, "name">;

export function pass(message: string): Verdict {
  return { status: "PASS", message, remedies: [] };
}

export function warn(message: string, remedies: readonly Remedy[] = []): Verdict {
  return { status: "WARN", message, remedies };
}

export function fail(message: string, remedies: readonly Remedy[] = [edit("Change the input")]): Verdict {
  return { status: "FAIL", message, remedies };
}

/** In the way now, and gone once what is going on has ended: the create waits for it. */
export function willWait(message: string, remedies: readonly Remedy[]): Verdict {
  return { ...warn(message, remedies), endsByItself: true };
}

export function unknown(message: string): Verdict {
  return { status: "UNKNOWN", message, remedies: [] };
}
