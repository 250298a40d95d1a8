import type { Clock } from "../shared/clock.ts";
import type { ChangeHints } from "./change-hints.ts";
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
 * by page as the reader takes them, so a slow reader costs one page; hints only say that there are more, and in case they
 * get lost a waiting reader looks every `pollMs`.
 */
export interface LiveLog {
  /**
   * Ends after the last entry of a complete log, or at once when the caller ends it. A failing first read rejects `next()`
   * and ends the stream; later failures are reported to `onError` and made good by the next poll.
   */
  stream<T>(source: LogSource<T>, afterSequence: number): AsyncGenerator<T, void, undefined>;
}

export function createLiveLog(deps: {
  readonly hints: ChangeHints;
  readonly clock: Clock;
  /** Real milliseconds between two reads that make up for lost hints. */
  readonly pollMs: number;
  readonly onError: (error: unknown, topic: string) => void;
}): LiveLog {
  return {
    stream<T>(source: LogSource<T>, afterSequence: number): AsyncGenerator<T, void, undefined> {
      let cursor = afterSequence;
      let page: readonly T[] = [];
      let at = 0;
      let complete = false;
      let ended = false;
      let changed = true;
      let hasRead = false;
      let wake: (() => void) | undefined;
      let unsubscribe: (() => void) | undefined;
      const onChange = (): void => {
        changed = true;
        wake?.();
      };
      const leave = (): void => {
        ended = true;
        unsubscribe?.();
        wake?.();
      };
      const waitForMore = async (): Promise<void> => {
        const cancelPoll = deps.clock.schedule(deps.pollMs, onChange);
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
        cancelPoll();
      };
      const readPage = async (): Promise<void> => {
        // Before the read, so that a hint during it is not overlooked.
        changed = false;
        try {
          const read = await source.readAfter(cursor);
          hasRead = true;
          page = read.entries;
          at = 0;
          complete = read.complete;
          // A page may be one of several: read on until there is nothing more.
          if (page.length > 0) changed = true;
        } catch (error) {
          if (ended) return;
          if (!hasRead) {
            leave();
            throw error;
          }
          deps.onError(error, source.topic);
        }
      };
      const next = async (): Promise<IteratorResult<T, void>> => {
        if (!ended) unsubscribe ??= deps.hints.subscribe(source.topic, onChange);
        for (;;) {
          if (ended) return { done: true, value: undefined };
          const entry = page[at];
          if (entry !== undefined) {
            at++;
            cursor = source.sequenceOf(entry);
            return { done: false, value: entry };
          }
          if (complete) leave();
          else if (changed) await readPage();
          else await waitForMore();
        }
      };
      return toGenerator(next, leave);
    },
  };
}
