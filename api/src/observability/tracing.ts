import { AsyncLocalStorage } from "node:async_hooks";
import type { SpanAttributes, SpanIdentity, SpanSink } from "./span-sink.ts";

/** One piece of work that others are begun in. */
export interface TracedWork {
  readonly name: string;
  readonly kind: "server" | "internal";
  /** The `traceparent` of what it is done for. @default a trace of its own */
  readonly origin?: string | undefined;
  readonly attributes: SpanAttributes;
  /** Added to every line of the log that is written in it. */
  readonly logFields: Readonly<Record<string, string>>;
  /** Whether jobs that are begun in it are done for it. */
  readonly isOrigin: boolean;
}

export interface Tracing {
  /** Runs the work within a span of its own, whatever it is called from. */
  within<T>(work: TracedWork, run: () => Promise<T> | T, hasFailed: (result: T) => boolean): Promise<T>;
  /** Tells of a call that is over, as part of the work that it was made in. */
  called(call: {
    readonly name: string;
    readonly attributes: SpanAttributes;
    readonly durationMs: number;
    readonly hasFailed: boolean;
  }): void;
  /** What a job that is begun now is done for, as a W3C `traceparent`. */
  origin(): string | undefined;
}

interface CurrentWork {
  readonly identity: SpanIdentity;
  readonly isOrigin: boolean;
  readonly logFields: Readonly<Record<string, string>>;
}

/** Of the process, because the logger is there before anything else and knows nobody. */
const current = new AsyncLocalStorage<CurrentWork>();

/** What every line of the log tells of the work that it is written in. */
export function currentLogFields(): Readonly<Record<string, string>> {
  return current.getStore()?.logFields ?? {};
}

export function createTracing(sink: SpanSink, now: () => number): Tracing {
  return {
    async within(work, run, hasFailed) {
      const { name, kind, attributes } = work;
      const parent = identityOf(work.origin);
      const span = sink.open({ name, kind, attributes, parent });
      const { identity } = span;
      const isForRequest = work.isOrigin || kind === "server" || parent !== undefined;
      const logFields = { ...(isForRequest && { "request.id": identity.traceId }), ...work.logFields };
      return current.run({ identity, isOrigin: work.isOrigin, logFields }, async () => {
        try {
          const result = await run();
          span.end(hasFailed(result));
          return result;
        } catch (error) {
          span.end(true);
          throw error;
        }
      });
    },
    called({ name, attributes, durationMs, hasFailed }) {
      const parent = current.getStore()?.identity;
      sink.open({ name, kind: "client", attributes, parent, startMs: now() - durationMs }).end(hasFailed);
    },
    origin() {
      const work = current.getStore();
      return work?.isOrigin ? `00-${work.identity.traceId}-${work.identity.spanId}-01` : undefined;
    },
  };
}

/** The id of the request in a `traceparent`. */
export function requestIdOf(origin: string | undefined): string | undefined {
  return identityOf(origin)?.traceId;
}

function identityOf(origin: string | undefined): SpanIdentity | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(origin ?? "") ?? [];
  return traceId !== undefined && spanId !== undefined ? { traceId, spanId } : undefined;
}
