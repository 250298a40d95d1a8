import type { WebSocket } from "ws";
import type { Clock } from "../shared/clock.ts";

export interface WebSocketHeartbeat {
  /** Pings the socket from now on, until it closes. */
  watch(socket: WebSocket): void;
  stop(): void;
}

/**
 * Finds connections whose other end is gone without a word: each beat ends those that have not answered the ping of the beat
 * before, so that one is found within two intervals. One timer serves all sockets. State: sockets with an open ping.
 */
export function createWebSocketHeartbeat(clock: Clock, intervalMs: number): WebSocketHeartbeat {
  const sockets = new Set<WebSocket>();
  const unanswered = new Set<WebSocket>();
  let cancel: () => void = () => undefined;

  function beat(): void {
    for (const socket of sockets) {
      if (unanswered.has(socket)) {
        socket.terminate();
      } else if (socket.readyState === socket.OPEN) {
        unanswered.add(socket);
        socket.ping();
      }
    }
    schedule();
  }
  function schedule(): void {
    cancel = clock.schedule(intervalMs, beat);
  }
  schedule();

  return {
    watch(socket) {
      sockets.add(socket);
      socket.on("pong", () => unanswered.delete(socket));
      socket.on("close", () => {
        sockets.delete(socket);
        unanswered.delete(socket);
      });
    },
    stop: () => cancel(),
  };
}
