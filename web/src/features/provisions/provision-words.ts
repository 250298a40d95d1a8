import { formatDuration, formatRange, spellDuration } from "../../lib/format.ts";
import type { Progress } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";

/** Elapsed seconds now: what the server counted, plus the time since its observation. It stands still once the provision has ended. */
export function elapsedNow(progress: Progress, serverNowMs: number): number {
  return progress.elapsedSeconds + secondsSinceObserved(progress, serverNowMs);
}

/** How long Azure has been working on the cluster, or undefined outside of that step. */
export function armElapsedNow(progress: Progress, serverNowMs: number): number | undefined {
  if (progress.armElapsedSeconds === null) return undefined;
  const isTicking = progress.phase === "ARM_CREATE_OR_UPDATE";
  return progress.armElapsedSeconds + (isTicking ? secondsSinceObserved(progress, serverNowMs) : 0);
}

function secondsSinceObserved(progress: Progress, serverNowMs: number): number {
  if (isTerminal(progress.status)) return 0;
  return Math.max(0, Math.floor((serverNowMs - Date.parse(progress.observedAt)) / 1000));
}

/** `Step 3/5 · Creating AKS cluster (5–10 min) · 4m 12s`, or the result once there is one. */
export function headline(progress: Progress, serverNowMs: number): string {
  const elapsed = formatDuration(elapsedNow(progress, serverNowMs));
  const step = `Step ${progress.step}/${progress.totalSteps} · ${progress.label}`;
  // How long Azure says that the step takes is of no use once it has ended.
  const ended = progress.label.replace(/ \(.+\)$/, "");
  switch (progress.status) {
    case "SUCCEEDED":
      return `Cluster ready · took ${elapsed}`;
    case "FAILED":
      return `Failed in step ${progress.step}/${progress.totalSteps} · ${ended} · after ${elapsed}`;
    case "CANCELED":
      return `Canceled in step ${progress.step}/${progress.totalSteps} · ${ended} · after ${elapsed}`;
    case "CANCELING":
      return `Canceling · ${step} · ${elapsed}`;
    default:
      return `${step} · ${elapsed}`;
  }
}

/** `AKS state: Creating · ARM 1m 40s`, the server's own message where Azure has said nothing yet, or undefined. */
export function subMessage(progress: Progress, serverNowMs: number): string | undefined {
  if (isTerminal(progress.status)) return undefined;
  const message = retryText(progress, serverNowMs) ?? progress.message ?? undefined;
  if (progress.phase !== "ARM_CREATE_OR_UPDATE") return message;
  const armElapsed = armElapsedNow(progress, serverNowMs);
  const state = progress.clusterState ? `AKS state: ${progress.clusterState}` : undefined;
  const arm = armElapsed === undefined ? undefined : `ARM ${formatDuration(armElapsed)}`;
  const parts = [state, arm].filter((part) => part !== undefined);
  // A retry or a throttle is told by the server; the plain state line it also sends would only repeat these parts.
  if (message && !message.startsWith("AKS state:")) parts.push(message);
  return parts.length > 0 ? parts.join(" · ") : undefined;
}

/** `Azure limits its requests (429 Throttled) · next try in 12 s`, counting down; undefined when nothing is waited out. */
function retryText({ retry }: Progress, serverNowMs: number): string | undefined {
  if (!retry) return undefined;
  const leftSeconds = Math.ceil((Date.parse(retry.nextTryAt) - serverNowMs) / 1000);
  const next = leftSeconds > 0 ? `next try in ${leftSeconds} s` : "trying now";
  const tries = retry.attempts > 1 ? ` (${retry.attempts} so far)` : "";
  return `${retry.reason} · ${next}${tries}`;
}

/** `NODE_RESOURCE_GROUP` reads `Node resource group`. */
export function leftoverKind(kind: string): string {
  const words = kind.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const WHERE = { SIZE: "for this size here", LOCATION: "here", EVERYWHERE: "with this Slipway", AZURE: "" };

/** `usually 6–9 min here · last 24 creates`, or whose estimate it is while there are too few of our own. */
export function usualDuration(progress: Progress): string | undefined {
  const { expected } = progress;
  if (!expected) return undefined;
  const range = formatRange(expected.lowSeconds, expected.highSeconds);
  if (expected.samples === 0) return `first creates here: Azure says ${range}`;
  return `usually ${range} ${WHERE[expected.basis]} · last ${expected.samples} creates`;
}

export interface Outlook {
  text: string;
  tone: "plain" | "warning" | "danger";
}

/** What to expect, in words. It never counts down to zero and sits there, and promises nothing without creates of our own. */
export function outlook(progress: Progress, serverNowMs: number): Outlook | undefined {
  if (isTerminal(progress.status) || progress.status === "CANCELING") return undefined;
  if (progress.pace === "STUCK") return { text: "Looks stuck", tone: "danger" };
  if (progress.pace === "SLOW") return { text: "Slower than usual", tone: "warning" };
  const { expected, estimatedFinish } = progress;
  if (!expected || !estimatedFinish || expected.samples === 0) return undefined;
  return { text: timeLeft(estimatedFinish, serverNowMs), tone: "plain" };
}

/** `About 2–5 min left`. Coarse on purpose: a figure that changes every second reads as a promise. */
function timeLeft({ earliest, latest }: NonNullable<Progress["estimatedFinish"]>, serverNowMs: number): string {
  const low = (Date.parse(earliest) - serverNowMs) / 1000;
  const high = (Date.parse(latest) - serverNowMs) / 1000;
  if (high < 5) return "Later than nine of ten here";
  const coarse = high < 120 ? 10 : 60;
  const [from, to] = [Math.floor(low / coarse) * coarse, Math.ceil(high / coarse) * coarse];
  return from <= 0 ? `Up to ${formatRange(to, to)} left` : `About ${formatRange(from, to)} left`;
}

/** What the progress bar says to a screen reader: `Step 3 of 5, Creating AKS cluster, 58 percent`. */
export function spokenProgress(progress: Progress): string {
  return `Step ${progress.step} of ${progress.totalSteps}, ${progress.label}, ${Math.floor(progress.percent)} percent`;
}

/** What is announced when this becomes the state: the start, each step and the result, never a percentage. */
export function milestone(clusterName: string, progress: Progress): string {
  const took = spellDuration(progress.elapsedSeconds);
  switch (progress.status) {
    case "SUCCEEDED":
      return `${clusterName}: cluster ready after ${took}`;
    case "FAILED":
      return `${clusterName}: failed after ${took}. ${progress.failure?.message ?? ""}`.trim();
    case "CANCELED":
      return `${clusterName}: canceled`;
    case "CANCELING":
      return `${clusterName}: canceling`;
    default:
      return `${clusterName}: step ${progress.step} of ${progress.totalSteps}, ${progress.label}`;
  }
}

/** The tab's title while this provision is watched: `58 % · blast-prod-02`. */
export function tabTitle(clusterName: string, progress: Progress): string {
  switch (progress.status) {
    case "SUCCEEDED":
      return `Ready · ${clusterName}`;
    case "FAILED":
      return `Failed · ${clusterName}`;
    case "CANCELED":
      return `Canceled · ${clusterName}`;
    default:
      return `${Math.floor(progress.percent)} % · ${clusterName}`;
  }
}
