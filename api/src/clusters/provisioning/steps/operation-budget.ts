import type { AzureTime } from "../../../shared/azure-time.ts";
import type { Clock } from "../../../shared/clock.ts";

/**
 * Azure's time that a look at an operation uses up: a quarter of the limit that all clusters of a subscription share (2 a
 * second), so that several processes have room.
 * https://learn.microsoft.com/azure/aks/quotas-skus-regions#throttling-limits-on-aks-resource-provider-apis
 */
const EACH_MS = 2_000;
/** What has been spent in advance is forgotten after this long. */
const MOST_MS = 60_000;

/** How many looks at operations a subscription can bear. Looks that must be are made and count; the others are made while there is room. */
export interface OperationBudget {
  hasRoom(subscriptionId: string): boolean;
  spend(subscriptionId: string): void;
}

/** State: until when all has been spent, by subscription. Lost with the process, which costs Azure one look too many. */
export function createOperationBudget(deps: { readonly clock: Clock; readonly azureTime: AzureTime }): OperationBudget {
  const { clock, azureTime } = deps;
  const spentUntilMs = new Map<string, number>();
  const spentUntil = (subscriptionId: string): number =>
    Math.max(clock.monotonicMs(), spentUntilMs.get(subscriptionId.toLowerCase()) ?? 0);
  return {
    hasRoom: (subscriptionId) => spentUntil(subscriptionId) <= clock.monotonicMs(),
    spend(subscriptionId) {
      const mostMs = clock.monotonicMs() + azureTime.toRealMs(MOST_MS);
      const nextMs = spentUntil(subscriptionId) + azureTime.toRealMs(EACH_MS);
      spentUntilMs.set(subscriptionId.toLowerCase(), Math.min(nextMs, mostMs));
    },
  };
}
