import type { Clock } from "../shared/clock.ts";
import type { ChangeHints } from "./change-hints.ts";
import { toLogStream, type LogStream } from "./log-stream.ts";
import { toGenerator } from "./to-generator.ts";

/** Where the entries of a log topic come from. */
export interface LogSource<T> {
  /** Hints on it carry the sequence of the newest entry. */
  readonly topic: string;
  /** Entries after `sequence`, in order, without a gap, as many as fit one page. `complete`: no entry will follow these. */
  readAfter(sequence: number): Promise<{ readonly entries: readonly T[]; readonly complete: boolean }>;
  sequenceOf(entry: T): number;
}

/**
 * Live log for any number of readers: every entry once, in order, from a cursor. Entries always come from the store, page
 * by page as the reader takes them, so a slow reader costs one page; hints only say that there are more.
 *
 * State: a topic exists while it has readers. It listens to hints, and takes every `pollMs` for one, in case they get lost. Who
 * reads from the same cursor between two hints is given the same page, so caught-up readers cost one read however many they are.
 */
export interface LiveLog {
  /**
   * Ends after the last entry of a complete log, or at once when the caller ends it. A failing first read rejects `next()`
   * and ends the stream; later failures are reported to `onError` and made good by the next poll.
   */
  stream<T>(source: LogSource<T>, afterSequence: number): LogStream<T>;
}

interface Read {
  readonly page: ReturnType<LogSource<unknown>["readAfter"]>;
  isReported: boolean;
}

interface Topic {
  /** Told that there may be more. */
  readonly readers: Set<() => void>;
  read(cursor: number): Read;
  close(): void;
}

export function createLiveLog(deps: {
  readonly hints: ChangeHints;
  readonly clock: Clock;
  /** Real milliseconds between two reads that make up for lost hints. */
  readonly pollMs: () => number;
  readonly onError: (error: unknown, topic: string) => void;
}): LiveLog {
  const topics = new Map<string, Topic>();

  function openTopic(source: LogSource<unknown>): Topic {
    const reads = new Map<number, Read>();
    const readers = new Set<() => void>();
    const tell = (): void => {
      // What was read before may lack what there is now.
      reads.clear();
      for (const wake of readers) wake();
    };
    let cancelPoll: () => void = () => undefined;
    const poll = (): void => {
      cancelPoll = deps.clock.schedule(deps.pollMs(), () => {
        poll();
        tell();
      });
    };
    poll();
    const unsubscribe = deps.hints.subscribe(source.topic, tell);
    const topic: Topic = {
      readers,
      read(cursor) {
        const known = reads.get(cursor);
        if (known) return known;
        const read: Read = { page: source.readAfter(cursor), isReported: false };
        reads.set(cursor, read);
        read.page.catch(() => reads.get(cursor) === read && reads.delete(cursor));
        return read;
      },
      close() {
        cancelPoll();
        unsubscribe();
        topics.delete(source.topic);
      },
    };
    topics.set(source.topic, topic);
    return topic;
  }

  return {
    stream<T>(source: LogSource<T>, afterSequence: number): LogStream<T> {
      let cursor = afterSequence;
      let page: readonly T[] = [];
      let at = 0;
      let complete = false;
      let ended = false;
      let changed = true;
      let hasRead = false;
      let topic: Topic | undefined;
      let wake: (() => void) | undefined;
      const onChange = (): void => {
        changed = true;
        wake?.();
      };
      const join = (): Topic => {
        const joined = topics.get(source.topic) ?? openTopic(source as LogSource<unknown>);
        joined.readers.add(onChange);
        return joined;
      };
      const leave = (): void => {
        ended = true;
        wake?.();
        if (!topic) return;
        topic.readers.delete(onChange);
        if (topic.readers.size === 0) topic.close();
        topic = undefined;
      };
      const readPage = async (joined: Topic): Promise<void> => {
        // Before the read, so that a hint during it is not overlooked.
        changed = false;
        const read = joined.read(cursor);
        try {
          const { entries, complete: isLast } = await read.page;
          hasRead = true;
          page = entries as readonly T[];
          at = 0;
          complete = isLast;
          // A page may be one of several: read on until there is nothing more.
          if (page.length > 0) changed = true;
        } catch (error) {
          if (ended) return;
          if (!hasRead) {
            leave();
            throw error;
          }
          if (!read.isReported) deps.onError(error, source.topic);
          read.isReported = true;
        }
      };
      const next = async (): Promise<IteratorResult<T, void>> => {
        for (;;) {
          if (ended) return { done: true, value: undefined };
          topic ??= join();
          const entry = page[at];
          if (entry !== undefined) {
            at++;
            cursor = source.sequenceOf(entry);
            return { done: false, value: entry };
          }
          if (complete) leave();
          else if (changed) await readPage(topic);
          else {
            await new Promise<void>((resolve) => (wake = resolve));
            wake = undefined;
          }
        }
      };
      return toLogStream(toGenerator(next, leave));
    },
  };
}
