import type { Clock } from "./clock.ts";

/**
 * Hands items over in batches: the first one at once, so that a single change shows without delay, and what follows within the window together,
 * so that a snapshot of thousands costs a few renders and not thousands.
 */
export interface Burst<Item> {
  add(item: Item): void;
  /** Whether something waits to be handed over. */
  isWaiting(): boolean;
  /** Hands over now what waits. */
  flush(): void;
  /** Drops what waits. */
  stop(): void;
}

/** `windowMs` is asked whenever a window opens. */
export function createBurst<Item>(
  clock: Clock,
  windowMs: () => number,
  deliver: (items: readonly Item[]) => void,
): Burst<Item> {
  let waiting: Item[] = [];
  let cancelWindow: (() => void) | undefined;

  function openWindow(): void {
    cancelWindow = clock.after(windowMs(), flush);
  }

  function flush(): void {
    cancelWindow?.();
    cancelWindow = undefined;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    openWindow();
    deliver(items);
  }

  return {
    add(item) {
      if (cancelWindow) return void waiting.push(item);
      openWindow();
      deliver([item]);
    },
    isWaiting: () => waiting.length > 0,
    flush,
    stop() {
      cancelWindow?.();
      cancelWindow = undefined;
      waiting = [];
    },
  };
}
