/**
 * The one line of time of a run. State: a heap of what happens when. One event follows the other, in the order of their times
 * and of their being planned, and between two of them all code runs until it waits for a later one: so a run depends on
 * its seed alone.
 */
export interface VirtualTime {
  /** Milliseconds since the run began; whole. */
  nowMs(): number;
  /** Plans `happen`; the returned function takes it back. */
  at(delayMs: number, happen: () => void, options?: EventOptions): () => void;
  sleep(delayMs: number): Promise<void>;
  /**
   * Lets time pass until `isOver`, which is asked after each event. Resolves to false when nothing is left to happen, or when
   * the run lasts longer than `limitMs`. @throws what an event throws
   */
  run(isOver: () => boolean, limitMs: number): Promise<boolean>;
}

export interface EventOptions {
  /** It changes the world only and wakes no code, so that the next event may follow at once. @default false */
  readonly isSilent?: boolean;
}

/** Turns of the runtime's loop that are asked for at once: each lets promises settle, and one alone costs ten times as much. */
const TURNS_AT_ONCE = 64;

export function createVirtualTime(): VirtualTime {
  const heap = createHeap();
  let nowMs = 0;
  let planned = 0;

  /** False when nothing is left. */
  function happenNext(): boolean {
    for (;;) {
      const next = heap.pop();
      if (!next) return false;
      if (next.isTakenBack) continue;
      nowMs = Math.max(nowMs, next.atMs);
      next.happen();
      if (!next.isSilent) return true;
    }
  }

  return {
    nowMs: () => nowMs,
    at(delayMs, happen, { isSilent = false } = {}) {
      const atMs = nowMs + Math.max(0, Math.ceil(delayMs));
      const event: PlannedEvent = { atMs, order: planned++, happen, isSilent, isTakenBack: false };
      heap.push(event);
      return () => void (event.isTakenBack = true);
    },
    sleep(delayMs) {
      return new Promise((resolve) => void this.at(delayMs, resolve));
    },
    run(isOver, limitMs) {
      const { promise, resolve, reject } = Promise.withResolvers<boolean>();
      let hasEnded = false;
      const end = (settle: () => void): void => {
        hasEnded = true;
        settle();
      };
      const turn = (): void => {
        if (hasEnded) return;
        try {
          if (isOver()) end(() => resolve(true));
          else if (nowMs > limitMs || !happenNext()) end(() => resolve(false));
        } catch (error) {
          end(() => reject(error));
        }
      };
      const turns = (): void => {
        if (hasEnded) return;
        for (let n = 0; n < TURNS_AT_ONCE; n++) setImmediate(turn);
        setImmediate(turns);
      };
      turns();
      return promise;
    },
  };
}

interface PlannedEvent {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void;
  readonly isSilent: boolean;
  isTakenBack: boolean;
}

/** A binary heap, earliest first. */
function createHeap(): { push(event: PlannedEvent): void; pop(): PlannedEvent | undefined } {
  const events: PlannedEvent[] = [];
  const isBefore = (one: PlannedEvent, other: PlannedEvent): boolean =>
    one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  return {
    push(event) {
      let at = events.length;
      events.push(event);
      while (at > 0) {
        const parentAt = (at - 1) >> 1;
        const parent = events[parentAt];
        if (!parent || !isBefore(event, parent)) break;
        events[at] = parent;
        at = parentAt;
      }
      events[at] = event;
    },
    pop() {
      const first = events[0];
      const last = events.pop();
      if (!last || last === first) return first;
      let at = 0;
      for (;;) {
        const [left, right] = [events[2 * at + 1], events[2 * at + 2]];
        if (!left) break;
        const isRight = right !== undefined && isBefore(right, left);
        const child = isRight ? right : left;
        if (!isBefore(child, last)) break;
        events[at] = child;
        at = 2 * at + (isRight ? 2 : 1);
      }
      events[at] = last;
      return first;
    },
  };
}
