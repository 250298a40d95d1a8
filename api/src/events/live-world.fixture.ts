import { createManualClock } from "../shared/clock.ts";
import type { ChangeHint, ChangeHints } from "./change-hints.ts";
import { createInProcessChangeHints } from "./in-process-change-hints.ts";

export const POLL_MS = 500;

/** Hints that count their listeners, and the rest of what a live stream stands on. */
export function createLiveWorld() {
  const clock = createManualClock();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const inner = createInProcessChangeHints({ onError });
  let listeners = 0;
  const hints: ChangeHints = {
    publish: (topic: string, hint: ChangeHint) => inner.publish(topic, hint),
    subscribe(topic, listener) {
      const stop = inner.subscribe(topic, listener);
      listeners++;
      let stopped = false;
      return () => {
        stop();
        if (!stopped) listeners--;
        stopped = true;
      };
    },
  };
  return {
    clock,
    hints,
    errors,
    deps: { hints, clock, pollMs: () => POLL_MS, onError },
    listenerCount: () => listeners,
  };
}

/** Reads a stream to its end into a list, as fast as it comes. `ended` rejects with the stream. */
export function collect<T>(stream: AsyncIterable<T>): { readonly items: T[]; readonly ended: Promise<void> } {
  const items: T[] = [];
  const ended = (async () => {
    for await (const item of stream) items.push(item);
  })();
  // Whoever awaits it still sees the rejection.
  ended.catch(() => {});
  return { items, ended };
}
