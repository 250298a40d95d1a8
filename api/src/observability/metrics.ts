import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/**
 * Everything Slipway counts, in the registry that `/metrics` prints; `docs/metrics.md` says what each tells. Names end in their unit,
 * counters in `_total`. Labels name kinds of things, never a thing: nobody's names are in what monitoring keeps.
 */
export interface Metrics {
  readonly registry: Registry;
  readonly publishFailures: Counter;
  readonly unexpectedErrors: Counter;
  /** Retries included; status `none` when no answer came. */
  readonly armRequests: Counter<"operation" | "status">;
  readonly armRequestSeconds: Histogram<"operation">;
  /** As of the scrape, the tightest of all subscriptions. */
  readonly armBudget: Gauge<"bucket">;
  /** As of the scrape; jobs that have not ended. */
  readonly jobs: Gauge<"job" | "state">;
  readonly jobOldest: Gauge<"job" | "state">;
  readonly jobOverdue: Gauge<"job">;
  readonly jobsFinished: Counter<"job" | "state">;
  /** Jobs that ended because their looks kept failing or killing the process; each needs a person. */
  readonly jobsGivenUp: Counter<"job" | "reason">;
  readonly jobLookSeconds: Histogram<"job">;
  readonly jobRetries: Counter<"job" | "reason">;
  readonly liveSubscribers: Gauge<"subscription">;
  /** As of the scrape. */
  readonly liveGroups: Gauge;
  readonly deliverySeconds: Histogram;
  readonly liveConnections: Gauge;
  readonly refusals: Counter<"code">;
  readonly graphqlOperations: Counter<"kind" | "outcome">;
  readonly graphqlSeconds: Histogram<"kind">;
  readonly buildTableFailures: Counter;
  /** As of the scrape: 1 while the store answers, else 0. */
  readonly storeUp: Gauge;
}

export interface MetricsSettings {
  /** Also the process's own figures: CPU, memory, event loop lag. They start observers that live as long as the process. @default false */
  readonly withProcessMetrics?: boolean;
}

/** Builds a registry of its own, so that two apps in one test process share nothing. */
export function createMetrics({ withProcessMetrics = false }: MetricsSettings = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcessMetrics) collectDefaultMetrics({ register: registry, prefix: "slipway_" });
  return {
    registry,
    publishFailures: new Counter({
      name: "slipway_publish_failures_total",
      help: "Changes that could not be published to live subscribers",
      registers,
    }),
    unexpectedErrors: new Counter({
      name: "slipway_unexpected_errors_total",
      help: "Errors that are defects of Slipway",
      registers,
    }),
    armRequests: new Counter({
      name: "slipway_arm_requests_total",
      help: "Requests to Azure, by operation and HTTP status",
      labelNames: ["operation", "status"],
      registers,
    }),
    armRequestSeconds: new Histogram({
      name: "slipway_arm_request_seconds",
      help: "Time until Azure answered",
      labelNames: ["operation"],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    armBudget: new Gauge({
      name: "slipway_arm_budget_remaining",
      help: "Requests that Azure says are left, by its name for the limit, in the subscription that has the fewest",
      labelNames: ["bucket"],
      registers,
    }),
    jobs: new Gauge({
      name: "slipway_jobs",
      help: "Jobs that have not ended",
      labelNames: ["job", "state"],
      registers,
    }),
    jobOldest: new Gauge({
      name: "slipway_job_oldest_seconds",
      help: "Age of the oldest job that has not ended",
      labelNames: ["job", "state"],
      registers,
    }),
    jobOverdue: new Gauge({
      name: "slipway_job_overdue_seconds",
      help: "How long the most overdue job has been waiting beyond its time",
      labelNames: ["job"],
      registers,
    }),
    jobsFinished: new Counter({
      name: "slipway_jobs_finished_total",
      help: "Jobs that reached a final state",
      labelNames: ["job", "state"],
      registers,
    }),
    jobsGivenUp: new Counter({
      name: "slipway_jobs_given_up_total",
      help: "Jobs that were ended because they kept failing or kept ending the process",
      labelNames: ["job", "reason"],
      registers,
    }),
    jobLookSeconds: new Histogram({
      name: "slipway_job_look_seconds",
      help: "Time that a look at a job took, with what it stored",
      labelNames: ["job"],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    jobRetries: new Counter({
      name: "slipway_job_retries_total",
      help: "Looks at jobs that did not get what they asked for and are made again",
      labelNames: ["job", "reason"],
      registers,
    }),
    liveSubscribers: new Gauge({
      name: "slipway_live_subscribers",
      help: "Subscriptions that are open now, over WebSocket and as event streams",
      labelNames: ["subscription"],
      registers,
    }),
    liveGroups: new Gauge({
      name: "slipway_live_groups",
      help: "Executions that serve all subscribers who are shown the same",
      registers,
    }),
    deliverySeconds: new Histogram({
      name: "slipway_delivery_seconds",
      help: "Time from a stored change to the last frame about it that a group of subscribers was written",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    liveConnections: new Gauge({
      name: "slipway_live_connections",
      help: "WebSockets and event streams that are open now",
      registers,
    }),
    refusals: new Counter({
      name: "slipway_refusals_total",
      help: "Connections, operations and sign-ins that were refused, by the code of the answer",
      labelNames: ["code"],
      registers,
    }),
    graphqlOperations: new Counter({
      name: "slipway_graphql_operations_total",
      help: "GraphQL operations, by kind and outcome",
      labelNames: ["kind", "outcome"],
      registers,
    }),
    graphqlSeconds: new Histogram({
      name: "slipway_graphql_seconds",
      help: "Time that queries and mutations took to execute, and subscriptions to begin",
      labelNames: ["kind"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    buildTableFailures: new Counter({
      name: "slipway_build_table_failures_total",
      help: "Reads of the build table that failed",
      registers,
    }),
    storeUp: new Gauge({ name: "slipway_store_up", help: "1 while the store answers, else 0", registers }),
  };
}
