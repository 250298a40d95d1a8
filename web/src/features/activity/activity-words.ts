import type { ChipIcon, ChipTone } from "../../ui/chip.tsx";
import type { ActivityAction, ActivityOutcome, ActivityScope } from "./activity-documents.ts";

interface Look {
  label: string;
  tone: ChipTone;
  icon: ChipIcon;
}

/** What was asked for: as a choice in a list, and as the middle of "Ada … shop-dev". */
const ACTIONS: Record<ActivityAction, { label: string; asked: string }> = {
  START_PROVISION: { label: "Create cluster", asked: "asked to create cluster" },
  CANCEL_PROVISION: { label: "Cancel provision", asked: "asked to cancel the creation of" },
  RETRY_PROVISION: { label: "Retry provision", asked: "asked to create again" },
  DISMISS_PROVISION: { label: "Dismiss provision", asked: "dismissed the attempt to create" },
  GRANT_ROLES: { label: "Grant roles", asked: "asked to grant the roles of" },
  CLEAN_UP_PROVISION: { label: "Clean up", asked: "asked to delete what is left of" },
  START_CLUSTER: { label: "Start cluster", asked: "asked to start" },
  STOP_CLUSTER: { label: "Stop cluster", asked: "asked to stop" },
  SCALE_NODE_POOL: { label: "Scale node pool", asked: "asked to scale a node pool of" },
  ADD_NODE_POOL: { label: "Add node pool", asked: "asked to add a node pool to" },
  REMOVE_NODE_POOL: { label: "Remove node pool", asked: "asked to delete a node pool of" },
  DELETE_CLUSTER: { label: "Delete cluster", asked: "asked to delete cluster" },
  START_BUILDS: { label: "Build images", asked: "asked to build in" },
  CANCEL_BUILD: { label: "Cancel build", asked: "asked to cancel the build of" },
  SIGN_IN: { label: "Sign in", asked: "asked to sign in to" },
  SIGN_OUT: { label: "Sign out", asked: "signed out of" },
  ASK: { label: "Ask", asked: "asked too much of" },
  EXPORT_ACTIVITY: { label: "Copy activity", asked: "asked for a copy of the activity of" },
};

const OUTCOMES: Record<ActivityOutcome, Look> = {
  ACCEPTED: { label: "Accepted", tone: "neutral", icon: "check" },
  REFUSED: { label: "Refused", tone: "danger", icon: "ban" },
  UNKNOWN: { label: "Outcome unknown", tone: "warning", icon: "question" },
};

/** States of what was begun, in Azure's and Slipway's own words. */
const STATUSES: Record<string, Look> = {
  PENDING: { label: "Submitting", tone: "neutral", icon: "dashed" },
  UNKNOWN: { label: "Submitting", tone: "neutral", icon: "dashed" },
  QUEUED: { label: "Queued", tone: "neutral", icon: "clock" },
  STARTED: { label: "Starting", tone: "accent", icon: "spinner" },
  RUNNING: { label: "Running", tone: "accent", icon: "spinner" },
  CANCELING: { label: "Canceling", tone: "neutral", icon: "stop" },
  SUCCEEDED: { label: "Succeeded", tone: "success", icon: "check" },
  FAILED: { label: "Failed", tone: "danger", icon: "cross" },
  CANCELED: { label: "Canceled", tone: "neutral", icon: "ban" },
  ERROR: { label: "Error", tone: "danger", icon: "warning" },
  TIMEOUT: { label: "Timed out", tone: "danger", icon: "clock" },
};
const ENDED: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "CANCELED", "ERROR", "TIMEOUT"]);

export const SCOPE_CHOICES: readonly { value: ActivityScope; label: string }[] = [
  { value: "CHANGES", label: "Changes" },
  { value: "ACCESS", label: "Sign-ins and refusals" },
];

export const OUTCOME_CHOICES: readonly { value: ActivityOutcome; label: string }[] = (
  Object.keys(OUTCOMES) as ActivityOutcome[]
).map((value) => ({ value, label: OUTCOMES[value].label }));

/** Told to administrators alone. */
const ACCESS_ACTIONS: ReadonlySet<ActivityAction> = new Set(["SIGN_IN", "SIGN_OUT", "ASK", "EXPORT_ACTIVITY"]);

export function isAccess(action: ActivityAction): boolean {
  return ACCESS_ACTIONS.has(action);
}

/** To choose from. */
export const ACTION_CHOICES: readonly { value: ActivityAction; label: string }[] = (
  Object.keys(ACTIONS) as ActivityAction[]
).map((value) => ({ value, label: ACTIONS[value].label }));

/** An action that this UI doesn't know shows its own word. */
export function askedText(action: ActivityAction): string {
  const known = (ACTIONS as Record<string, { asked: string } | undefined>)[action];
  return known?.asked ?? `did ${action} to`;
}

export function outcomeLook(outcome: ActivityOutcome): Look {
  return (OUTCOMES as Record<string, Look | undefined>)[outcome] ?? unknownLook(outcome);
}

export function statusLook(status: string): Look {
  return STATUSES[status] ?? unknownLook(status);
}

export function hasEnded(status: string): boolean {
  return ENDED.has(status);
}

function unknownLook(label: string): Look {
  return { label, tone: "neutral", icon: "question" };
}
