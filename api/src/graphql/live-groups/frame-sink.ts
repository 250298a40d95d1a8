import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { LONGEST_HEADER, type FrameHead, type FrameTail, type FrameWriter } from "./frame-writer.ts";

/** What a reader that takes nothing may cost above its socket's own buffer. A frame that is longer is queued alone. */
const MOST_QUEUED_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * One connection as the groups see it. Not an object with methods: closures of its own for each of thousands of connections are
 * memory that every broadcast has to walk through.
 */
export interface FrameSink {
  readonly webSocket: WebSocket;
  /** What the WebSocket writes to. */
  readonly socket: Duplex;
  readonly writer: FrameWriter;
}

/** No effect once the connection is closing. */
export function writeFrame({ webSocket, socket, writer }: FrameSink, head: FrameHead, tail: FrameTail): void {
  if (webSocket.readyState === WebSocket.OPEN) writer.write(socket, head, tail);
}

/** Nothing is queued: the reader takes what it is sent, or there is none any more, and nobody may wait for it. */
export function isEmpty({ socket }: FrameSink): boolean {
  return socket.writableLength === 0 || !socket.writable;
}

/** False when the reader is so slow that the frame has to wait until the sink is `drained`. */
export function hasRoomFor(sink: FrameSink, head: FrameHead, tail: FrameTail): boolean {
  const frameBytes = LONGEST_HEADER + head.length + tail.length;
  return isEmpty(sink) || sink.socket.writableLength + frameBytes <= MOST_QUEUED_BYTES;
}

/** Resolves when what is queued has been taken, or the connection has ended. */
export function drained(sink: FrameSink): Promise<void> {
  return new Promise((resolve) => {
    if (isEmpty(sink)) resolve();
    // Comes after all that is queued; `drain` is only told of a queue above the high-water mark.
    else sink.socket.write(NOTHING, () => resolve());
  });
}
