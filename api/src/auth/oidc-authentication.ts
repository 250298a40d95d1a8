import type { Clock } from "../shared/clock.ts";
import { NoRoleError, UnauthenticatedError, type Authentication, type SignedIn } from "./authentication.ts";
import type { SessionCookie } from "./session-cookie.ts";
import type { Sessions } from "./sessions.ts";
import type { TokenVerifier } from "./token-verifier.ts";

const BEARER = /^Bearer +([\w.~+/=-]{1,16384})$/i;

/** Access tokens for scripts, the session cookie for the web UI. Whoever has neither, or no role, is not let in. */
export function createOidcAuthentication(deps: {
  readonly accessTokens: TokenVerifier;
  readonly sessions: Sessions;
  readonly sessionCookie: SessionCookie;
  readonly clock: Clock;
}): Authentication {
  const { accessTokens, sessions, sessionCookie, clock } = deps;

  async function identify(authorization: string | undefined, cookies: string | undefined): Promise<SignedIn> {
    if (authorization !== undefined) {
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined) throw new UnauthenticatedError("Authorization must be 'Bearer' and an access token.");
      return accessTokens.verify(token);
    }
    const cookie = sessionCookie.read(cookies);
    if (cookie === undefined) throw new UnauthenticatedError("Sign in, or bring an access token for Slipway.");
    return sessions.resume(cookie);
  }

  return {
    async authenticate({ authorization, cookie }) {
      const signedIn = await identify(authorization, cookie);
      if (signedIn.viewer.roles.length === 0) throw new NoRoleError(signedIn.viewer);
      return signedIn;
    },
    onEnd({ expiresAtMs, sessionId }, end) {
      const releases: (() => void)[] = [];
      const release = (): void => {
        for (const one of releases.splice(0)) one();
      };
      const endOnce = (): void => {
        if (releases.length === 0) return;
        release();
        end();
      };
      if (expiresAtMs !== undefined) releases.push(clock.schedule(expiresAtMs - clock.now(), endOnce));
      if (sessionId !== undefined) releases.push(sessions.onEnd(sessionId, endOnce));
      return release;
    },
  };
}
