import type { Clock } from "../shared/clock.ts";
import type { ChangeHints } from "./change-hints.ts";
import type { LiveStream } from "./live-stream.ts";
import { toGenerator } from "./to-generator.ts";

/** Where the records of a state topic come from and how they are told apart. */
export interface StateSource<T> {
  readonly topic: string;
  /** The records as they are stored now; for one record, a list of it alone (empty when there is none). */
  read(): Promise<readonly T[]>;
  /** Cheap where `read` is dear: a number that rises with every change of any record. The poll then reads only when it has. */
  changeMark?(): Promise<number>;
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
 * it has. The topic passes on what is newer than all it has passed on; each reader drops what is not newer than its snapshot.
 * The versions of a record that two reads in a row didn't have are forgotten (one read may have begun before it was made).
 */
export interface LiveState {
  /**
   * The stream ends when the caller ends it (`return()` takes effect at once, also while waiting), or after a last record.
   * A failing first read rejects `next()`; later failures are reported to `onError` and made good by the next poll.
   */
  stream<T>(source: StateSource<T>): LiveStream<T>;
  /** Readers now, for metrics. */
  readerCount(): number;
}

interface Reader {
  offer(records: readonly unknown[]): void;
  forget(key: string): void;
}

interface Topic {
  readonly readers: Set<Reader>;
  offer(records: readonly unknown[]): void;
  toldMs(record: unknown): number | undefined;
  close(): void;
}

interface Told {
  readonly version: number;
  readonly atMs: number;
}

export function createLiveState(deps: {
  readonly hints: ChangeHints;
  readonly clock: Clock;
  /** Real milliseconds between two reads that make up for lost hints. */
  readonly pollMs: () => number;
  readonly onError: (error: unknown, topic: string) => void;
}): LiveState {
  const topics = new Map<string, Topic>();
  let readers = 0;

  function openTopic(source: StateSource<unknown>): Topic {
    let closed = false;
    let reading = false;
    let readAgain = false;
    /** As of the last poll; undefined while a read has to be made good. */
    let mark: number | undefined;
    let cancelPoll: (() => void) | undefined;
    const versions = new Map<string, number>();
    const told = new Map<string, Told>();
    let polledMs = deps.clock.monotonicMs();
    const missing = new Set<string>();
    const offerAll = (records: readonly unknown[], toldMs?: number): void => {
      const changed = records.filter((record) => raise(versions, source.keyOf(record), source.versionOf(record)));
      if (toldMs !== undefined)
        for (const one of changed) told.set(source.keyOf(one), { version: source.versionOf(one), atMs: toldMs });
      if (changed.length > 0) for (const reader of topic.readers) reader.offer(changed);
    };
    const forgetMissing = (records: readonly unknown[]): void => {
      const present = new Set(records.map((record) => source.keyOf(record)));
      for (const key of versions.keys()) {
        if (present.has(key)) missing.delete(key);
        else if (!missing.has(key)) missing.add(key);
        else {
          missing.delete(key);
          versions.delete(key);
          told.delete(key);
          for (const reader of topic.readers) reader.forget(key);
        }
      }
    };
    const refresh = async (toldMs: number): Promise<void> => {
      if (reading) {
        readAgain = true;
        return;
      }
      reading = true;
      try {
        do {
          readAgain = false;
          const records = await source.read();
          offerAll(records, toldMs);
          forgetMissing(records);
        } while (readAgain && !closed);
      } catch (error) {
        mark = undefined;
        if (!closed) deps.onError(error, source.topic);
      } finally {
        reading = false;
      }
    };
    const refreshIfChanged = async (): Promise<void> => {
      // What no hint has told of may have changed at any time since.
      const sinceMs = polledMs;
      polledMs = deps.clock.monotonicMs();
      try {
        const now = await source.changeMark?.();
        if (now !== undefined && now === mark) return;
        mark = now;
      } catch (error) {
        if (!closed) deps.onError(error, source.topic);
        return;
      }
      await refresh(sinceMs);
    };
    const poll = (): void => {
      cancelPoll = deps.clock.schedule(deps.pollMs(), () => void refreshIfChanged().then(() => closed || poll()));
    };
    const unsubscribe = deps.hints.subscribe(source.topic, (hint) => {
      const nowMs = deps.clock.monotonicMs();
      if (hint.state === undefined) void refresh(nowMs);
      else offerAll([hint.state], nowMs);
    });
    const topic: Topic = {
      readers: new Set(),
      offer: (records) => offerAll(records),
      toldMs(record) {
        const last = told.get(source.keyOf(record));
        return last?.version === source.versionOf(record) ? last.atMs : undefined;
      },
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
    stream<T>(source: StateSource<T>): LiveStream<T> {
      const erased = source as unknown as StateSource<unknown>;
      const seen = new Map<string, number>();
      const pending = new Map<string, unknown>();
      let wake: (() => void) | undefined;
      let topic: Topic | undefined;
      let joinedTopic: Topic | undefined;
      let ended = false;

      const reader: Reader = {
        offer(records) {
          for (const record of records) {
            const key = erased.keyOf(record);
            if (!raise(seen, key, erased.versionOf(record))) continue;
            // Deleted first so that the newest change is delivered last.
            pending.delete(key);
            pending.set(key, record);
          }
          if (pending.size > 0) wake?.();
        },
        forget: (key) => void seen.delete(key),
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
        const joined = topics.get(source.topic) ?? openTopic(erased);
        topic = joined;
        joinedTopic = joined;
        joined.readers.add(reader);
        readers++;
        const snapshot = await source.read();
        reader.offer(snapshot);
        joined.offer(snapshot);
      };
      const next = async (): Promise<IteratorResult<T, void>> => {
        if (!topic && !ended) {
          try {
            await join();
          } catch (error) {
            if (!ended) {
              leave();
              throw error;
            }
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
      return Object.assign(toGenerator(next, leave), {
        current: () => source.read(),
        keyOf: (record: T) => source.keyOf(record),
        versionOf: (record: T) => source.versionOf(record),
        toldMs: (record: T) => joinedTopic?.toldMs(record),
      });
    },
  };
}

/** Notes `version` for `key` if it is newer than the noted one, and says so. */
function raise(versions: Map<string, number>, key: string, version: number): boolean {
  if (version <= (versions.get(key) ?? -Infinity)) return false;
  versions.set(key, version);
  return true;
}
