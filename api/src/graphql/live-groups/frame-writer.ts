import type { Duplex } from "node:stream";

/** An ordinary state fits; a socket that has queued the frame keeps all of it. */
const SCRATCH_BYTES = 4 * 1024;
/** Bytes of a frame before its payload, at most. */
export const LONGEST_HEADER = 10;
const FINAL_TEXT_FRAME = 0x81;

/** What all members of a group are sent alike: the end of a `next` message, from its payload on. */
export type FrameTail = Buffer;

/** What belongs to one subscription: the beginning of its `next` messages, up to the payload. */
export type FrameHead = Buffer;

/** Our own web client numbers its operations, so that most heads are one of these. */
const SHORT_IDS = 1_000;
const headsOfNumbers = Array.from({ length: SHORT_IDS }, (_none, id) => makeHead(String(id)));

export function toFrameHead(operationId: string): FrameHead {
  const head = headsOfNumbers[Number(operationId)];
  return head && String(Number(operationId)) === operationId ? head : makeHead(operationId);
}

function makeHead(operationId: string): FrameHead {
  return Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
}

export function toFrameTail(payload: object): FrameTail {
  return Buffer.from(`${JSON.stringify(payload)}}`);
}

export interface FrameWriter {
  /** Writes one unmasked text frame (RFC 6455 §5.2) past the WebSocket library, whole, between two of its own. */
  write(socket: Duplex, head: FrameHead, tail: FrameTail): void;
}

/**
 * Writes the same tail to many sockets at the cost of copying their heads. State: one scratch frame, laid out for the last tail,
 * with the last head in it. A socket that took all of it at once has given it back; one that has queued it owns it, and the
 * next frame is laid out in a new one. What is queued behind another frame is a copy, so that a queue holds no more than it says.
 */
export function createFrameWriter(): FrameWriter {
  let scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  let frame = scratch.subarray(0, 0);
  let headAt = 0;
  let laidOut: { readonly tail: FrameTail; head: FrameHead } | undefined;

  function layOut(head: FrameHead, tail: FrameTail): void {
    const length = head.length + tail.length;
    if (scratch.length < LONGEST_HEADER + length)
      scratch = Buffer.allocUnsafeSlow(Math.max(SCRATCH_BYTES, LONGEST_HEADER + length));
    headAt = writeHeader(scratch, length);
    scratch.set(head, headAt);
    scratch.set(tail, headAt + head.length);
    frame = scratch.subarray(0, headAt + length);
    laidOut = { tail, head };
  }

  return {
    write(socket, head, tail) {
      if (laidOut?.tail !== tail || laidOut.head.length !== head.length) layOut(head, tail);
      else if (laidOut.head !== head) {
        frame.set(head, headAt);
        laidOut.head = head;
      }
      if (socket.writableLength > 0) return void socket.write(Buffer.from(frame));
      socket.write(frame);
      if (socket.writableLength === 0) return;
      scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
      laidOut = undefined;
    },
  };
}

/** @returns where the payload begins. */
function writeHeader(frame: Buffer, length: number): number {
  frame[0] = FINAL_TEXT_FRAME;
  if (length < 126) {
    frame[1] = length;
    return 2;
  }
  if (length < 65_536) {
    frame[1] = 126;
    return frame.writeUInt16BE(length, 2);
  }
  frame[1] = 127;
  return frame.writeBigUInt64BE(BigInt(length), 2);
}
