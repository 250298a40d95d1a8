import type { IncomingMessage } from "node:http";

export interface RequestGate {
  /** Whether the Host header names this server: a page whose own name was rebound to our address does not. */
  isHostAllowed(request: IncomingMessage): boolean;
  /** Whether the Origin, when there is one, may talk to the API. Scripts send none. */
  isOriginAllowed(request: IncomingMessage): boolean;
}

export const WRONG_HOST = "This host name is not one of SLIPWAY_ALLOWED_HOSTS.";

export function createRequestGate(options: {
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}): RequestGate {
  const hosts = new Set(options.allowedHosts);
  const origins = new Set(options.allowedOrigins);
  return {
    isHostAllowed: (request) => hosts.has((request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase()),
    isOriginAllowed: (request) => request.headers.origin === undefined || origins.has(request.headers.origin),
  };
}

/** Path of a request without its query; empty when what was asked for is no path. */
export function requestPath(request: IncomingMessage): string {
  const url = request.url ?? "/";
  // Not resolved against a base, to which a path that begins with two slashes would be another host.
  return url.startsWith("/") ? new URL(`http://localhost${url}`).pathname : "";
}
