import { toLogStream, type LogStream } from "../../events/log-stream.ts";
import { toGenerator } from "../../events/to-generator.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import { followLog, type FollowLogDeps, type SharedLog } from "./follow-log.ts";

/** Of a message: large enough for a long log to come in few, small enough for the first lines to come soon. */
const MOST_CHARACTERS = 256 * 1024;
/** Of all logs that are kept though nobody looks. */
const MOST_KEPT_CHARACTERS = 32 * 1024 * 1024;

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
 * generation, which every reader is told of. Complete ones are kept for who comes next, those that were looked at last.
 */
export interface BuildLogs {
  stream(registry: Registry, build: AcrBuild, afterLine: number): LogStream<BuildLogMessage>;
}

export function createBuildLogs(deps: FollowLogDeps): BuildLogs {
  const open = new Map<string, { readonly log: SharedLog; close(): void }>();
  /** Complete logs that nobody looks at, the one that was looked at last at the end. */
  const kept = new Map<string, SharedLog>();

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
    const known = open.get(buildId)?.log;
    if (known) return known;
    const closed = new AbortController();
    const log = kept.get(buildId) ?? newLog();
    kept.delete(buildId);
    open.set(buildId, {
      log,
      close() {
        closed.abort();
        open.delete(buildId);
        if (log.isComplete) keep(buildId, log);
      },
    });
    if (!log.isComplete) void followLog(deps, registry, buildId, log, closed.signal);
    return log;
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
        if (log?.readers.size === 0) open.get(build.id)?.close();
        log = undefined;
      };
      const take = (shared: SharedLog): BuildLogMessage | undefined => {
        const restarted = shared.generation !== generation;
        if (restarted) position = 0;
        generation = shared.generation;
        const lines = linesFrom(shared.lines, position);
        const firstLine = position + 1;
        const complete = shared.isComplete && position + lines.length >= shared.lines.length;
        if (lines.length === 0 && !restarted && !complete) return undefined;
        position += lines.length;
        return asTaken(shared, { buildId: build.id, firstLine, lines, restarted, complete });
      };
      const next = async (): Promise<IteratorResult<BuildLogMessage, void>> => {
        if (!log && !ended) {
          log = openLog(registry, build.id);
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
      };
      return toLogStream(toGenerator(next, leave));
    },
  };
}

function newLog(): SharedLog {
  return { readers: new Set(), lines: [], characters: 0, generation: 0, isComplete: false, error: undefined };
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
