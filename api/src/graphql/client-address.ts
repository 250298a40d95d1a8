import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * Where a request comes from. `proxies`: how many of ours stand before Slipway; each adds whom it was asked by to the end of
 * `X-Forwarded-For`, and what stands before that may be anybody's invention. 0: the other end of the connection, whatever is
 * said.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const direct = (request.socket.remoteAddress ?? "unknown").replace(/^::ffff:(?=\d+\.)/, "");
  if (proxies === 0) return direct;
  const header = request.headers["x-forwarded-for"];
  const told = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",").map((one) => one.trim());
  const client = told.at(-proxies) ?? "";
  return isIP(client) === 0 ? direct : client;
}
