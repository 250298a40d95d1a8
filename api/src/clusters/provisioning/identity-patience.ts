import { z } from "zod";
import type { ProvisionDeps } from "./provision-deps.ts";

/** Azure's time: a new identity reaches all of Microsoft Entra within about a minute. */
const IDENTITY_LIMIT_MS = 60_000;
/** Azure's time between two looks for it. */
export const IDENTITY_EVERY_MS = 5_000;

/** How long an identity has been waited for, in real milliseconds, and when last. */
export const identityWaitSchema = z.object({ waitedMs: z.number(), lookedAtMs: z.number() });
export type IdentityWait = z.infer<typeof identityWaitSchema>;

/**
 * Whether an identity that is unknown now is to be waited for. Counts from look to look, a gap for twice its usual length at most:
 * two workers' clocks may be minutes apart, and nobody looks during an outage. Undefined when it has been waited for long enough.
 */
export function waitOn(
  { clock, azureTime }: Pick<ProvisionDeps, "clock" | "azureTime">,
  before: IdentityWait | undefined,
): IdentityWait | undefined {
  const nowMs = clock.now();
  const sinceMs = Math.max(0, nowMs - (before?.lookedAtMs ?? nowMs));
  const waitedMs = (before?.waitedMs ?? 0) + Math.min(sinceMs, 2 * azureTime.toRealMs(IDENTITY_EVERY_MS));
  return waitedMs < azureTime.toRealLimitMs(IDENTITY_LIMIT_MS) ? { waitedMs, lookedAtMs: nowMs } : undefined;
}
