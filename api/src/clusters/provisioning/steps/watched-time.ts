import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint } from "../provision-job.ts";

/** Azure's time between two looks at a cluster that changes. AKS sends no Retry-After. */
export const LOOK_EVERY_MS = 5_000;
/** Azure's time of watching after which something that neither ends nor changes is given up. */
export const WATCH_LIMIT_MS = 60 * 60_000;

/** Counts from look to look, so that neither a restart nor an outage nor a change of the emulator's speed uses the time up. */
export function watchedSoFar(
  { clock, azureTime }: ProvisionDeps,
  { watchedMs, lookedAtMs }: ProvisionCheckpoint,
): { readonly watchedMs: number; readonly lookedAtMs: number } {
  const nowMs = clock.now();
  const sinceMs = Math.min(Math.max(0, nowMs - (lookedAtMs ?? nowMs)), 2 * azureTime.toRealMs(LOOK_EVERY_MS));
  return { watchedMs: watchedMs + (azureTime.isByHand() ? 0 : azureTime.toAzureMs(sinceMs)), lookedAtMs: nowMs };
}
