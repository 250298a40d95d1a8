import { toLogStream, type LogStream } from "../../events/log-stream.ts";
import { toGenerator } from "../../events/to-generator.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import { followLog, type FollowLogDeps, type KnownLog, type SharedLog } from "./follow-log.ts";

/** Of a message: large enough for a long log to come in few, small enough for the first lines to come soon. */
const MOST_CHARACTERS = 256 * 1024;
/** Of all logs that are kept though nobody looks. */
const MOST_KEPT_CHARACTERS = 32 * 1024 * 1024;
const MOST_KNOWN_LOGS = 10_000;

export interface BuildLogMessage {
  readonly buildId: string;
  /** Number of the first of `lines`, from 1; of the next one when there is none. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** Azure has replaced the log: the lines begin again at 1. */
  readonly restarted: boolean;
  /** No line will follow. */
  readonly complete: boolean;
  /** Names the log that these lines are of, on every server and for as long as Azure does not replace it. Undefined while it has no line. */
  readonly logId: string | undefined;
}

/**
 * Logs of builds, read from Azure once for all who look. State of one log: opened by its first reader → read every second
 * while it has readers → complete once Azure says so and the run has ended; closed with its last reader. What was read is
 * kept, so that each reader gets the whole log in order from its own position; a log that Azure replaced starts a new
 * generation, which every reader is told of. Complete ones are kept for who comes next, those that were looked at last; of
 * the others it is remembered which they were.
 */
export interface BuildLogs {
  /**
   * What follows line `afterLine` of the log `logId`, or the whole log, told as restarted, when Azure has replaced that one since. Who does
   * not say which log it was is begun anew with when this process knows of any replacement.
   */
  stream(registry: Registry, build: AcrBuild, afterLine: number, logId?: string): LogStream<BuildLogMessage>;
}

export function createBuildLogs(deps: FollowLogDeps): BuildLogs {
  const open = new Map<string, { readonly log: SharedLog; close(): void }>();
  /** Complete logs that nobody looks at, the one that was looked at last at the end. */
  const kept = new Map<string, SharedLog>();
  /** Logs that were read once, the one that was left last at the end. */
  const known = new Map<string, KnownLog>();

  /** What a reader was given last. */
  const taken = new WeakMap<SharedLog, { readonly generation: number; readonly message: BuildLogMessage }>();

  /** Those who follow a log take the same one after another, and are given one object. */
  function asTaken(log: SharedLog, message: BuildLogMessage): BuildLogMessage {
    const last = taken.get(log);
    const isSame =
      last?.generation === log.generation &&
      last.message.firstLine === message.firstLine &&
      last.message.lines.length === message.lines.length &&
      last.message.restarted === message.restarted &&
      last.message.complete === message.complete;
    if (isSame) return last.message;
    taken.set(log, { generation: log.generation, message });
    return message;
  }

  function openLog(registry: Registry, buildId: string): SharedLog {
    const running = open.get(buildId)?.log;
    if (running) return running;
    const closed = new AbortController();
    const log = kept.get(buildId) ?? newLog(known.get(buildId));
    kept.delete(buildId);
    open.set(buildId, {
      log,
      close() {
        closed.abort();
        open.delete(buildId);
        remember(buildId, log);
        if (log.isComplete) keep(buildId, log);
      },
    });
    if (!log.isComplete) void followLog(deps, registry, buildId, log, closed.signal);
    return log;
  }

  function remember(buildId: string, log: SharedLog): void {
    const { id = log.former?.id, generation } = log;
    if (id === undefined) return;
    known.delete(buildId);
    known.set(buildId, { id, generation });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN_LOGS && oldest !== undefined) known.delete(oldest);
  }

  function keep(buildId: string, log: SharedLog): void {
    // A log without a line may be one that Azure shows later.
    if (log.lines.length === 0) return;
    kept.set(buildId, log);
    let characters = [...kept.values()].reduce((sum, one) => sum + one.characters, 0);
    for (const [oldest, { characters: freed }] of kept) {
      if (characters <= MOST_KEPT_CHARACTERS) return;
      kept.delete(oldest);
      characters -= freed;
    }
  }

  return {
    stream(registry, build, afterLine, logId) {
      let log: SharedLog | undefined;
      let wake: (() => void) | undefined;
      let ended = false;
      let position = afterLine;
      /** Of the log that the position is in, once that is one that we have read. */
      let generation: number | undefined;
      const isReplaced = (shared: SharedLog): boolean => {
        if (generation !== undefined) return shared.generation !== generation;
        return logId === undefined ? shared.generation > 0 : shared.id !== undefined && shared.id !== logId;
      };
      const onChange = (): void => wake?.();
      const leave = (): void => {
        ended = true;
        wake?.();
        log?.readers.delete(onChange);
        if (log?.readers.size === 0) open.get(build.id)?.close();
        log = undefined;
      };
      const take = (shared: SharedLog): BuildLogMessage | undefined => {
        // Who has no line yet has nothing that could have been replaced.
        const restarted = position > 0 && isReplaced(shared);
        if (restarted) position = 0;
        if (shared.id !== undefined || restarted) generation = shared.generation;
        const lines = linesFrom(shared.lines, position);
        const firstLine = position + 1;
        const complete = shared.isComplete && position + lines.length >= shared.lines.length;
        if (lines.length === 0 && !restarted && !complete) return undefined;
        position += lines.length;
        return asTaken(shared, { buildId: build.id, firstLine, lines, restarted, complete, logId: shared.id });
      };
      const next = async (): Promise<IteratorResult<BuildLogMessage, void>> => {
        if (!log && !ended) {
          log = openLog(registry, build.id);
          log.readers.add(onChange);
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
      };
      return toLogStream(toGenerator(next, leave));
    },
  };
}

function newLog(former: KnownLog | undefined): SharedLog {
  return {
    readers: new Set(),
    id: undefined,
    former,
    lines: [],
    characters: 0,
    generation: former?.generation ?? 0,
    isComplete: false,
    error: undefined,
  };
}

/** As many lines from `position` on as fit into a message, one at least. */
function linesFrom(lines: readonly string[], position: number): readonly string[] {
  let end = position;
  for (let characters = 0; end < lines.length; end++) {
    characters += (lines[end]?.length ?? 0) + 1;
    if (characters > MOST_CHARACTERS && end > position) break;
  }
  return lines.slice(position, end);
}
