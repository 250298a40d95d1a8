import { toGenerator } from "../../events/to-generator.ts";
import { AzureError } from "../../shared/azure-error.ts";
import type { AzureTime } from "../../shared/azure-time.ts";
import type { Clock } from "../../shared/clock.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import { isTerminalBuild } from "./acr-run.ts";
import { createLogLines, type LogLines } from "./log-lines.ts";

const READ_EVERY_MS = 1_000;
const CHUNK_BYTES = 1024 * 1024;
const LINES_PER_MESSAGE = 1_000;
/** Reads that fail in a row before the readers are told; while the run goes on only refusals count, outages pass. */
const MOST_FAILURES = 5;
/** Looks without a new byte after which the log of an ended run is over, though Azure has not marked it complete. */
const MOST_QUIET_LOOKS = 30;
const SLOWEST_RETRY_MS = 30_000;

export interface BuildLogMessage {
  readonly buildId: string;
  /** Number of the first of `lines`, from 1; of the next one when there is none. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** Azure has replaced the log: the lines begin again at 1. */
  readonly restarted: boolean;
  /** No line will follow. */
  readonly complete: boolean;
}

/**
 * Logs of builds, read from Azure once for all who look. State of one log: opened by its first reader → read every second
 * while it has readers → complete once Azure says so and the run has ended; closed with its last reader. What was read is
 * kept, so that each reader gets the whole log in order from its own position; a log that Azure replaced starts a new
 * generation, which every reader is told of.
 */
export interface BuildLogs {
  stream(registry: Registry, build: AcrBuild, afterLine: number): AsyncGenerator<BuildLogMessage, void, undefined>;
}

interface SharedLog {
  readonly readers: Set<() => void>;
  lines: string[];
  generation: number;
  isComplete: boolean;
  error: unknown;
  close(): void;
}

export function createBuildLogs(deps: {
  readonly acr: AcrGateway;
  readonly store: RegistryStore;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
}): BuildLogs {
  const open = new Map<string, SharedLog>();

  function openLog(registry: Registry, buildId: string): SharedLog {
    const closed = new AbortController();
    const log: SharedLog = {
      readers: new Set(),
      lines: [],
      generation: 0,
      isComplete: false,
      error: undefined,
      close() {
        closed.abort();
        open.delete(buildId);
      },
    };
    open.set(buildId, log);
    void follow(deps, registry, buildId, log, closed.signal);
    return log;
  }

  return {
    stream(registry, build, afterLine) {
      let log: SharedLog | undefined;
      let wake: (() => void) | undefined;
      let ended = false;
      let position = afterLine;
      let generation = 0;
      const onChange = (): void => wake?.();
      const leave = (): void => {
        ended = true;
        wake?.();
        log?.readers.delete(onChange);
        if (log?.readers.size === 0) log.close();
        log = undefined;
      };
      const take = (shared: SharedLog): BuildLogMessage | undefined => {
        const restarted = shared.generation !== generation;
        if (restarted) position = 0;
        generation = shared.generation;
        const lines = shared.lines.slice(position, position + LINES_PER_MESSAGE);
        const firstLine = position + 1;
        const complete = shared.isComplete && position + lines.length >= shared.lines.length;
        if (lines.length === 0 && !restarted && !complete) return undefined;
        position += lines.length;
        return { buildId: build.id, firstLine, lines, restarted, complete };
      };
      return toGenerator<BuildLogMessage>(async () => {
        if (!log && !ended) {
          log = open.get(build.id) ?? openLog(registry, build.id);
          log.readers.add(onChange);
          // A reader who comes later starts with what there is: nothing has been replaced for it.
          generation = log.generation;
        }
        for (;;) {
          if (ended || !log) return { done: true, value: undefined };
          const message = take(log);
          if (message) {
            if (message.complete) leave();
            return { done: false, value: message };
          }
          if (log.error !== undefined) {
            const { error } = log;
            leave();
            throw error;
          }
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
        }
      }, leave);
    },
  };
}

