import type { Authentication } from "./auth/authentication.ts";
import { createIdentityProvider } from "./auth/identity-provider.ts";
import { createOidcAuthentication } from "./auth/oidc-authentication.ts";
import { createOpenAuthentication } from "./auth/open-authentication.ts";
import { createSessionCookie } from "./auth/session-cookie.ts";
import { createSessionStore } from "./auth/session-store.ts";
import { createSessions } from "./auth/sessions.ts";
import { CALLBACK_PATH, createSignInRoutes, type SignInRoutes } from "./auth/sign-in-routes.ts";
import { createSigningKeys } from "./auth/signing-keys.ts";
import { createTokenVerifier } from "./auth/token-verifier.ts";
import type { Config } from "./config/config.ts";
import type { Logger } from "./observability/logger.ts";
import type { Clock } from "./shared/clock.ts";
import type { EntityStore } from "./storage/entity-store.ts";

/** Joins the parts of sign-in, as far as the settings ask for it. */
export function joinAuthentication(options: {
  readonly config: Config;
  readonly store: EntityStore;
  readonly clock: Clock;
  readonly log: Logger;
}): { readonly authentication: Authentication; readonly signIn: SignInRoutes | undefined } {
  const { config, store, clock, log } = options;
  const { auth } = config;
  if (auth.mode === "none") return { authentication: createOpenAuthentication(), signIn: undefined };
  const { issuer, audience, clientId } = auth;
  const { publicUrl: apiUrl } = config.api;
  const { publicUrl: webUrl } = config.web;
  const provider = createIdentityProvider({
    issuer,
    clientId,
    redirectUrl: apiUrl + CALLBACK_PATH,
    signedOutUrl: `${webUrl}/sign-in`,
  });
  const keys = createSigningKeys({ provider, fetch, clock });
  const sessions = createSessions({
    store: createSessionStore(store, clock),
    provider,
    idTokens: createTokenVerifier({ issuer, audience: clientId, kind: "id", keys, clock }),
    clock,
  });
  const cookie = createSessionCookie(apiUrl);
  return {
    authentication: createOidcAuthentication({
      accessTokens: createTokenVerifier({ issuer, audience, kind: "access", keys, clock }),
      sessions,
      sessionCookie: cookie,
      clock,
    }),
    signIn: createSignInRoutes({
      provider,
      sessions,
      cookie,
      webUrl,
      apiUrl,
      onEvent: (event) => {
        if (event.kind === "failed") log.warn({ problem: event.problem, err: event.cause }, "a sign-in failed");
        else log.info({ viewer: event.viewer.id }, event.kind === "signed-in" ? "signed in" : "signed out");
      },
    }),
  };
}
