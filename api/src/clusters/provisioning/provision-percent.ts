import { PROVISION_STEPS, type ProvisionPhase } from "./provision-steps.ts";

const TOTAL_SECONDS = PROVISION_STEPS.reduce((sum, step) => sum + step.usualSeconds, 0);
/** Share of a step that can be filled while it runs; the rest is the step's own end, which only a fact reaches. */
const FILLED_WHEN_USUAL_TIME_IS_OVER = 0.9;
const NEVER_MORE_THAN = 0.985;

/**
 * How far along a provision is, 0 to 100 with one decimal, each step weighing as long as it usually takes.
 * `within` is the share of the running step that is done, 0 to 1.
 */
export function percentAt(phase: ProvisionPhase, within: number): number {
  if (phase === "COMPLETED") return 100;
  const index = PROVISION_STEPS.findIndex((step) => step.phase === phase);
  const secondsBefore = PROVISION_STEPS.slice(0, index).reduce((sum, step) => sum + step.usualSeconds, 0);
  const seconds =
    secondsBefore + (PROVISION_STEPS[index]?.usualSeconds ?? 0) * Math.min(Math.max(within, 0), NEVER_MORE_THAN);
  // 100 is the last step's alone.
  return Math.floor((seconds / TOTAL_SECONDS) * 990) / 10;
}

/**
 * Share of a step that has run for `elapsedMs` and usually takes `usualMs`: straight up to 90 % of it, then ever slower,
 * never reaching the end, so that a slow step still moves.
 */
export function shareOfStep(elapsedMs: number, usualMs: number): number {
  const ratio = Math.max(0, elapsedMs) / usualMs;
  if (ratio <= 1) return FILLED_WHEN_USUAL_TIME_IS_OVER * ratio;
  return FILLED_WHEN_USUAL_TIME_IS_OVER + (1 - FILLED_WHEN_USUAL_TIME_IS_OVER) * (1 - Math.exp(1 - ratio));
}
