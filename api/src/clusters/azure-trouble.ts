import type { RetryReason } from "../jobs/define-job.ts";
import type { AzureError } from "../shared/azure-error.ts";
import type { AzureTime } from "../shared/azure-time.ts";
import type { Clock } from "../shared/clock.ts";

/** Azure's time for which trouble that may pass is waited out, and how many tries there are at least. */
const TROUBLE_LIMIT_MS = 15 * 60_000;
const FEWEST_ATTEMPTS = 6;
/** Real milliseconds: an emulator that is started again takes no less because its clock is fast. */
const SHORTEST_TROUBLE_LIMIT_MS = 60_000;
const FIRST_BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 60_000;

/** Since when (epoch milliseconds) and how often in a row Azure could not be asked; kept in a job's checkpoint. */
export interface Trouble {
  readonly sinceMs: number;
  readonly attempts: number;
}

export interface NextTry {
  readonly trouble: Trouble;
  /** Real milliseconds until the next try, never less than Azure's Retry-After. */
  readonly delayMs: number;
  /** Epoch milliseconds. */
  readonly nextTryAtMs: number;
  /** What stands in the way and when the next try is, for people. */
  readonly reason: string;
  /** The same for metrics. */
  readonly retry: RetryReason;
}

/** When to try again after trouble that may pass (`transient`, `lost-reply`), or that it has lasted too long to go on. */
export function waitOutTrouble(
  error: AzureError,
  before: Trouble | undefined,
  deps: { readonly clock: Clock; readonly azureTime: AzureTime },
): NextTry | "lasted-too-long" {
  const nowMs = deps.clock.now();
  const trouble = { sinceMs: before?.sinceMs ?? nowMs, attempts: (before?.attempts ?? 0) + 1 };
  const limitMs = Math.max(deps.azureTime.toRealLimitMs(TROUBLE_LIMIT_MS), SHORTEST_TROUBLE_LIMIT_MS);
  if (trouble.attempts >= FEWEST_ATTEMPTS && nowMs - trouble.sinceMs > limitMs) return "lasted-too-long";
  const backoffMs = deps.azureTime.toRealMs(
    Math.min(FIRST_BACKOFF_MS * 2 ** (trouble.attempts - 1), LONGEST_BACKOFF_MS),
  );
  const delayMs = Math.max(backoffMs, error.retryAfterMs ?? 0);
  const reason = `${describeTrouble(error)}; trying again in ${Math.max(1, Math.round(delayMs / 1000))} s`;
  return { trouble, delayMs, nextTryAtMs: nowMs + delayMs, reason, retry: retryReason(error) };
}

export function retryReason(error: AzureError): RetryReason {
  return error.status === 429 ? "throttled" : "trouble";
}

export function describeTrouble(error: AzureError): string {
  if (error.status === 429) return `Azure limits its requests (429 ${error.code})`;
  if (error.status !== undefined) return `Azure answered ${error.status} ${error.code}`;
  return error.kind === "lost-reply" ? "The connection to Azure broke before it answered" : "Azure can't be reached";
}
