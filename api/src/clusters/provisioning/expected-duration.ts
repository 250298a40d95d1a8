import type { AzureTime } from "../../shared/azure-time.ts";
import type { DurationHistory } from "./duration-history.ts";
import { PROVISION_STEPS } from "./provision-steps.ts";
import type { ExpectedDuration, Provision } from "./provision.ts";

/** Kind of the history's samples: from the request until the cluster is ready. */
export const PROVISION_DURATION = "provision";

/** Azure's own words for a create without history: five to ten minutes. */
const AZURE_LOW_MS = 5 * 60_000;
const AZURE_HIGH_MS = 10 * 60_000;

/** What a provision usually takes here, in real seconds; undefined while Azure's clock is moved by hand. */
export async function expectedDuration(deps: {
  readonly history: DurationHistory;
  readonly azureTime: AzureTime;
}): Promise<ExpectedDuration | undefined> {
  if (deps.azureTime.isByHand()) return undefined;
  const range = await deps.history.range(PROVISION_DURATION);
  const toSeconds = (azureMs: number): number => Math.max(1, Math.round(azureMs / deps.azureTime.scale() / 1000));
  return {
    lowSeconds: toSeconds(range?.lowMs ?? AZURE_LOW_MS),
    highSeconds: toSeconds(range?.highMs ?? AZURE_HIGH_MS),
    samples: range?.samples ?? 0,
  };
}

/** Real milliseconds that the ARM step of this provision usually takes, what its bar fills by; infinite when nobody can tell. */
export function usualArmMs(provision: Provision, azureTime: AzureTime): number {
  if (azureTime.isByHand()) return Number.POSITIVE_INFINITY;
  const { expected } = provision;
  const stepMs = (PROVISION_STEPS.find((step) => step.phase === "ARM_CREATE_OR_UPDATE")?.usualSeconds ?? 0) * 1000;
  if (!expected || expected.samples === 0) return stepMs / azureTime.scale();
  return ((expected.lowSeconds + expected.highSeconds) / 2) * 1000;
}

/**
 * Told apart: slow and stuck, as of the last look, so that all readers of one sequence are told the same. Slow is longer
 * than usual; stuck is without any change for longer than a whole create usually takes. What has ended is not stuck.
 */
export function paceOf(provision: Provision): "ON_TRACK" | "SLOW" | "STUCK" | "UNKNOWN" {
  const { expected, finishedAt, observedAt } = provision;
  if (!expected) return "UNKNOWN";
  const highMs = expected.highSeconds * 1000;
  const unchangedMs = Date.parse(observedAt) - Date.parse(provision.changedAt);
  if (finishedAt === undefined && unchangedMs > 1.5 * highMs) return "STUCK";
  const elapsedMs = Date.parse(finishedAt ?? observedAt) - Date.parse(provision.createdAt);
  return elapsedMs > 1.2 * highMs ? "SLOW" : "ON_TRACK";
}
