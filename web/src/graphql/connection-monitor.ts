import type { Clock } from "../lib/clock.ts";

/**
 * What the tab's one WebSocket is doing.
 *
 * `connecting` until the first acknowledgement → `live`. A closed socket means `reconnecting`; after {@link OFFLINE_AFTER_MS} without an
 * acknowledgement `offline`, with the time at which the connection was lost. A server that does
 * not let us in makes it `signed-out`, whatever was before. Only an acknowledgement leads back to `live`.
 */
export interface ConnectionState {
  status: "connecting" | "live" | "reconnecting" | "offline" | "signed-out";
  /** When the connection was lost (or first tried for), in milliseconds by this machine's clock; `undefined` while live. */
  sinceMs: number | undefined;
  /** Number of acknowledgements so far. What was read in an earlier epoch may have missed changes. */
  epoch: number;
}

export const OFFLINE_AFTER_MS = 8000;

export interface ConnectionMonitor {
  get(): ConnectionState;
  subscribe(listener: () => void): () => void;
}

/** The monitor together with the two facts that move it; the transport alone calls these. */
export interface ConnectionMonitorControl extends ConnectionMonitor {
  connected(): void;
  lost(): void;
  /** The server was reached and does not let us in. */
  refused(): void;
}

export const INITIAL_CONNECTION: ConnectionState = { status: "connecting", sinceMs: undefined, epoch: 0 };

export function createConnectionMonitor(clock: Clock): ConnectionMonitorControl {
  const listeners = new Set<() => void>();
  let state: ConnectionState = { ...INITIAL_CONNECTION, sinceMs: clock.now() };
  let stopWaiting = waitForOffline();

  function become(next: ConnectionState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  function waitForOffline(): () => void {
    return clock.after(OFFLINE_AFTER_MS, () => become({ ...state, status: "offline" }));
  }

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connected() {
      stopWaiting();
      become({ status: "live", sinceMs: undefined, epoch: state.epoch + 1 });
    },
    lost() {
      // Every failed attempt reports a loss too; only the first one after a live time is news.
      if (state.status !== "live") return;
      become({ ...state, status: "reconnecting", sinceMs: clock.now() });
      stopWaiting = waitForOffline();
    },
    refused() {
      stopWaiting();
      if (state.status !== "signed-out") become({ ...state, status: "signed-out", sinceMs: clock.now() });
    },
  };
}

/** Whether what is shown may be old and nothing can be asked for. Not before the first connection: then nothing has been shown. */
export function isConnectionCut(status: ConnectionState["status"]): boolean {
  return status === "reconnecting" || status === "offline" || status === "signed-out";
}

/** What a notice about a cut connection is called. */
export function cutTitle(status: ConnectionState["status"]): string {
  if (status === "signed-out") return "Signed out";
  return status === "offline" ? "No connection to Slipway" : "Reconnecting to Slipway";
}
