import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { announcePort, everyUpdate } from "../payload.ts";

const http = createServer();
const server = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
http.listen(0, "127.0.0.1", () => announcePort((http.address() as AddressInfo).port));
everyUpdate((progress) => void server.emit("provisionProgress", progress));
