import type { Clock } from "../shared/clock.ts";
import { IdentityProviderUnavailableError, UnauthenticatedError, type SignedIn } from "./authentication.ts";
import type { IdentityProvider, IssuedTokens } from "./identity-provider.ts";
import type { Session, SessionStore, StoredSession } from "./session-store.ts";
import type { TokenVerifier } from "./token-verifier.ts";
import type { Viewer } from "./viewer.ts";

/**
 * Sessions of the web UI. State: begun at sign-in → renewed with the provider whenever somebody uses it near or past its
 * expiry → ended by sign-out, or by the provider that does not renew it. Rights are those of the last ID token, so a role that
 * was taken away is gone with the next renewal.
 */
export interface Sessions {
  /** The cookie that opens it. @throws UnauthenticatedError when the ID token is not good */
  begin(tokens: IssuedTokens): Promise<{ readonly cookie: string; readonly viewer: Viewer }>;
  /** @throws UnauthenticatedError, IdentityProviderUnavailableError */
  resume(cookie: string): Promise<SignedIn>;
  /** What it was; undefined when the cookie opens nothing. */
  end(cookie: string): Promise<Session | undefined>;
  /** Calls `listener` once when the session is signed out in this process. */
  onEnd(sessionId: string, listener: () => void): () => void;
}

/** Renewed by whoever comes in the last tenth of its time, a minute at most, so that hardly anybody meets the end. */
const EARLY_SHARE = 0.1;
const EARLIEST_MS = 60_000;

export function createSessions(deps: {
  readonly store: SessionStore;
  readonly provider: IdentityProvider;
  readonly idTokens: TokenVerifier;
  readonly clock: Clock;
}): Sessions {
  const { store, provider, idTokens, clock } = deps;
  const renewals = new Map<string, Promise<StoredSession>>();
  const listeners = new Map<string, Set<() => void>>();

  async function toSession({ idToken, refreshToken }: IssuedTokens): Promise<Session> {
    const { viewer, expiresAtMs } = await idTokens.verify(idToken);
    return { viewer, issuedAtMs: clock.now(), expiresAtMs, idToken, refreshToken };
  }

  /** Once for all who come at the same time: a refresh token that is used twice may end the session. */
  function renewOnce(cookie: string, opened: StoredSession): Promise<StoredSession> {
    const running = renewals.get(opened.id);
    if (running) return running;
    const renewal = renew(cookie, opened).finally(() => renewals.delete(opened.id));
    renewals.set(opened.id, renewal);
    return renewal;
  }

  async function renew(cookie: string, opened: StoredSession): Promise<StoredSession> {
    try {
      if (opened.session.refreshToken === undefined) throw ended();
      const session = await toSession(await provider.renew(opened.session.refreshToken));
      const isStored = await store.replace(cookie, opened, session);
      return (isStored ? await store.open(cookie) : await replacedBySomebody(cookie)) ?? raise(ended());
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      const theirs = await replacedBySomebody(cookie);
      if (theirs) return theirs;
      await store.delete(opened.id);
      tellEnded(opened.id);
      throw ended(error);
    }
  }

  /** Another process has renewed it meanwhile. */
  async function replacedBySomebody(cookie: string): Promise<StoredSession | undefined> {
    const now = await store.open(cookie);
    return now && now.session.expiresAtMs > clock.now() ? now : undefined;
  }

  function tellEnded(id: string): void {
    for (const listener of listeners.get(id) ?? []) listener();
    listeners.delete(id);
  }

  return {
    async begin(tokens) {
      const session = await toSession(tokens);
      return { cookie: await store.create(session), viewer: session.viewer };
    },
    async resume(cookie) {
      const opened = (await store.open(cookie)) ?? raise(ended());
      const { issuedAtMs, expiresAtMs } = opened.session;
      const earlyMs = Math.min((expiresAtMs - issuedAtMs) * EARLY_SHARE, EARLIEST_MS);
      if (clock.now() < expiresAtMs - earlyMs) return toSignedIn(opened);
      try {
        return toSignedIn(await renewOnce(cookie, opened));
      } catch (error) {
        const isStillGood = clock.now() < expiresAtMs;
        if (error instanceof IdentityProviderUnavailableError && isStillGood) return toSignedIn(opened);
        throw error;
      }
    },
    async end(cookie) {
      const opened = await store.open(cookie);
      if (!opened) return undefined;
      await store.delete(opened.id);
      tellEnded(opened.id);
      return opened.session;
    },
    onEnd(sessionId, listener) {
      const those = listeners.get(sessionId) ?? new Set();
      listeners.set(sessionId, those.add(listener));
      return () => {
        those.delete(listener);
        if (those.size === 0 && listeners.get(sessionId) === those) listeners.delete(sessionId);
      };
    },
  };
}

function toSignedIn({ id, session }: StoredSession): SignedIn {
  return { viewer: session.viewer, expiresAtMs: session.expiresAtMs, sessionId: id };
}

function ended(cause?: unknown): UnauthenticatedError {
  return new UnauthenticatedError("Your session has ended. Sign in again.", { cause });
}

function raise(error: Error): never {
  throw error;
}
