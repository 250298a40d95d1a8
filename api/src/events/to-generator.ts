/**
 * A generator object whose `return()` takes effect while `next()` is waiting. A bare `async function*` would queue it
 * behind that `next()`, and a client that leaves a quiet topic would leave its source open. `pull` is never called
 * while its last call runs; when it rejects it has called `leave` itself.
 */
export function toGenerator<T>(
  pull: () => Promise<IteratorResult<T, void>>,
  leave: () => void,
): AsyncGenerator<T, void, undefined> {
  return new PulledGenerator(pull, leave);
}

/** A class, because each subscriber has some of them, and five closures for each are memory. */
class PulledGenerator<T> implements AsyncGenerator<T, void, undefined> {
  readonly #pull: () => Promise<IteratorResult<T, void>>;
  readonly #leave: () => void;
  #last: Promise<unknown> = STARTED;

  constructor(pull: () => Promise<IteratorResult<T, void>>, leave: () => void) {
    this.#pull = pull;
    this.#leave = leave;
  }

  next(): Promise<IteratorResult<T, void>> {
    const result = this.#last.then(this.#pull, this.#pull);
    this.#last = result;
    return result;
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.#leave();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    this.#leave();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }
}

const STARTED = Promise.resolve();
