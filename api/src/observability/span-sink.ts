import { randomUUID } from "node:crypto";

/** https://www.w3.org/TR/trace-context/#traceparent-header */
export interface SpanIdentity {
  readonly traceId: string;
  readonly spanId: string;
}

export interface SpanStart {
  /** Names a kind of thing, never a thing, so that spans of one name can be compared. */
  readonly name: string;
  readonly kind: "server" | "internal" | "client";
  readonly parent: SpanIdentity | undefined;
  readonly attributes: SpanAttributes;
  /** Milliseconds since the Unix epoch. @default now */
  readonly startMs?: number;
}

export type SpanAttributes = Readonly<Record<string, string | number | undefined>>;

export interface OpenSpan {
  readonly identity: SpanIdentity;
  end(hasFailed: boolean): void;
}

/** Where spans go. */
export interface SpanSink {
  open(start: SpanStart): OpenSpan;
  /** Sends what has not been sent yet; resolves also where that fails. */
  stop(): Promise<void>;
}

/** Spans that nobody collects: they have ids, by which lines of the log can be joined, and cost nothing else. */
export function createIdleSpanSink(): SpanSink {
  return {
    open: ({ parent }) => ({
      identity: { traceId: parent?.traceId ?? randomHex(), spanId: randomHex().slice(0, 16) },
      end: () => undefined,
    }),
    stop: () => Promise.resolve(),
  };
}

/** 32 digits. Node keeps randomness for its UUIDs in stock, which makes them much cheaper than asking for bytes. */
function randomHex(): string {
  return randomUUID().replaceAll("-", "");
}
