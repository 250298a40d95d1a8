import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Everything Slipway counts, in the registry that `/metrics` prints. Names end in their unit; counters in `_total`. */
export interface Metrics {
  readonly registry: Registry;
  /** Changes that reached the store but not the live channel; the next one carries the full state. */
  readonly publishFailures: Counter;
  /** Defects: errors that no caller could act on. Any increase deserves a look at the log. */
  readonly unexpectedErrors: Counter;
  /** Requests to Azure Resource Manager and ACR, retries included; status `none` when no answer came. */
  readonly armRequests: Counter<"operation" | "status">;
  readonly armRequestSeconds: Histogram<"operation">;
  /** Answers 429 of Azure, by the scope that was throttled. */
  readonly armThrottles: Counter<"scope">;
  /** Jobs that ended, by name and final state. */
  readonly jobsFinished: Counter<"job" | "state">;
  /** Jobs that were parked because they crashed the worker too often; each needs a person. */
  readonly jobsParked: Counter<"job">;
  /** Looks at jobs by the runner, each one hop. */
  readonly jobHops: Counter<"job">;
  readonly liveSubscribers: Gauge<"topic">;
  /** Events handed to subscribers. */
  readonly liveEvents: Counter<"topic">;
  /** WebSockets and event streams that are open now. */
  readonly liveConnections: Gauge;
  /** Connections and operations that a limit stood against, by the code of the answer. */
  readonly refusals: Counter<"code">;
  readonly graphqlOperations: Counter<"kind" | "outcome">;
  /** Reads of the build table that failed, so that a listing was answered stale. */
  readonly buildTableFailures: Counter;
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
    armThrottles: new Counter({
      name: "slipway_arm_throttles_total",
      help: "Requests that Azure refused with 429",
      labelNames: ["scope"],
      registers,
    }),
    jobsFinished: new Counter({
      name: "slipway_jobs_finished_total",
      help: "Jobs that reached a final state",
      labelNames: ["job", "state"],
      registers,
    }),
    jobsParked: new Counter({
      name: "slipway_jobs_parked_total",
      help: "Jobs parked after crashing the worker repeatedly",
      labelNames: ["job"],
      registers,
    }),
    jobHops: new Counter({
      name: "slipway_job_hops_total",
      help: "Looks at jobs",
      labelNames: ["job"],
      registers,
    }),
    liveSubscribers: new Gauge({
      name: "slipway_live_subscribers",
      help: "Subscriptions that are open now",
      labelNames: ["topic"],
      registers,
    }),
    liveEvents: new Counter({
      name: "slipway_live_events_total",
      help: "Events handed to subscribers",
      labelNames: ["topic"],
      registers,
    }),
    liveConnections: new Gauge({
      name: "slipway_live_connections",
      help: "WebSockets and event streams that are open now",
      registers,
    }),
    refusals: new Counter({
      name: "slipway_refusals_total",
      help: "Connections and operations that a limit stood against",
      labelNames: ["code"],
      registers,
    }),
    graphqlOperations: new Counter({
      name: "slipway_graphql_operations_total",
      help: "GraphQL operations, by kind and outcome",
      labelNames: ["kind", "outcome"],
      registers,
    }),
    buildTableFailures: new Counter({
      name: "slipway_build_table_failures_total",
      help: "Reads of the build table that failed",
      registers,
    }),
  };
}
