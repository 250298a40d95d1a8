import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { announcePort, everyUpdate } from "../payload.ts";

/** The usual broadcast: one string, sent to each socket by the library. */
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
server.on("listening", () => announcePort((server.address() as AddressInfo).port));
everyUpdate((progress) => {
  const text = JSON.stringify({ id: "1", type: "next", payload: { data: { provisionProgress: progress } } });
  for (const client of server.clients) client.send(text);
});
