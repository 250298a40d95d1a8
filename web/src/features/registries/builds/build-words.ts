import { formatDuration } from "../../../lib/format.ts";
import type { ChipIcon, ChipTone } from "../../../ui/chip.tsx";
import type { Build, BuildStatus } from "./build-documents.ts";

export interface Look {
  label: string;
  tone: ChipTone;
  icon: ChipIcon;
}

const LOOKS: Record<BuildStatus, Look> = {
  QUEUED: { label: "Queued", tone: "neutral", icon: "clock" },
  STARTED: { label: "Starting", tone: "accent", icon: "spinner" },
  RUNNING: { label: "Running", tone: "accent", icon: "spinner" },
  SUCCEEDED: { label: "Succeeded", tone: "success", icon: "check" },
  FAILED: { label: "Failed", tone: "danger", icon: "cross" },
  ERROR: { label: "Error", tone: "danger", icon: "warning" },
  TIMEOUT: { label: "Timed out", tone: "danger", icon: "clock" },
  CANCELED: { label: "Canceled", tone: "neutral", icon: "ban" },
  UNKNOWN: { label: "Submitting", tone: "neutral", icon: "dashed" },
};

const CANCELING: Look = { label: "Canceling", tone: "neutral", icon: "stop" };
const TERMINAL: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "CANCELED", "ERROR", "TIMEOUT"]);

/** How a build looks. A state this UI doesn't know shows its own word; one that is asked to stop says so until Azure's word comes. */
export function buildLook(status: BuildStatus, isCanceling = false): Look {
  if (isCanceling && !hasEnded(status)) return CANCELING;
  return (LOOKS as Record<string, Look | undefined>)[status] ?? { label: status, tone: "neutral", icon: "question" };
}

export function hasEnded(status: BuildStatus): boolean {
  return TERMINAL.has(status);
}

/** It turned out to be another build, or never was: lists leave it out. */
export function isDropped({ replacedBy, withdrawn }: Pick<Build, "replacedBy" | "withdrawn">): boolean {
  return replacedBy !== null || withdrawn;
}

/** `team/service:1.4.1`, or the name alone while Azure has not told the tag. */
export function imageName({ image, tag }: Pick<Build, "image" | "tag">): string {
  return tag === "" ? image : `${image}:${tag}`;
}

type Times = Pick<Build, "status" | "createdAt" | "queuedAt" | "startedAt" | "finishedAt">;

/** Since when the build has been in what it is in: running, queued, or asked for. */
export function inStateSince(build: Times): string {
  return build.startedAt ?? build.queuedAt ?? build.createdAt;
}

/** Seconds it has been queued or running at this server time, or took in all. */
export function elapsedSeconds(build: Times, serverNowMs: number): number {
  const endMs = build.finishedAt ? Date.parse(build.finishedAt) : serverNowMs;
  return Math.max(0, Math.floor((endMs - Date.parse(inStateSince(build))) / 1000));
}

/** How many builds wait before it in its registry's queue; 0 when it does not wait, and until they have been counted. */
export function runsAhead({ status, runsAheadCount }: Pick<Build, "status" | "runsAheadCount">): number {
  return status === "QUEUED" ? (runsAheadCount ?? 0) : 0;
}

/** `2m 24s`, `41s · 1 ahead`: what a build in flight says behind its state. */
export function progressText(build: Build, serverNowMs: number): string {
  const elapsed = formatDuration(elapsedSeconds(build, serverNowMs));
  const ahead = runsAhead(build);
  return ahead > 0 ? `${elapsed} · ${ahead} ahead` : elapsed;
}

/** Who started it, in words for a row. */
export function starterText(build: Pick<Build, "startedBy">): string {
  return build.startedBy ?? "outside Slipway";
}

/** Why it did not succeed, in a sentence: what its log tells, else ACR's own words. */
export function reasonOf({ failure, error }: Pick<Build, "failure" | "error">): string | null {
  return failure?.summary ?? error;
}

/** What is announced when a watched build comes into this state. */
export function buildMilestone(build: Build): string {
  const look = buildLook(build.status);
  const reason = hasEnded(build.status) ? reasonOf(build) : null;
  return `${imageName(build)}: ${look.label.toLowerCase()}${reason ? `. ${reason}` : ""}`;
}

/** `sha256:9f2c81d0…`: enough of a digest to know it by. */
export function shortDigest(digest: string): string {
  const [algorithm, hash] = digest.split(":");
  return hash && hash.length > 16 ? `${algorithm}:${hash.slice(0, 8)}…` : digest;
}

/** `48.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
