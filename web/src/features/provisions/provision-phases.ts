import type { ProvisionPhase, Progress } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";

/** Shorter than the server's labels, which say what Azure says of the step's length. */
const LABELS: Record<ProvisionPhase, string> = {
  CREATING_CLUSTER: "Preparing ARM request",
  ENSURING_RESOURCE_GROUP: "Ensuring resource group",
  ARM_CREATE_OR_UPDATE: "Creating AKS cluster",
  ENSURING_RBAC: "Granting role assignments",
  COMPLETED: "Cluster ready",
};

export interface Step {
  phase: ProvisionPhase;
  label: string;
  state: "done" | "current" | "failed" | "canceled" | "waiting";
  startedMs: number | undefined;
  finishedMs: number | undefined;
  /** How long it took, or undefined while that is not known. */
  seconds: number | undefined;
  /** How long it usually takes here. */
  usualSeconds: number | undefined;
}

/** Every step in order, with its state and how long it took. */
export function describeSteps(progress: Progress): Step[] {
  return progress.steps.map(({ phase, startedAt, finishedAt, usualSeconds }, index) => {
    const startedMs = startedAt === null ? undefined : Date.parse(startedAt);
    const finishedMs = finishedAt === null ? undefined : Date.parse(finishedAt);
    const lasted = startedMs !== undefined && finishedMs !== undefined && phase !== "COMPLETED";
    return {
      phase,
      label: LABELS[phase],
      state: stepState(progress, index + 1),
      startedMs,
      finishedMs,
      seconds: lasted ? (finishedMs - startedMs) / 1000 : undefined,
      usualSeconds: usualSeconds ?? undefined,
    };
  });
}

function stepState(progress: Progress, number: number): Step["state"] {
  if (number < progress.step || progress.status === "SUCCEEDED") return "done";
  if (number > progress.step) return "waiting";
  if (progress.status === "CANCELED") return "canceled";
  return isTerminal(progress.status) ? "failed" : "current";
}
