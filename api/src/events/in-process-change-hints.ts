import type { ChangeHint, ChangeHints } from "./change-hints.ts";

/** Change hints within one process: topic → listeners, O(1) to join and leave. */
export function createInProcessChangeHints(options: {
  readonly onError: (error: unknown, topic: string) => void;
}): ChangeHints {
  const topics = new Map<string, Set<(hint: ChangeHint) => void>>();
  return {
    publish(topic, hint) {
      for (const listener of topics.get(topic) ?? []) {
        try {
          listener(hint);
        } catch (error) {
          options.onError(error, topic);
        }
      }
    },
    subscribe(topic, listener) {
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners);
      // A wrapper, so that the same function can listen twice.
      const entry = (hint: ChangeHint): void => listener(hint);
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
      };
    },
  };
}
