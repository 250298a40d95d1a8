/** What a subscription has brought so far, and ways to wait for what it will bring. */
export interface Watch<T> {
  readonly messages: readonly T[];
  /** The first message, past ones included, that fits. Rejects when the subscription ends without one. */
  until(what: string, fits: (message: T) => boolean): Promise<T>;
  first(): Promise<T>;
  /** Resolves when the server completes it, rejects with its errors. */
  readonly completed: Promise<void>;
  readonly isCompleted: boolean;
  stop(): void;
}

export interface WatchSink<T> {
  message(message: T): void;
  fail(error: unknown): void;
  complete(): void;
}

export function createWatch<T>(open: (sink: WatchSink<T>) => () => void): Watch<T> {
  const messages: T[] = [];
  const waiting = new Set<() => void>();
  let end: { readonly error?: unknown } | undefined;
  const ended = Promise.withResolvers<void>();
  // Whoever does not ask how it ended has not left an unhandled rejection behind.
  ended.promise.catch(() => undefined);
  const finish = (how: { readonly error?: unknown }): void => {
    if (end) return;
    end = how;
    if ("error" in how) ended.reject(toError(how.error));
    else ended.resolve();
    for (const check of waiting) check();
  };
  const stop = open({
    message(message) {
      messages.push(message);
      for (const check of waiting) check();
    },
    fail: (error) => finish({ error }),
    complete: () => finish({}),
  });

  const watch: Watch<T> = {
    messages,
    until(what, fits) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          const found = messages.find(fits);
          if (found !== undefined) {
            waiting.delete(check);
            resolve(found);
          } else if (end) {
            waiting.delete(check);
            const last = JSON.stringify(messages.at(-1));
            const how = "error" in end ? `failed (${toError(end.error).message})` : "completed";
            reject(new Error(`The subscription ${how} before there was ${what}. Its last message: ${last}`));
          }
        };
        waiting.add(check);
        check();
      });
    },
    first: () => watch.until("a first message", () => true),
    completed: ended.promise,
    get isCompleted() {
      return end !== undefined && !("error" in end);
    },
    stop,
  };
  return watch;
}

function toError(error: unknown): Error {
  if (error instanceof Error) return error;
  return new Error(JSON.stringify(error), { cause: error });
}
