/** Time as the UI sees it. Components take it from {@link TimeProvider}, so that tests can drive it by hand. */
export interface Clock {
  /** Milliseconds since the epoch by this machine's clock. */
  now(): number;
  /** Calls `tick` every `periodMs` until the returned function is called. */
  every(periodMs: number, tick: () => void): () => void;
  /** Calls `run` once after `delayMs` unless the returned function is called before. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  every(periodMs, tick) {
    const timer = setInterval(tick, periodMs);
    return () => clearInterval(timer);
  },
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The server's clock as far as this browser can know it. */
export interface ServerClock {
  /** Takes note of a server time that has just arrived (ISO 8601 or milliseconds). */
  observe(serverTime: string | number): void;
  /** Milliseconds since the epoch by the server's clock; never later than it really is there. */
  now(): number;
}

/**
 * Keeps the offset between this machine's clock and the server's, so that a wrong PC clock shows no wrong elapsed time.
 *
 * A time stamp is already old when it arrives, so each one gives a lower bound of the offset; the greatest bound seen is the best estimate.
 */
export function createServerClock(clock: Clock): ServerClock {
  let offsetMs: number | undefined;
  return {
    observe(serverTime) {
      const serverMs = typeof serverTime === "number" ? serverTime : Date.parse(serverTime);
      if (Number.isNaN(serverMs)) return;
      const boundMs = serverMs - clock.now();
      if (offsetMs === undefined || boundMs > offsetMs) offsetMs = boundMs;
    },
    now: () => clock.now() + (offsetMs ?? 0),
  };
}
