import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { PROGRESS_DOCUMENT } from "./payload.ts";

/**
 * A program of its own: many readers on bare sockets, which cost less than any server they measure. It is told what to open,
 * says when all are live, and counts messages between `begin` and `end`.
 */
export interface ReadersOrder {
  readonly kind: "open";
  readonly port: number;
  readonly count: number;
  readonly speaks: "nothing" | "graphql-transport-ws" | "socket.io";
  /** Dealt out in turn: each reader subscribes to the next `operations` of them. */
  readonly provisionIds: readonly string[];
  /** Subscriptions of each reader. @default 1 */
  readonly operations?: number;
  /** So many more readers stop to read once they have subscribed. @default 0 */
  readonly stalled?: number;
  /** Operation ids: one of its own for each reader, or the same for all. */
  readonly ids: "unique" | "same";
}

export interface ReadersReport {
  readonly messages: number;
  /** Milliseconds from the making of a state to its arrival, of a sample of readers. */
  readonly delaysMs: readonly number[];
}

const SAMPLED = 250;
/** Whatever else is sent is shorter. */
const SHORTEST_STATE = 500;
const HANDSHAKES_AT_ONCE = 50;
const scratch = Buffer.allocUnsafe(256 * 1024);
let messages = 0;
let delaysMs: number[] = [];
const sockets: Socket[] = [];

function mask(text: string): Buffer {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0])
      : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([header, payload]);
}

function open(order: ReadersOrder, index: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const path =
      order.speaks === "socket.io"
        ? "/socket.io/?EIO=4&transport=websocket"
        : order.speaks === "nothing"
          ? "/"
          : "/graphql";
    const protocol = order.speaks === "graphql-transport-ws" ? "Sec-WebSocket-Protocol: graphql-transport-ws\r\n" : "";
    const say = (text: string): void => void socket.write(mask(text));
    const isSampled = index < Math.min(SAMPLED, order.count);
    let isUpgraded = false;
    let rest = Buffer.alloc(0);
    const onText = (text: string): void => {
      if (order.speaks === "graphql-transport-ws") {
        if (text.includes('"connection_ack"')) {
          const { operations = 1, provisionIds } = order;
          for (let operation = 0; operation < operations; operation++) {
            const id = order.ids === "same" ? String(operation + 1) : randomUUID();
            const provisionId = provisionIds[(index * operations + operation) % provisionIds.length];
            const payload = { query: PROGRESS_DOCUMENT, variables: { provisionId } };
            say(JSON.stringify({ id, type: "subscribe", payload }));
          }
          if (index >= order.count) socket.pause();
          return resolve();
        }
        if (text.startsWith('{"type":"ping"')) return say('{"type":"pong"}');
      }
      if (order.speaks === "socket.io") {
        if (text.startsWith("0")) return say("40");
        if (text.startsWith("40")) return resolve();
        if (text === "2") return say("3");
      }
      const madeAt = /"observedAt":"([^"]+)"/.exec(text)?.[1];
      if (madeAt === undefined) return;
      messages++;
      if (isSampled) delaysMs.push(Date.now() - Date.parse(madeAt));
    };
    const socket = connect({
      port: order.port,
      host: "127.0.0.1",
      onread: {
        buffer: scratch,
        callback(bytes) {
          // Copied only where a message is split: reading must cost less than sending.
          const arrived = scratch.subarray(0, bytes);
          let unread = rest.length > 0 ? Buffer.concat([rest, arrived]) : arrived;
          if (!isUpgraded) {
            const end = unread.indexOf("\r\n\r\n");
            if (end < 0) {
              rest = Buffer.from(unread);
              return true;
            }
            if (!unread.toString("latin1", 0, 12).includes("101")) reject(new Error(unread.toString("latin1", 0, 200)));
            isUpgraded = true;
            unread = unread.subarray(end + 4);
            if (order.speaks === "graphql-transport-ws") say('{"type":"connection_init"}');
            if (order.speaks === "nothing") resolve();
          }
          for (;;) {
            const frame = tryReadFrame(unread);
            if (!frame) break;
            const payload = unread.subarray(frame.start, frame.end);
            unread = unread.subarray(frame.end);
            if (frame.opcode === 9) socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
            else if (frame.opcode === 1 && !isSampled && payload.length > SHORTEST_STATE) messages++;
            else if (frame.opcode === 1) onText(payload.toString());
          }
          rest = Buffer.from(unread);
          return true;
        },
      },
    });
    socket.on("error", reject);
    socket.on("connect", () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${order.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${protocol}\r\n`,
      ),
    );
    sockets.push(socket);
  });
}

function tryReadFrame(
  bytes: Buffer,
): { readonly opcode: number; readonly start: number; readonly end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 127;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return undefined;
  return { opcode: (bytes[0] ?? 0) & 15, start, end: start + length };
}

async function openAll(order: ReadersOrder): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < order.count + (order.stalled ?? 0)) await open(order, next++);
  };
  await Promise.all(Array.from({ length: HANDSHAKES_AT_ONCE }, worker));
}

process.once("disconnect", () => process.exit());
process.on("message", (order: ReadersOrder | { readonly kind: "begin" | "end" }) => {
  if (order.kind === "open") {
    openAll(order).then(
      () => process.send?.({ kind: "live" }),
      (error: unknown) => process.send?.({ kind: "failed", reason: String(error) }),
    );
  } else if (order.kind === "begin") {
    messages = 0;
    delaysMs = [];
    process.send?.({ kind: "begun" });
  } else {
    process.send?.({ kind: "report", report: { messages, delaysMs } satisfies ReadersReport });
  }
});
