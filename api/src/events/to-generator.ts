/**
 * A generator object whose `return()` takes effect while `next()` is waiting. A bare `async function*` would queue it
 * behind that `next()`, and a client that leaves a quiet topic would leave its source open. `pull` is never called
 * while its last call runs; when it rejects it has called `leave` itself.
 */
export function toGenerator<T>(
  pull: () => Promise<IteratorResult<T, void>>,
  leave: () => void,
): AsyncGenerator<T, void, undefined> {
  let last: Promise<unknown> = Promise.resolve();
  const generator: AsyncGenerator<T, void, undefined> = {
    next() {
      const result = last.then(pull, pull);
      last = result;
      return result;
    },
    async return() {
      leave();
      return { done: true, value: undefined };
    },
    async throw(error: unknown) {
      leave();
      throw error;
    },
    [Symbol.asyncIterator]: () => generator,
    async [Symbol.asyncDispose]() {
      leave();
    },
  };
  return generator;
}
