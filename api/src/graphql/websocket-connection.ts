import type { IncomingHttpHeaders } from "node:http";
import type { Server } from "graphql-ws";
import type { RawData, WebSocket } from "ws";
import type { SignedIn } from "../auth/authentication.ts";
import { inOrderOfIds } from "./message-order.ts";

/** What graphql-ws knows of the connection that an operation came over. */
export interface ConnectionExtra {
  readonly socket: WebSocket;
  /** What the upgrade said of who asks; forgotten once that is settled. */
  headers?: Pick<IncomingHttpHeaders, "authorization" | "cookie"> | undefined;
  /** Where it comes from. */
  readonly address: string;
  /** From the acknowledged `connection_init` on. */
  signedIn?: SignedIn;
}

/** RFC 6455 §7.4.1: a kind of data that is not taken. Clients don't try again. */
const UNSUPPORTED_DATA = 1003;
const INTERNAL_ERROR = 4500;
/** Clients of graphql-ws don't try again. */
const TOO_MANY_REQUESTS = 4429;

/**
 * Has a socket speak graphql-transport-ws. Its messages are JSON texts, so a binary frame ends the connection before anything
 * in it is done. An error of a handler is a defect: it is told to `onDefect`, and the client learns nothing of it.
 */
export function connectWebSocket(
  server: Server<ConnectionExtra>,
  extra: ConnectionExtra,
  onDefect: (error: unknown) => void,
  /** Called for each message; why no more are taken, once they come too fast. */
  refuseMessage: () => string | undefined,
): void {
  const { socket } = extra;
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (text) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) return resolve();
          socket.send(text, (error) => (error ? reject(error) : resolve()));
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage(handleMessage) {
        const handle = inOrderOfIds(handleMessage);
        socket.on("message", (data: RawData, isBinary: boolean) => {
          if (socket.readyState !== socket.OPEN) return;
          const refusal = refuseMessage();
          if (refusal !== undefined) return socket.close(TOO_MANY_REQUESTS, refusal);
          if (isBinary) return socket.close(UNSUPPORTED_DATA, "Messages are text");
          // oxlint-disable-next-line typescript/no-base-to-string -- `binaryType` is the default, a Buffer
          handle(String(data)).catch((error: unknown) => {
            // Writing to a socket that has just gone is nobody's mistake.
            if (socket.readyState !== socket.OPEN) return;
            onDefect(error);
            socket.close(INTERNAL_ERROR, "Internal server error");
          });
        });
      },
    },
    extra,
  );
  // `ws` closes the connection itself, with the code that fits; unheard, the error would end the process.
  socket.on("error", () => undefined);
  socket.on("close", (code: number, reason: Buffer) => {
    void Promise.resolve(closed(code, reason.toString())).catch(onDefect);
  });
}