interface Position {
  logUrl: string | undefined;
  offset: number;
  createdOn: string | undefined;
  text: LogLines;
}

/** Reads on until the log is complete or nobody looks any more. Never rejects. */
async function follow(
  deps: {
    readonly acr: AcrGateway;
    readonly store: RegistryStore;
    readonly clock: Clock;
    readonly azureTime: AzureTime;
  },
  registry: Registry,
  buildId: string,
  log: SharedLog,
  signal: AbortSignal,
): Promise<void> {
  const at: Position = { logUrl: undefined, offset: 0, createdOn: undefined, text: createLogLines() };
  let failures = 0;
  /** Of the failures in a row, those that nothing excuses. */
  let strikes = 0;
  let quietLooks = 0;
  while (!signal.aborted && !log.isComplete) {
    let hasMore = false;
    let pauseMs = deps.azureTime.toRealMs(READ_EVERY_MS);
    try {
      const build = await deps.store.readBuild(buildId);
      const isEnded = build === undefined || isTerminalBuild(build.status);
      const offset = at.offset;
      const read =
        build?.runId === undefined ? "missing" : await readOnce(deps.acr, registry, build.runId, at, log, signal);
      failures = 0;
      strikes = 0;
      hasMore = read === "more";
      // Without a log there is nothing to wait for once the run has ended; with one, Azure's own mark decides.
      quietLooks = isEnded && read === "caught up" && at.offset === offset ? quietLooks + 1 : 0;
      if (isEnded && (read === "missing" || read === "complete" || quietLooks >= MOST_QUIET_LOOKS)) {
        log.lines.push(...at.text.end());
        log.isComplete = true;
      }
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      if (!(error instanceof AzureError) || !(await mayPass(deps, buildId, error))) strikes++;
      if (!(error instanceof AzureError) || strikes >= MOST_FAILURES) {
        log.error = error;
        for (const wake of log.readers) wake();
        return;
      }
      pauseMs = Math.max(Math.min(pauseMs * failures, SLOWEST_RETRY_MS), error.retryAfterMs ?? 0);
      // An address that has expired is asked for anew.
      at.logUrl = undefined;
    }
    for (const wake of log.readers) wake();
    if (!hasMore && !log.isComplete) await deps.clock.sleep(pauseMs, signal);
  }
}

/** Azure is in trouble, and the run whose log can't be read goes on. */
async function mayPass(deps: { readonly store: RegistryStore }, buildId: string, error: AzureError): Promise<boolean> {
  if (error.kind !== "transient" && error.kind !== "lost-reply") return false;
  try {
    const build = await deps.store.readBuild(buildId);
    return build !== undefined && !isTerminalBuild(build.status);
  } catch {
    // The store is away as well: then it is Azure's error that the readers are told.
    return false;
  }
}

async function readOnce(
  acr: AcrGateway,
  registry: Registry,
  runId: string,
  at: Position,
  log: SharedLog,
  signal: AbortSignal,
): Promise<"missing" | "more" | "caught up" | "complete"> {
  at.logUrl ??= await acr.getLogUrl(registry, runId, signal);
  const chunk = await acr.readLog(at.logUrl, at.offset, CHUNK_BYTES, signal);
  if (chunk.kind === "missing") return "missing";
  const isReplaced =
    chunk.totalBytes < at.offset ||
    (at.createdOn !== undefined && chunk.createdOn !== undefined && chunk.createdOn !== at.createdOn);
  if (isReplaced) {
    at.offset = 0;
    at.text = createLogLines();
    at.createdOn = chunk.createdOn;
    log.lines = [];
    log.generation++;
    return "more";
  }
  at.createdOn = chunk.createdOn;
  at.offset += chunk.bytes.length;
  log.lines.push(...at.text.push(chunk.bytes));
  if (at.offset < chunk.totalBytes) return "more";
  return chunk.isComplete ? "complete" : "caught up";
}
