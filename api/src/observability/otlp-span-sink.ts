import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace, type Context } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace";
import type { TraceSettings } from "../config/config.ts";
import type { SpanIdentity, SpanSink, SpanStart } from "./span-sink.ts";

const KINDS = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;
/** A collector that does not answer must not hold a process that ends. */
const EXPORT_TIMEOUT_MS = 3_000;

/** Sends spans by OTLP over HTTP. Loaded only when traces are wanted. Nothing is registered globally: no library adds spans of its own. */
export function createOtlpSpanSink(options: {
  readonly settings: TraceSettings;
  readonly version: string;
  /** Told when spans could not be sent; they are lost. */
  readonly onFailure: (error: Error | undefined) => void;
}): SpanSink {
  const { url, headers } = options.settings;
  const exporter = new OTLPTraceExporter({
    url,
    headers: { ...headers },
    timeoutMillis: EXPORT_TIMEOUT_MS,
    // The exporter does not close what it has kept when it is shut down, and a batch every few seconds needs no more.
    keepAlive: false,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "slipway", "service.version": options.version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: tellFailures(exporter, options.onFailure) })],
  });
  const tracer = provider.getTracer("slipway", options.version);
  return {
    open(start) {
      const span = tracer.startSpan(start.name, optionsOf(start), contextOf(start.parent));
      const { traceId, spanId } = span.spanContext();
      return {
        identity: { traceId, spanId },
        end(hasFailed) {
          // Without words: those of errors may repeat what nobody should read.
          if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

function optionsOf({ kind, attributes, startMs }: SpanStart) {
  return { kind: KINDS[kind], attributes: { ...attributes }, ...(startMs !== undefined && { startTime: startMs }) };
}

function contextOf(parent: SpanIdentity | undefined): Context {
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: TraceFlags.SAMPLED }) : ROOT_CONTEXT;
}

/** The processor tells only its global diagnostics, which nobody has set up. */
function tellFailures(exporter: SpanExporter, onFailure: (error: Error | undefined) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) onFailure(result.error);
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
