import { readApiAddress, resolveSameHost } from "./api-address.ts";
import { isSignInOn } from "./sign-in.ts";

/** What a page may load and where it may send to; see {@link contentSecurityPolicy}. */
export interface PolicyOptions {
  /** Another one for every answer. */
  nonce: string;
  /** Of the API, as this page's browser reaches it: base URL and WebSocket. */
  apiUrl: string;
  webSocketUrl: string;
  /** The OpenID provider, to whose page signing out leads; undefined without sign-in. */
  issuer: string | undefined;
  isDevelopment: boolean;
}

/**
 * Nothing but what Slipway itself serves, scripts only with this answer's nonce, and no frame anywhere
 * (https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP). Style attributes are allowed, since the server renders widths of
 * bars with them and they can carry no script.
 */
export function contentSecurityPolicy({ nonce, apiUrl, webSocketUrl, issuer, isDevelopment }: PolicyOptions): string {
  const apiOrigin = new URL(apiUrl).origin;
  // A form's redirects count too, and the provider's page is one of them.
  const formTargets = ["'self'", ...(issuer === undefined ? [] : [apiOrigin, new URL(issuer).origin])];
  return [
    "default-src 'none'",
    // React reports errors of development with eval.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${new URL(webSocketUrl).origin}`,
    "manifest-src 'self'",
    `form-action ${formTargets.join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The policy of one answer of this process, for a page under this host name. The launcher has checked the settings. */
export function readContentSecurityPolicy(hostname: string, nonce: string): string {
  const { publicUrl, publicWebSocketUrl } = readApiAddress();
  return contentSecurityPolicy({
    nonce,
    apiUrl: resolveSameHost(publicUrl, hostname),
    webSocketUrl: resolveSameHost(publicWebSocketUrl, hostname),
    issuer: isSignInOn() ? process.env["SLIPWAY_OIDC_ISSUER"] : undefined,
    isDevelopment: process.env.NODE_ENV === "development",
  });
}
