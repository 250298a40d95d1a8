import type { DurationComparison, PastProvision, Progress, ProvisionDetail } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";
import { elapsedNow } from "./provision-words.ts";

export interface DurationBar {
  provisionId: string;
  clusterName: string;
  startedAt: string;
  seconds: number;
  /** `RUNNING` while it has not ended. */
  outcome: PastProvision["outcome"];
  isThis: boolean;
}

/** Earlier provisions and this one, the oldest first. This one is there as long as it has run. */
export function barsOf(provision: ProvisionDetail, progress: Progress, nowMs: number): readonly DurationBar[] {
  const earlier = provision.durations.provisions
    .filter((past) => !past.isThis)
    .map(({ tookSeconds, ...past }) => ({ ...past, seconds: tookSeconds, isThis: false }));
  const own: DurationBar = {
    provisionId: provision.id,
    clusterName: provision.clusterName,
    startedAt: progress.startedAt,
    seconds: elapsedNow(progress, nowMs),
    outcome: isTerminal(progress.status) ? progress.status : "RUNNING",
    isThis: true,
  };
  return [...earlier, own].sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt));
}

const LIKE_IT = {
  SIZE: "creates of this size in the same location",
  LOCATION: "creates in the same location",
  EVERYWHERE: "creates with this Slipway",
  AZURE: "creates with this Slipway",
};

/** What the bars are of: `12 creates in the same location`. */
export function describeBars({ basis, provisions }: DurationComparison): string {
  return `last ${provisions.length} ${LIKE_IT[basis]}`;
}

/** What the plot's height stands for, in seconds. One that hung for an hour is cut off, or it would flatten all the others. */
export function topOf(bars: readonly DurationBar[], { slowSeconds }: DurationComparison): number {
  return Math.min(slowSeconds * 2, Math.max(slowSeconds * 1.1, ...bars.map((bar) => bar.seconds)));
}

export const OUTCOME_WORDS: Record<DurationBar["outcome"], string> = {
  PENDING: "under way",
  RUNNING: "under way",
  CANCELING: "under way",
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  CANCELED: "Canceled",
};
