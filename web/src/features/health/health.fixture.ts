import type { SystemHealth } from "./health-documents.ts";

const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";

/** A Slipway that is well: a provision under way, one registry looked at, one that nobody asks for. */
export function healthFixture(part: Partial<SystemHealth> = {}): SystemHealth {
  return {
    observedAt: "2026-11-22T10:35:16Z",
    version: "0.1.0",
    startedAt: "2026-11-22T08:33:16Z",
    store: { kind: "EMBEDDED", problem: null },
    jobs: [
      {
        name: "provision",
        state: "WAITING",
        count: 1,
        oldestAt: "2026-11-22T10:30:00Z",
        overdueSeconds: 0,
        failingCount: 0,
      },
      {
        name: "watch-registry",
        state: "PARKED",
        count: 1,
        oldestAt: "2026-11-22T08:40:00Z",
        overdueSeconds: 0,
        failingCount: 0,
      },
    ],
    watchers: [
      { kind: "CLUSTERS", name: SUBSCRIPTION, isResting: false, lookedAt: "2026-11-22T10:35:10Z", problem: null },
      { kind: "REGISTRY", name: "contoso", isResting: true, lookedAt: "2026-11-22T10:04:00Z", problem: null },
    ],
    azureLimits: [
      {
        subscriptionId: SUBSCRIPTION,
        bucket: "subscription-reads",
        remainingCount: 187,
        observedAt: "2026-11-22T10:35:10Z",
      },
    ],
    azureRequests: [
      {
        operation: "GET microsoft.containerservice/managedclusters",
        requestCount: 1234,
        throttledCount: 2,
        failedCount: 0,
      },
    ],
    connectionCount: 3,
    subscribers: [{ field: "provisionProgress", count: 2 }],
    ...part,
  };
}
