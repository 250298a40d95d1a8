import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { FrameHead, FrameTail, FrameWriter } from "./frame-writer.ts";

/** What a reader that takes nothing may cost above its socket's own buffer. */
const MOST_QUEUED_BYTES = 64 * 1024;

/** One connection as the groups see it. */
export interface FrameSink {
  /** No effect once the connection is closing. */
  write(head: FrameHead, tail: FrameTail): void;
  /** The reader is slow: write nothing more before `drained`. */
  isFull(): boolean;
  /** Resolves when what is queued has been taken, or the connection has ended. */
  drained(): Promise<void>;
}

export function createFrameSink(webSocket: WebSocket, socket: Duplex, writer: FrameWriter): FrameSink {
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const resume of woken) resume();
  };
  socket.on("drain", wake);
  socket.on("close", wake);
  return {
    write(head, tail) {
      if (webSocket.readyState === webSocket.OPEN) writer.write(socket, head, tail);
    },
    isFull: () => socket.writableLength > MOST_QUEUED_BYTES,
    drained: () =>
      new Promise((resolve) => {
        if (socket.destroyed || socket.writableLength === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}
