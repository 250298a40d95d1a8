import type { Meters } from "./app-metrics.ts";
import type { AzureRequestFacts } from "./azure/azure-http-client.ts";
import type { TraceSettings } from "./config/config.ts";
import type { AroundOperation } from "./graphql/operation-trace.ts";
import type { JobObserver } from "./jobs/observed-job.ts";
import type { Logger } from "./observability/logger.ts";
import { createIdleSpanSink, type SpanSink } from "./observability/span-sink.ts";
import { requestIdOf, type Tracing } from "./observability/tracing.ts";

/** Watchers never end, and whoever had them begun is one of many: each look is a trace of its own. */
const WATCHER = /^watch-/;

/** The exporter is loaded only when traces are wanted. */
export async function openSpanSink(
  settings: TraceSettings | undefined,
  version: string,
  log: Logger,
): Promise<SpanSink> {
  if (!settings) return createIdleSpanSink();
  const { createOtlpSpanSink } = await import("./observability/otlp-span-sink.ts");
  return createOtlpSpanSink({
    settings,
    version,
    onFailure: (error) => log.warn({ err: error }, "traces could not be sent; they are lost"),
  });
}

/** Joins what is counted with what is traced and logged: operations, the looks of the jobs that they begin, and requests to Azure. */
export function createTraces({
  tracing,
  meters,
  log,
}: {
  readonly tracing: Tracing;
  readonly meters: Meters;
  readonly log: Logger;
}): {
  onArmRequest(facts: AzureRequestFacts): void;
  readonly aroundOperation: AroundOperation;
  readonly jobs: JobObserver;
} {
  return {
    onArmRequest(facts) {
      meters.onArmRequest(facts);
      const { operation, status, durationMs, requestId, correlationId } = facts;
      const hasFailed = status === undefined || status >= 400;
      const ids = { "arm.requestId": requestId, "arm.correlationId": correlationId };
      const attributes = { "http.response.status_code": status, "azure.service_request.id": requestId };
      tracing.called({
        name: operation,
        attributes: { ...attributes, "azure.correlation.id": correlationId },
        durationMs,
        hasFailed,
      });
      // What changes something is rare, and what Azure's support asks for.
      const level = /^(GET|HEAD) /.test(operation) ? "debug" : "info";
      log[level]({ "arm.operation": operation, "arm.status": status, ...ids, durationMs }, "Azure was asked");
    },
    aroundOperation: ({ kind, fields }, run, hasFailed) =>
      tracing.within(
        {
          name: `${kind} ${fields.join(" ")}`,
          kind: "server",
          attributes: { "graphql.operation.type": kind },
          logFields: {},
          isOrigin: kind === "mutation",
        },
        async () => {
          const result = await run();
          const outcome = hasFailed(result) ? "error" : "ok";
          log[kind === "mutation" ? "info" : "debug"](
            { "operation.kind": kind, "operation.fields": fields, outcome },
            "an operation was executed",
          );
          return result;
        },
        hasFailed,
      ),
    jobs: {
      ...meters.jobs,
      around: ({ job, step, jobId, origin }, run) =>
        tracing.within(
          {
            name: `${job} ${step}`,
            kind: "internal",
            origin: WATCHER.test(job) ? undefined : origin,
            attributes: { "job.id": jobId, "job.name": job, "job.step": step },
            logFields: { "job.id": jobId, "job.name": job, "job.step": step },
            isOrigin: false,
          },
          async () => {
            log.debug("the job is looked at");
            return run();
          },
          () => false,
        ),
      finished(look, state) {
        meters.jobs.finished(look, state);
        const { job, jobId, origin } = look;
        const fields = { "request.id": requestIdOf(origin), "job.id": jobId, "job.name": job, "job.state": state };
        log.info(fields, "the job has ended");
      },
    },
  };
}
