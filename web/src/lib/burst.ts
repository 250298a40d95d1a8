import type { Clock } from "./clock.ts";

/**
 * Hands items over in batches: the first one at once, so that a single change shows without delay, and what follows within `windowMs` together,
 * so that a snapshot of thousands costs a few renders and not thousands.
 */
export interface Burst<Item> {
  add(item: Item): void;
  /** Drops what waits. */
  stop(): void;
}

export function createBurst<Item>(
  clock: Clock,
  windowMs: number,
  deliver: (items: readonly Item[]) => void,
): Burst<Item> {
  let waiting: Item[] = [];
  let cancelWindow: (() => void) | undefined;

  function openWindow(): void {
    cancelWindow = clock.after(windowMs, () => {
      cancelWindow = undefined;
      if (waiting.length === 0) return;
      const items = waiting;
      waiting = [];
      openWindow();
      deliver(items);
    });
  }

  return {
    add(item) {
      if (cancelWindow) return void waiting.push(item);
      openWindow();
      deliver([item]);
    },
    stop() {
      cancelWindow?.();
      cancelWindow = undefined;
      waiting = [];
    },
  };
}
