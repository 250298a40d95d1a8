import { AsyncLocalStorage } from "node:async_hooks";

/** A request to Azure and what came of it. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  /** Undefined when no answer came. */
  readonly status?: number;
  readonly headers?: ReadonlyMap<string, string>;
  /** Of error answers and of small ones. */
  readonly bodyText?: string;
  /** What broke the connection. */
  readonly failure?: unknown;
  /** The request was given up for taking too long, not by the caller. */
  readonly timedOut?: boolean;
}

/**
 * The SDK drops parts of Azure's answers: the details of a refusal and the whole body of a failed operation. What belongs to
 * one call is therefore recorded on the wire and kept for as long as the call runs.
 */
const recordings = new AsyncLocalStorage<Exchange[]>();

export function recordExchange(exchange: Exchange): void {
  recordings.getStore()?.push(exchange);
}

/** Runs `work` with a record of the requests made in it; the record is complete once the promise has settled. */
export function withExchanges<T>(work: (exchanges: readonly Exchange[]) => Promise<T>): Promise<T> {
  const exchanges: Exchange[] = [];
  return recordings.run(exchanges, () => work(exchanges));
}
