import type { AddressInfo, Socket } from "node:net";
import { WebSocketServer } from "ws";
import { announcePort, everyUpdate } from "../payload.ts";

/** The floor in Node: one ready frame for all sockets, written past the library. */
const sockets = new Set<Socket>();
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
server.on("listening", () => announcePort((server.address() as AddressInfo).port));
server.on("connection", (client, request) => {
  sockets.add(request.socket);
  client.on("close", () => sockets.delete(request.socket));
});
everyUpdate((progress) => {
  const text = Buffer.from(
    JSON.stringify({ id: "1", type: "next", payload: { data: { provisionProgress: progress } } }),
  );
  const frame = Buffer.concat([Buffer.from([0x81, 126, text.length >> 8, text.length & 255]), text]);
  for (const socket of sockets) socket.write(frame);
});
