/** Where the API is, for this server and for browsers. Read at run time, so that one build serves every place it is put. */
export interface ApiAddress {
  /** GraphQL URL for requests from this server. */
  internalUrl: string;
  /** WebSocket URL for browsers. The host is {@link SAME_HOST} when the API listens on every address, or lets people sign in: then it is the one the page came from. */
  publicWebSocketUrl: string;
  /** Base URL for browsers without trailing slash, with the same rule for the host. */
  publicUrl: string;
}

/** Stands for "the host this page was loaded from" in the public URLs of an {@link ApiAddress}. */
export const SAME_HOST = "same-host.invalid";

const WILDCARD_HOSTS = new Set(["0.0.0.0", "::", "[::]"]);

/** Reads `SLIPWAY_PUBLIC_API_URL`, `SLIPWAY_HOST` and `SLIPWAY_API_PORT`. The launcher has checked them; this only gives them shape. */
export function parseApiAddress(env: Record<string, string | undefined>): ApiAddress {
  const host = env["SLIPWAY_HOST"] || "127.0.0.1";
  const port = env["SLIPWAY_API_PORT"] || "4000";
  const isWildcard = WILDCARD_HOSTS.has(host);
  const internalHost = isWildcard ? (host === "0.0.0.0" ? "127.0.0.1" : "[::1]") : bracketed(host);
  // With sign-in the API has to be seen under the page's own host name, since the session's cookie belongs to that.
  const isSameHost = isWildcard || env["SLIPWAY_AUTH"] === "oidc";
  const publicBase = env["SLIPWAY_PUBLIC_API_URL"] || `http://${isSameHost ? SAME_HOST : bracketed(host)}:${port}`;
  return {
    internalUrl: graphqlUrl(`http://${internalHost}:${port}`),
    publicWebSocketUrl: graphqlUrl(publicBase).replace(/^http/, "ws"),
    publicUrl: graphqlUrl(publicBase).replace(/\/graphql$/, ""),
  };
}

/** The API address of this process. */
export function readApiAddress(): ApiAddress {
  return parseApiAddress(process.env);
}

/** Puts the page's own host in the place of {@link SAME_HOST}. */
export function resolveSameHost(url: string, pageHostname: string): string {
  return url.replace(SAME_HOST, bracketed(pageHostname));
}

function graphqlUrl(base: string): string {
  const trimmed = base.replace(/\/+$/, "");
  return trimmed.endsWith("/graphql") ? trimmed : `${trimmed}/graphql`;
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
