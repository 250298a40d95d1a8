import type { Clock } from "../shared/clock.ts";
import { StoreUnavailableError } from "./entity-store.ts";
import { isPassing, toRefusal } from "./table-refusal.ts";
import type { TableRefusal } from "./table-refusal.ts";

/** How long a request is waited for and how often it is sent. */
export interface TableRequestPolicy {
  /** @default 4 */
  readonly maxTries?: number;
  /** Bound of one try, sign-in included. @default 5000 */
  readonly tryTimeoutMs?: number;
  /** No further try begins after it. @default 15000 */
  readonly giveUpMs?: number;
  /** Longest wait before the second try; doubled before each further one. @default 250 */
  readonly firstDelayMs?: number;
}

export interface TableRequests {
  /**
   * Sends until an answer comes that repeating won't change. A write may be applied by a try whose answer got lost; the next
   * try's refusal is then about our own write and comes out as it is, because only the caller can recognise it.
   * @throws TableRefusal, or what `send` throws when it is none.
   */
  run<T>(send: (signal: AbortSignal) => Promise<T>, options?: { readonly maxTries?: number }): Promise<T>;
  /** Repeats nothing any more and waits for what is under way, at most `tryTimeoutMs`. Later calls are refused. */
  close(): Promise<void>;
}

export function createTableRequests(deps: {
  readonly clock: Clock;
  /** 0 to below 1. */
  readonly random: () => number;
  readonly place: string;
  readonly policy?: TableRequestPolicy;
}): TableRequests {
  const { clock, random, place } = deps;
  const { maxTries = 4, tryTimeoutMs = 5_000, giveUpMs = 15_000, firstDelayMs = 250 } = deps.policy ?? {};
  const underWay = new Set<Promise<unknown>>();
  const closing = new AbortController();

  const sendOnce = async <T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const timeout = new AbortController();
    const cancel = clock.schedule(tryTimeoutMs, () => timeout.abort());
    try {
      return await send(timeout.signal);
    } catch (error) {
      throw toRefusal(error) ?? error;
    } finally {
      cancel();
    }
  };

  const sendUntilAnswered = async <T>(send: (signal: AbortSignal) => Promise<T>, tries: number): Promise<T> => {
    const startMs = clock.monotonicMs();
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendOnce(send);
      } catch (error) {
        const refusal: TableRefusal | undefined = toRefusal(error);
        const isLast = attempt >= tries || closing.signal.aborted || clock.monotonicMs() - startMs >= giveUpMs;
        if (!refusal || !isPassing(refusal) || isLast) throw error;
        // From half of the delay on: instances that were thrown out together must not come back together.
        await clock.sleep(firstDelayMs * 2 ** (attempt - 1) * (0.5 + random() / 2), closing.signal);
      }
    }
  };

  return {
    async run(send, options) {
      if (closing.signal.aborted) throw new StoreUnavailableError(`The tables at ${place} are closed.`);
      const running = sendUntilAnswered(send, options?.maxTries ?? maxTries);
      underWay.add(running);
      try {
        return await running;
      } finally {
        underWay.delete(running);
      }
    },
    async close() {
      closing.abort();
      await Promise.allSettled(underWay);
    },
  };
}
