import { performance } from "node:perf_hooks";

/**
 * The emulator's own time.
 *
 * State story: the clock is an anchor (a virtual instant and the real instant it was set at) and a
 * speed. Between changes virtual time runs `speed` times as fast as real time; at speed 0 it stands
 * still and only `advance` moves it. `setSpeed` and `advance` move the anchor; nothing else does.
 * Virtual time never goes back.
 */
export type VirtualClock = {
  /** Virtual milliseconds since the Unix epoch, whole. */
  now(): number;
  /** Virtual seconds per real second; 0 means by hand. */
  speed(): number;
  setSpeed(speed: number): void;
  /** Moves time forward at once, at any speed. */
  advance(seconds: number): void;
  /**
   * Real seconds a client has to wait for `virtualMs` to pass. At speed 0 nobody can tell, so the
   * virtual length itself is returned.
   */
  toRealSeconds(virtualMs: number): number;
};

/** @param realNowMs a monotonic real clock in milliseconds; tests may give their own. */
export function createVirtualClock(
  startMs: number,
  startSpeed: number,
  realNowMs: () => number = () => performance.now(),
): VirtualClock {
  let speed = startSpeed;
  let anchorVirtualMs = startMs;
  let anchorRealMs = realNowMs();

  function now(): number {
    return Math.floor(anchorVirtualMs + (realNowMs() - anchorRealMs) * speed);
  }

  function moveAnchor(virtualMs: number): void {
    anchorVirtualMs = virtualMs;
    anchorRealMs = realNowMs();
  }

  return {
    now,
    speed: () => speed,
    setSpeed(next) {
      moveAnchor(now());
      speed = next;
    },
    advance(seconds) {
      moveAnchor(now() + seconds * 1000);
    },
    toRealSeconds: (virtualMs) => virtualMs / 1000 / (speed === 0 ? 1 : speed),
  };
}
