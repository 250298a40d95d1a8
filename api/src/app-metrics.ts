import type { AzureRequestFacts } from "./azure/azure-http-client.ts";
import type { RateLimit } from "./azure/rate-limits.ts";
import type { OperationFacts } from "./graphql/operation-observer.ts";
import { countJobs } from "./jobs/job-census.ts";
import type { JobRecord } from "./jobs/job.ts";
import type { JobObserver } from "./jobs/observed-job.ts";
import type { Metrics } from "./observability/metrics.ts";
import type { Clock } from "./shared/clock.ts";
import type { AzureRequestCount, ProcessFigures } from "./system/system-health.ts";

/** What is looked up when somebody reads `/metrics`, rather than followed. */
export interface MetricsSources {
  listJobs(): Promise<readonly JobRecord[]>;
  rateLimits(): readonly RateLimit[];
  groupCount(): number;
  /** Rejects while the store can't be used. */
  pingStore(): Promise<void>;
  readonly clock: Clock;
}

/** What `/metrics` answers with. */
export interface MetricsPage {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export function createMetricsPage(metrics: Metrics, sources: MetricsSources): MetricsPage {
  async function look(): Promise<void> {
    metrics.armBudget.reset();
    // The tightest come first: the first of each bucket is the one to tell.
    for (const { bucket, remaining } of [...sources.rateLimits()].toReversed())
      metrics.armBudget.set({ bucket }, remaining);
    metrics.liveGroups.set(sources.groupCount());
    for (const gauge of [metrics.jobs, metrics.jobOldest, metrics.jobOverdue]) gauge.reset();
    try {
      await sources.pingStore();
      const counts = countJobs(await sources.listJobs(), sources.clock.now());
      metrics.storeUp.set(1);
      for (const { name: job, state, count, oldestMs, overdueMs } of counts) {
        metrics.jobs.set({ job, state }, count);
        metrics.jobOldest.set({ job, state }, (sources.clock.now() - oldestMs) / 1000);
        if (state === "WAITING") metrics.jobOverdue.set({ job }, overdueMs / 1000);
      }
    } catch {
      // What is known of jobs is in the store: none is told of rather than an old one. `/readyz` has the reason.
      metrics.storeUp.set(0);
    }
  }
  return {
    contentType: metrics.registry.contentType,
    async metrics() {
      await look();
      return metrics.registry.metrics();
    },
  };
}

/** The counts of this process, for people. */
export async function readFigures(metrics: Metrics): Promise<ProcessFigures> {
  const [requests, subscribers, connections] = await Promise.all([
    metrics.armRequests.get(),
    metrics.liveSubscribers.get(),
    metrics.liveConnections.get(),
  ]);
  const byOperation = new Map<string, AzureRequestCount>();
  for (const { labels, value } of requests.values) {
    const operation = String(labels.operation);
    const status = String(labels.status);
    const before = byOperation.get(operation) ?? { operation, requests: 0, throttled: 0, failed: 0 };
    byOperation.set(operation, {
      operation,
      requests: before.requests + value,
      throttled: before.throttled + (status === "429" ? value : 0),
      failed: before.failed + (/^(5|none)/.test(status) ? value : 0),
    });
  }
  return {
    connections: connections.values[0]?.value ?? 0,
    subscribers: subscribers.values
      .filter(({ value }) => value > 0)
      .map(({ labels, value }) => ({ field: String(labels.subscription), count: value }))
      .toSorted((a, b) => a.field.localeCompare(b.field)),
    azureRequests: [...byOperation.values()].toSorted((a, b) => b.requests - a.requests),
  };
}

/** What counts as it happens, for those who can tell. */
export type Meters = ReturnType<typeof createMeters>;

export function createMeters(metrics: Metrics, clock: Clock) {
  return {
    onArmRequest({ operation, status, durationMs }: AzureRequestFacts): void {
      metrics.armRequests.inc({ operation, status: String(status ?? "none") });
      metrics.armRequestSeconds.observe({ operation }, durationMs / 1000);
    },
    onOperation({ kind, outcome, durationMs }: OperationFacts): void {
      metrics.graphqlOperations.inc({ kind, outcome });
      metrics.graphqlSeconds.observe({ kind }, durationMs / 1000);
    },
    onSubscriber: (subscription: string, change: 1 | -1): void => metrics.liveSubscribers.inc({ subscription }, change),
    onDelivered: (toldMs: number): void => metrics.deliverySeconds.observe((clock.monotonicMs() - toldMs) / 1000),
    jobs: {
      around: (_look, run) => run(),
      looked({ job, durationMs, retry }) {
        metrics.jobLookSeconds.observe({ job }, durationMs / 1000);
        if (retry) metrics.jobRetries.inc({ job, reason: retry });
      },
      finished: ({ job }, state) => metrics.jobsFinished.inc({ job, state }),
      gaveUp: (job, reason) => metrics.jobsGivenUp.inc({ job, reason }),
    } satisfies JobObserver,
  };
}
