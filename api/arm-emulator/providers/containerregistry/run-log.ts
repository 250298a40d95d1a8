import { outputImages } from "./run-life.ts";
import { runLogLines } from "./run-log-lines.ts";
import { isTerminal } from "./run.ts";
import type { EndStatus, Run } from "./run.ts";

/** A run's log blob at one instant. */
export type RunLog = {
  readonly content: Uint8Array;
  /** Counts the blobs that stood at this place: 2 after the log was replaced. */
  readonly generation: number;
  /** When this blob was made, in virtual milliseconds. */
  readonly createdMs: number;
  /** The value of the blob's metadata `Complete`; undefined until the run has ended. */
  readonly complete: string | undefined;
};

const COMPLETE: Readonly<Record<EndStatus, string>> = {
  Succeeded: "successful",
  Failed: "failed",
  Canceled: "canceled",
  Error: "internalerror",
  Timeout: "timedout",
};

/** The whole log as it will be, and for each line its time and where it ends. */
type WrittenLog = { readonly bytes: Buffer; readonly atMs: readonly number[]; readonly endOffset: readonly number[] };

/** Logs are made from their runs again and again; a few are kept, because they are asked for again and again. */
const KEPT_LOGS = 8;
const written = new Map<string, WrittenLog>();

/** Undefined before the run has an agent: then there is no blob. */
export function runLogAt(run: Run, nowMs: number): RunLog | undefined {
  const { plan, startMs } = run;
  if (plan === undefined || startMs === undefined || startMs > nowMs) return undefined;
  const log = writtenLog(run);
  const untilMs = Math.min(nowMs, run.finishMs ?? nowMs);
  const end = offsetAt(log, untilMs);
  const complete = isTerminal(run.status) ? COMPLETE[run.status] : undefined;
  const { logReplacedMs } = plan;
  if (logReplacedMs === undefined || untilMs < logReplacedMs) {
    return { content: log.bytes.subarray(0, end), generation: 1, createdMs: startMs, complete };
  }
  const notice = Buffer.from("The log goes on in a new blob.\r\n");
  const rest = log.bytes.subarray(offsetAt(log, logReplacedMs), end);
  return { content: Buffer.concat([notice, rest]), generation: 2, createdMs: logReplacedMs, complete };
}

function writtenLog(run: Run): WrittenLog {
  const key = JSON.stringify([run.registry, run.runId, run.plan, run.request]);
  const known = written.get(key);
  if (known) return known;
  const lines = run.plan ? runLogLines(run, run.plan, outputImages(run)) : [];
  const parts = lines.map(({ text }) => Buffer.from(`${text}\r\n`));
  let offset = 0;
  const log = {
    bytes: Buffer.concat(parts),
    atMs: lines.map(({ atMs }) => atMs),
    endOffset: parts.map(({ length }) => (offset += length)),
  };
  const oldest = written.keys().next().value;
  if (written.size >= KEPT_LOGS && oldest !== undefined) written.delete(oldest);
  written.set(key, log);
  return log;
}

/** Where the lines written until `nowMs` end. */
function offsetAt({ atMs, endOffset }: WrittenLog, nowMs: number): number {
  let low = 0;
  let high = atMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atMs[middle] ?? 0) <= nowMs) low = middle + 1;
    else high = middle;
  }
  return endOffset[low - 1] ?? 0;
}
