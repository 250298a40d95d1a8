import { parseCookie, stringifySetCookie } from "cookie";
import type { SignInAttempt } from "./identity-provider.ts";

/** What a sign-in that is under way has to remember, until the browser is back. */
export interface PendingSignIn extends SignInAttempt {
  /** Path of the web UI. */
  readonly returnTo: string;
}

/**
 * The two cookies, which no script can read and no other site makes a browser send along with more than a link. Over
 * HTTPS they belong to this very host (`__Host-`, RFC 6265bis §4.1.3.2).
 */
export interface SessionCookie {
  /** Name under which the session stands, for whoever passes it on. */
  readonly name: string;
  read(cookies: string | undefined): string | undefined;
  set(value: string): string;
  clear(): string;
  readPending(cookies: string | undefined): PendingSignIn | undefined;
  setPending(pending: PendingSignIn): string;
  clearPending(): string;
}

const PENDING_S = 10 * 60;
/** The longest that browsers keep a cookie; the session itself may end before. */
const LONGEST_S = 400 * 24 * 3_600;

export function createSessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith("https:");
  const prefix = secure ? "__Host-" : "";
  const name = `${prefix}slipway-session`;
  const pendingName = `${prefix}slipway-sign-in`;
  // Strict would leave it out of the very navigation that comes back from the provider.
  const attributes = { httpOnly: true, secure, sameSite: "lax", path: "/" } as const;
  const text = (of: string, value: string, maxAge: number): string =>
    stringifySetCookie({ name: of, value, maxAge, ...attributes });
  return {
    name,
    read: (cookies) => parseCookie(cookies ?? "")[name],
    set: (value) => text(name, value, LONGEST_S),
    clear: () => text(name, "", 0),
    readPending(cookies) {
      const value = parseCookie(cookies ?? "")[pendingName];
      return value === undefined ? undefined : decode(value);
    },
    setPending: (pending) => text(pendingName, Buffer.from(JSON.stringify(pending)).toString("base64url"), PENDING_S),
    clearPending: () => text(pendingName, "", 0),
  };
}

function decode(value: string): PendingSignIn | undefined {
  try {
    const { state, nonce, codeVerifier, returnTo } = JSON.parse(
      Buffer.from(value, "base64url").toString("utf8"),
    ) as Partial<Record<keyof PendingSignIn, unknown>>;
    return typeof state === "string" &&
      typeof nonce === "string" &&
      typeof codeVerifier === "string" &&
      typeof returnTo === "string"
      ? { state, nonce, codeVerifier, returnTo }
      : undefined;
  } catch {
    return undefined;
  }
}
