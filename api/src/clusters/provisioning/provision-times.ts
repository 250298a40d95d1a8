import type { AzureTime } from "../../shared/azure-time.ts";
import type { ProvisionPhase } from "./provision-steps.ts";
import { isTerminalProvision, type NodePoolProgress, type Provision, type ProvisionTimes } from "./provision.ts";

/** More than any pool goes through while its cluster is created; it bounds the record of one that flaps. */
const MOST_POOL_STATES = 20;

/**
 * Adds to a changed record what it says of time: Azure's time that has passed, when each step began, when each pool changed.
 * Pure but for Azure's clock. Once a provision has ended its times stand, whatever is amended later.
 */
export function keepTimes(before: Provision, after: Provision, azureTime: AzureTime): Provision {
  const nodePools = after.nodePools.map((pool) => keepStates(before.nodePools, pool, after.observedAt));
  if (isTerminalProvision(before.status)) return { ...after, nodePools };
  const nowMs = Date.parse(after.observedAt);
  const elapsedMs = azureElapsedMs(before, nowMs, azureTime);
  const clockMs = azureTime.clockAt(nowMs);
  const times: ProvisionTimes = {
    elapsedMs,
    changedMs: after.changedAt === before.changedAt ? (before.times?.changedMs ?? 0) : elapsedMs,
    ...(clockMs === undefined ? {} : { clockMs }),
    scale: azureTime.isByHand() ? 0 : azureTime.scale(),
    steps: keepSteps(before, after, elapsedMs),
  };
  return { ...after, nodePools, times };
}

/** Azure's time since the provision was asked for. */
export function azureElapsedMs(provision: Provision, nowMs: number, azureTime: AzureTime): number {
  const { times, observedAt } = provision;
  const clockMs = azureTime.clockAt(nowMs);
  if (times?.clockMs !== undefined && clockMs !== undefined)
    return Math.max(0, times.elapsedMs + clockMs - times.clockMs);
  const realMs = Math.max(0, nowMs - Date.parse(observedAt));
  return (times?.elapsedMs ?? 0) + (azureTime.isByHand() ? 0 : azureTime.toAzureMs(realMs));
}

/** Azure's time that each step took; the last one up to the latest look. The final one is a moment and takes none. */
export function stepDurations({ times }: Provision): Partial<Record<ProvisionPhase, number>> {
  const steps = times?.steps ?? [];
  const lasted = steps.map((step, index): [ProvisionPhase, number] => {
    const endMs = steps[index + 1]?.elapsedMs ?? times?.elapsedMs ?? 0;
    return [step.phase, Math.max(0, endMs - step.elapsedMs)];
  });
  return Object.fromEntries(lasted.filter(([phase]) => phase !== "COMPLETED"));
}

function keepSteps(before: Provision, after: Provision, elapsedMs: number): ProvisionTimes["steps"] {
  const steps = before.times?.steps ?? [{ phase: before.phase, startedAt: before.createdAt, elapsedMs: 0 }];
  return after.phase === steps.at(-1)?.phase
    ? steps
    : [...steps, { phase: after.phase, startedAt: after.observedAt, elapsedMs }];
}

function keepStates(before: readonly NodePoolProgress[], pool: NodePoolProgress, at: string): NodePoolProgress {
  const states = before.find(({ name }) => name.toLowerCase() === pool.name.toLowerCase())?.states ?? [];
  if (states.at(-1)?.state === pool.provisioningState) return { ...pool, states };
  return { ...pool, states: [...states, { state: pool.provisioningState, at }].slice(-MOST_POOL_STATES) };
}
