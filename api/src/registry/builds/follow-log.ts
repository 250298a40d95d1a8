import { createHash } from "node:crypto";
import { AzureError } from "../../shared/azure-error.ts";
import type { AzureTime } from "../../shared/azure-time.ts";
import type { Clock } from "../../shared/clock.ts";
import type { AcrGateway } from "../acr-gateway.ts";
import type { RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import { isTerminalBuild } from "./acr-run.ts";
import { createLogLines, type LogLines } from "./log-lines.ts";

const READ_EVERY_MS = 1_000;
const FIRST_CHUNK_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** Reads that fail in a row before the readers are told; while the run goes on only refusals count, outages pass. */
const MOST_FAILURES = 5;
/** Looks without a new byte after which the log of an ended run is over, though Azure has not marked it complete. */
const MOST_QUIET_LOOKS = 30;
const SLOWEST_RETRY_MS = 30_000;

export interface FollowLogDeps {
  readonly acr: AcrGateway;
  readonly store: RegistryStore;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
}

/** What is left of a log that nobody looks at. */
export interface KnownLog {
  readonly id: string;
  readonly generation: number;
}

/** What has been read of one log, for all who look. */
export interface SharedLog {
  /** Called with each change. */
  readonly readers: Set<() => void>;
  /** Of when Azure made it and its first line; undefined until that is read. Never the same for two logs of a build, and the same on every server. */
  id: string | undefined;
  /** The log that stood at its place when it was read before. */
  readonly former: KnownLog | undefined;
  lines: string[];
  /** Of all lines with their ends. */
  characters: number;
  /** Rises when Azure replaces the log. */
  generation: number;
  isComplete: boolean;
  error: unknown;
}

interface Position {
  logUrl: string | undefined;
  offset: number;
  createdOn: string | undefined;
  text: LogLines;
}

/** Reads on until the log is complete or nobody looks any more. Never rejects. */
export async function followLog(
  deps: FollowLogDeps,
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
        append(log, at, at.text.end());
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
  // The first lines are soon there, the others in few requests.
  const chunk = await acr.readLog(at.logUrl, at.offset, at.offset === 0 ? FIRST_CHUNK_BYTES : CHUNK_BYTES, signal);
  if (chunk.kind === "missing") return "missing";
  const isReplaced =
    chunk.totalBytes < at.offset ||
    (at.createdOn !== undefined && chunk.createdOn !== undefined && chunk.createdOn !== at.createdOn);
  if (isReplaced) {
    at.offset = 0;
    at.text = createLogLines();
    at.createdOn = chunk.createdOn;
    log.id = undefined;
    log.lines = [];
    log.characters = 0;
    log.generation++;
    return "more";
  }
  at.createdOn = chunk.createdOn;
  at.offset += chunk.bytes.length;
  append(log, at, at.text.push(chunk.bytes));
  if (at.offset < chunk.totalBytes) return "more";
  return chunk.isComplete ? "complete" : "caught up";
}

/** Not by a spread: a chunk may hold more lines than a call takes arguments. */
function append(log: SharedLog, { createdOn }: Position, lines: readonly string[]): void {
  if (log.id === undefined && lines[0] !== undefined) identify(log, createdOn, lines[0]);
  for (const line of lines) {
    log.lines.push(line);
    log.characters += line.length + 1;
  }
}

/** The etag is no name for a log: it is another one with every line. */
function identify(log: SharedLog, createdOn: string | undefined, firstLine: string): void {
  const { former, generation } = log;
  log.id = createHash("sha256")
    .update(`${createdOn ?? ""}\n${firstLine}`)
    .digest("base64url")
    .slice(0, 16);
  // Replaced while nobody looked; of what is replaced before our eyes the generation has risen already.
  if (former && former.generation === generation && former.id !== log.id) log.generation++;
}
