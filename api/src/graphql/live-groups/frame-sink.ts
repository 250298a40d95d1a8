import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { LONGEST_HEADER, type FrameHead, type FrameTail, type FrameWriter } from "./frame-writer.ts";

/** What a reader that takes nothing may cost above its socket's own buffer. A frame that is longer is queued alone. */
const MOST_QUEUED_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/** One connection as the groups see it. */
export interface FrameSink {
  /** No effect once the connection is closing. */
  write(head: FrameHead, tail: FrameTail): void;
  /** False when the reader is so slow that the frame has to wait until `drained`. */
  hasRoomFor(head: FrameHead, tail: FrameTail): boolean;
  /** Nothing is queued: the reader takes what it is sent, or there is none any more. */
  isEmpty(): boolean;
  /** Resolves when what is queued has been taken, or the connection has ended. */
  drained(): Promise<void>;
}

export function createFrameSink(webSocket: WebSocket, socket: Duplex, writer: FrameWriter): FrameSink {
  // Of a connection that has ended nothing is taken any more, so nobody may wait for it.
  const isEmpty = (): boolean => socket.writableLength === 0 || !socket.writable;
  return {
    write(head, tail) {
      if (webSocket.readyState === WebSocket.OPEN) writer.write(socket, head, tail);
    },
    hasRoomFor(head, tail) {
      const frameBytes = LONGEST_HEADER + head.length + tail.length;
      return isEmpty() || socket.writableLength + frameBytes <= MOST_QUEUED_BYTES;
    },
    isEmpty,
    drained: () =>
      new Promise((resolve) => {
        if (isEmpty()) resolve();
        // Comes after all that is queued; `drain` is only told of a queue above the high-water mark.
        else socket.write(NOTHING, () => resolve());
      }),
  };
}
