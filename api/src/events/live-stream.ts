import { toGenerator } from "./to-generator.ts";

/**
 * A stream of a state topic: each record now, then each change, newest only. Nothing is read before the first `next()`, so
 * that opening one is cheap and tells whether the reader may. What it is made of can be asked for as well, by whoever lets many
 * readers share one stream.
 */
export interface LiveStream<T> extends AsyncGenerator<T, void, undefined> {
  /** The records as they are stored now, read afresh each time. */
  current(): Promise<readonly T[]>;
  keyOf(record: T): string;
  /** Rises with every change of that record. */
  versionOf(record: T): number;
  /**
   * Monotonic milliseconds at which the change that made the record was told of, just after it was stored; when it was found by polling, those of
   * the poll before. Undefined for what was there before.
   */
  toldMs(record: T): number | undefined;
}

export function isLiveStream(value: unknown): value is LiveStream<unknown> {
  return typeof (value as Partial<LiveStream<unknown>> | undefined)?.current === "function";
}

/** The same stream with `map` over its records, and `leave` called once it is left; `map` must keep key and version. */
export function mapLiveStream<T, U extends T>(
  stream: LiveStream<T>,
  map: (record: T) => U,
  leave: () => void,
): LiveStream<U> {
  const generator = toGenerator<U>(
    async () => {
      const result = await stream.next();
      return result.done ? result : { done: false, value: map(result.value) };
    },
    () => {
      leave();
      void stream.return();
    },
  );
  return Object.assign(generator, {
    current: async () => (await stream.current()).map(map),
    keyOf: (record: U) => stream.keyOf(record),
    versionOf: (record: U) => stream.versionOf(record),
    toldMs: (record: U) => stream.toldMs(record),
  });
}
