import type { ProvisionPhase, Progress, TimelineEntry } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";

/** The steps in their order, as far as the server has not named them yet: it sends the label of the current one. */
const PHASES: readonly { phase: ProvisionPhase; label: string }[] = [
  { phase: "CREATING_CLUSTER", label: "Preparing ARM request" },
  { phase: "ENSURING_RESOURCE_GROUP", label: "Ensuring resource group" },
  { phase: "ARM_CREATE_OR_UPDATE", label: "Creating AKS cluster" },
  { phase: "ENSURING_RBAC", label: "Granting role assignments" },
  { phase: "COMPLETED", label: "Cluster ready" },
];

export interface Step {
  label: string;
  state: "done" | "current" | "failed" | "waiting";
  startedAt: string | undefined;
  /** How long it took, or undefined while that is not known. */
  seconds: number | undefined;
}

/** Every step with its state and, from the first timeline entry of each phase, how long it took. */
export function describeSteps(progress: Progress, timeline: readonly TimelineEntry[]): Step[] {
  return PHASES.map(({ phase, label }, index) => {
    const number = index + 1;
    const startedAt = firstEntryAt(timeline, phase);
    const nextStart = PHASES.slice(number)
      .map((later) => firstEntryAt(timeline, later.phase))
      .find((at) => at !== undefined);
    const state = stepState(progress, number);
    const ended = nextStart ?? (state === "failed" ? progress.observedAt : undefined);
    const seconds =
      startedAt && ended && phase !== "COMPLETED" ? (Date.parse(ended) - Date.parse(startedAt)) / 1000 : undefined;
    return { label, state, startedAt, seconds };
  });
}

function stepState(progress: Progress, number: number): Step["state"] {
  if (number < progress.step || progress.status === "SUCCEEDED") return "done";
  if (number > progress.step) return "waiting";
  return isTerminal(progress.status) ? "failed" : "current";
}

function firstEntryAt(timeline: readonly TimelineEntry[], phase: ProvisionPhase): string | undefined {
  return timeline.find((entry) => entry.phase === phase)?.at;
}
