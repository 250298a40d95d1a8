import type { Clock } from "../shared/clock.ts";
import type { ChangeHints } from "./change-hints.ts";
import { toGenerator } from "./to-generator.ts";

/** Where the records of a state topic come from and how they are told apart. */
export interface StateSource<T> {
  readonly topic: string;
  /** The records as they are stored now; for one record, a list of it alone (empty when there is none). */
  read(): Promise<readonly T[]>;
  keyOf(record: T): string;
  /** Rises with every change of that record. */
  versionOf(record: T): number;
  /** After such a record the stream ends. Only for topics of one record. */
  isLast?(record: T): boolean;
}

/**
 * Live state for any number of readers: first what is stored now, then each change, newest only. A reader that is slow
 * skips what was overtaken and holds one record a key, never a queue.
 *
 * State: a topic exists while it has readers. It listens to hints (attached before its readers read their snapshot, so
 * nothing falls between) and, in case hints get lost, reads the store every `pollMs`, once per topic however many readers
 * it has. Each reader keeps per key the version it has seen and drops what is not newer.
 */
export interface LiveState {
  /**
   * The stream ends when the caller ends it (`return()` takes effect at once, also while waiting), or after a last record.
   * A failing first read rejects `next()`; later failures are reported to `onError` and made good by the next poll.
   */
  stream<T>(source: StateSource<T>): AsyncGenerator<T, void, undefined>;
  /** Readers now, for metrics. */
  readerCount(): number;
}

interface Reader {
  offer(records: readonly unknown[]): void;
}

interface Topic {
  readonly source: StateSource<unknown>;
  readonly readers: Set<Reader>;
  close(): void;
}

export function createLiveState(deps: {
  readonly hints: ChangeHints;
  readonly clock: Clock;
  /** Real milliseconds between two reads that make up for lost hints. */
  readonly pollMs: number;
  readonly onError: (error: unknown, topic: string) => void;
}): LiveState {
  const topics = new Map<string, Topic>();
  let readers = 0;

  function openTopic(source: StateSource<unknown>): Topic {
    let closed = false;
    let reading = false;
    let readAgain = false;
    let cancelPoll: (() => void) | undefined;
    const offerAll = (records: readonly unknown[]): void => {
      for (const reader of topic.readers) reader.offer(records);
    };
    const refresh = async (): Promise<void> => {
      if (reading) {
        readAgain = true;
        return;
      }
      reading = true;
      try {
        do {
          readAgain = false;
          offerAll(await source.read());
        } while (readAgain && !closed);
      } catch (error) {
        deps.onError(error, source.topic);
      } finally {
        reading = false;
      }
    };
    const poll = (): void => {
      cancelPoll = deps.clock.schedule(deps.pollMs, () => void refresh().then(() => closed || poll()));
    };
    const unsubscribe = deps.hints.subscribe(source.topic, (hint) => {
      if (hint.state === undefined) void refresh();
      else offerAll([hint.state]);
    });
    const topic: Topic = {
      source,
      readers: new Set(),
      close() {
        closed = true;
        unsubscribe();
        cancelPoll?.();
        topics.delete(source.topic);
      },
    };
    topics.set(source.topic, topic);
    poll();
    return topic;
  }

  return {
    readerCount: () => readers,
    stream<T>(source: StateSource<T>): AsyncGenerator<T, void, undefined> {
      const erased = source as unknown as StateSource<unknown>;
      const seen = new Map<string, number>();
      const pending = new Map<string, unknown>();
      let wake: (() => void) | undefined;
      let topic: Topic | undefined;
      let ended = false;

      const reader: Reader = {
        offer(records) {
          for (const record of records) {
            const key = erased.keyOf(record);
            const version = erased.versionOf(record);
            if (version <= (seen.get(key) ?? -1)) continue;
            seen.set(key, version);
            // Deleted first so that the newest change is delivered last.
            pending.delete(key);
            pending.set(key, record);
          }
          if (pending.size > 0) wake?.();
        },
      };
      const leave = (): void => {
        ended = true;
        wake?.();
        if (!topic) return;
        readers--;
        topic.readers.delete(reader);
        if (topic.readers.size === 0) topic.close();
        topic = undefined;
      };
      const join = async (): Promise<void> => {
        topic = topics.get(source.topic) ?? openTopic(erased);
        topic.readers.add(reader);
        readers++;
        reader.offer(await source.read());
      };
      const next = async (): Promise<IteratorResult<T, void>> => {
        if (!topic && !ended) {
          try {
            await join();
          } catch (error) {
            leave();
            throw error;
          }
        }
        for (;;) {
          if (ended) return { done: true, value: undefined };
          const first = pending.entries().next();
          if (!first.done) {
            const [key, record] = first.value;
            pending.delete(key);
            if (source.isLast?.(record as T)) leave();
            return { done: false, value: record as T };
          }
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
        }
      };
      return toGenerator(next, leave);
    },
  };
}
