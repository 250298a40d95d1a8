import type { AzureTime } from "../../shared/azure-time.ts";
import { shareOfStep } from "./provision-percent.ts";
import { azureElapsedMs } from "./provision-times.ts";
import { isTerminalProvision, type Provision } from "./provision.ts";

export type Pace = "ON_TRACK" | "SLOW" | "STUCK" | "UNKNOWN";

/**
 * Azure's time without any change after which a slow create is called stuck. AKS tells little while it works: creates that
 * took half an hour and ended well showed nothing new for 18 minutes, so less than this would cry wolf.
 */
const STUCK_MS = 20 * 60_000;
const STUCK_HIGHS = 2;

/**
 * Told apart: slow and stuck, as of the last look, so that all readers of one sequence are told the same. It goes by Azure's
 * time, so that neither an emulator that was sped up or advanced nor one that stood still misleads it. What has ended is not stuck.
 */
export function paceOf(provision: Provision): Pace {
  const { usual, times, finishedAt } = provision;
  if (!usual || !times) return "UNKNOWN";
  if (times.elapsedMs <= usual.slowMs) return "ON_TRACK";
  const unchangedMs = times.elapsedMs - times.changedMs;
  const isStuck = finishedAt === undefined && unchangedMs > Math.max(STUCK_MS, STUCK_HIGHS * usual.highMs);
  return isStuck ? "STUCK" : "SLOW";
}

/** What a pace that is no good means and what one can do; undefined when there is nothing to say. */
export function paceHint(provision: Provision): string | undefined {
  const pace = paceOf(provision);
  if (isTerminalProvision(provision.status) || (pace !== "SLOW" && pace !== "STUCK")) return undefined;
  const unchanged = `No change for ${describeDuration(Date.parse(provision.observedAt) - Date.parse(provision.changedAt))}`;
  const slower = `slower than ${describeBasis(provision)}`;
  return pace === "STUCK"
    ? `${unchanged}, and ${slower}: open the cluster in the Azure portal to see why, or cancel.`
    : `S${slower.slice(1)}. Nothing is known to be wrong: wait on, or look at it in the Azure portal.`;
}

/** `95 % of the last 24 creates in westeurope` */
function describeBasis({ usual, location }: Provision): string {
  if (!usual || usual.basis === "AZURE") return "Azure's own estimate for a create";
  const where = { SIZE: `like it in ${location}`, LOCATION: `in ${location}`, EVERYWHERE: "here" }[usual.basis];
  return usual.samples < 20 ? `all of the last ${usual.samples} creates ${where}` : `95 % of creates ${where}`;
}

function describeDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

/** What a provision usually takes here in real seconds at Azure's present speed; undefined while its clock is moved by hand. */
export function expectedSeconds(
  provision: Provision,
): { readonly lowSeconds: number; readonly highSeconds: number } | undefined {
  const { usual, times } = provision;
  if (!usual || !times || times.scale === 0) return undefined;
  return { lowSeconds: toSeconds(usual.lowMs, times.scale), highSeconds: toSeconds(usual.highMs, times.scale) };
}

/**
 * Between when and when it will probably be done: nine of ten are not before the first and not after the second. Fixed by when it
 * was asked for, so it stands still while nothing but time passes. Undefined once it has ended or when nobody can tell.
 */
export function estimatedFinish(
  provision: Provision,
): { readonly earliest: string; readonly latest: string } | undefined {
  const { usual, times, observedAt, status } = provision;
  if (!usual || !times || times.scale === 0 || isTerminalProvision(status) || status === "CANCELING") return undefined;
  const at = (ms: number): string =>
    new Date(1000 * Math.round((Date.parse(observedAt) + (ms - times.elapsedMs) / times.scale) / 1000)).toISOString();
  return { earliest: at(usual.lowMs), latest: at(usual.highMs) };
}

/** Share of the step at Azure that is done, by what it usually takes here. */
export function armShare(provision: Provision, nowMs: number, azureTime: AzureTime): number {
  const step = provision.times?.steps.find(({ phase }) => phase === "ARM_CREATE_OR_UPDATE");
  const usualMs = provision.usual?.stepMs.ARM_CREATE_OR_UPDATE;
  if (!step || usualMs === undefined || usualMs <= 0) return 0;
  return shareOfStep(azureElapsedMs(provision, nowMs, azureTime) - step.elapsedMs, usualMs);
}

/** Real seconds that Azure's `ms` take at this speed. */
export function toSeconds(ms: number, scale: number): number {
  return Math.max(1, Math.round(ms / scale / 1000));
}
