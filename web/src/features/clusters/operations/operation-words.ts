import { formatDuration, formatRange, spellDuration } from "../../../lib/format.ts";
import type { Operation } from "./operation-documents.ts";
import { isFinal } from "./operation-state.ts";

/** How long it has taken by now: as of the last look, and on from there while it runs. */
export function elapsedSeconds({ progress, status }: Operation, nowMs: number): number {
  if (isFinal({ status })) return progress.elapsedSeconds;
  return Math.max(progress.elapsedSeconds, Math.floor((nowMs - Date.parse(progress.startedAt)) / 1000));
}

/** `Stopping the cluster · 1m 20s`. */
export function operationHeadline(operation: Operation, nowMs: number): string {
  return `${operation.progress.label} · ${formatDuration(elapsedSeconds(operation, nowMs))}`;
}

/** What Azure says of the cluster, or what the operation waits for. */
export function operationMessage({ progress }: Operation): string | undefined {
  if (progress.message) return progress.message;
  return progress.clusterState ? `AKS state: ${progress.clusterState}` : undefined;
}

/** How much longer, only when enough earlier ones are known; a time that is over is not counted down below zero. */
export function operationOutlook(operation: Operation, nowMs: number): string | undefined {
  const { expected } = operation.progress;
  if (!expected) return undefined;
  if (elapsedSeconds(operation, nowMs) > expected.highSeconds) return "slower than usual";
  return `usually ${formatRange(expected.lowSeconds, expected.highSeconds)}`;
}

export function spokenOperation({ progress }: Operation): string {
  return `${progress.label}, ${Math.floor(progress.percent)} percent`;
}

const RESULTS: Record<string, string> = { SUCCEEDED: "done", FAILED: "failed", CANCELED: "was canceled at Azure" };

/** What a screen reader is told when an operation begins and when it ends. */
export function operationMilestone({ clusterName, status, progress }: Operation): string {
  if (!isFinal({ status })) return `${progress.label}: ${clusterName}`;
  return `${progress.label}: ${RESULTS[status] ?? status} after ${spellDuration(progress.elapsedSeconds)}`;
}

/** Why nothing else can be asked for now. */
export function busyReason(operation: Operation): string {
  return `${operation.progress.label} is under way, asked for by ${operation.startedBy}. Wait until it has ended.`;
}
