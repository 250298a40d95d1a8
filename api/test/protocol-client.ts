import type { Socket } from "node:net";
import { WebSocket, type ClientOptions } from "ws";

export interface ProtocolMessage {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** One connection without a protocol library: it says what a test wants said, in any order. */
export interface ProtocolClient {
  readonly socket: WebSocket;
  /** All messages that came, oldest first. */
  readonly messages: readonly ProtocolMessage[];
  send(message: object): void;
  sendText(text: string): void;
  /** Resolves with the first message, also an earlier one, that fits; rejects when the connection ends first. */
  until(fits: (message: ProtocolMessage) => boolean): Promise<ProtocolMessage>;
  /** `connection_init`, and its acknowledgement. */
  init(payload?: object): Promise<void>;
  subscribe(id: string, query: string, variables?: object): void;
  /** Sends messages in one write, so that the server reads them together. */
  sendTogether(...messages: readonly object[]): void;
  /** Says ping and waits for the pong: whatever was sent before has been received by then. */
  roundTrip(): Promise<void>;
  readonly closed: Promise<Closing>;
}

const PROTOCOL = "graphql-transport-ws";

/** Resolves when the connection is open. @throws what the server answered the upgrade with, as `Unexpected server response: 403`. */
export async function connectProtocol(
  url: string,
  options: { readonly protocols?: readonly string[]; readonly socket?: ClientOptions } = {},
): Promise<ProtocolClient> {
  const socket = new WebSocket(
    `${url.replace("http", "ws")}/graphql`,
    [...(options.protocols ?? [PROTOCOL])],
    options.socket,
  );
  const messages: ProtocolMessage[] = [];
  let watchers: (() => void)[] = [];
  const tell = (): void => {
    const told = watchers;
    watchers = [];
    for (const look of told) look();
  };
  socket.on("message", (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as ProtocolMessage);
    tell();
  });
  let closing: Closing | undefined;
  const closed = new Promise<Closing>((resolve) => {
    socket.once("close", (code, reason: Buffer) => {
      closing = { code, reason: reason.toString() };
      resolve(closing);
      tell();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => undefined);
  const sendText = (text: string): void => socket.send(text);
  const send = (message: object): void => sendText(JSON.stringify(message));

  async function until(fits: (message: ProtocolMessage) => boolean): Promise<ProtocolMessage> {
    for (;;) {
      const found = messages.find(fits);
      if (found) return found;
      if (closing) throw new Error(`The connection was closed with ${closing.code} ${closing.reason}.`);
      await new Promise<void>((resolve) => watchers.push(resolve));
    }
  }
  let pings = 0;
  return {
    socket,
    messages,
    send,
    sendText,
    until,
    closed,
    async init(payload) {
      send({ type: "connection_init", ...(payload && { payload }) });
      await until(({ type }) => type === "connection_ack");
    },
    subscribe: (id, query, variables) =>
      send({ id, type: "subscribe", payload: { query, ...(variables && { variables }) } }),
    sendTogether(...together) {
      // `ws` keeps the stream to itself; only the wire tells that messages came together.
      const { _socket: stream } = socket as unknown as { readonly _socket: Socket };
      stream.cork();
      for (const message of together) send(message);
      stream.uncork();
    },
    async roundTrip() {
      const ping = ++pings;
      send({ type: "ping", payload: { ping } });
      await until(({ type, payload }) => type === "pong" && (payload as { ping?: number } | undefined)?.ping === ping);
    },
  };
}
