import type { IncomingMessage } from "node:http";
import { SLIPWAY_TARGET } from "./activity/activity-refusals.ts";
import type { ActivityService } from "./activity/activity-service.ts";
import type { Authentication } from "./auth/authentication.ts";
import { guardAuthentication } from "./auth/guarded-authentication.ts";
import { createIdentityProvider } from "./auth/identity-provider.ts";
import { createOidcAuthentication } from "./auth/oidc-authentication.ts";
import { createOpenAuthentication } from "./auth/open-authentication.ts";
import { createSessionCookie } from "./auth/session-cookie.ts";
import { createSessionStore } from "./auth/session-store.ts";
import { createSessions } from "./auth/sessions.ts";
import { createSignInBackOff } from "./auth/sign-in-back-off.ts";
import { CALLBACK_PATH, createSignInRoutes, type SignInEvent, type SignInRoutes } from "./auth/sign-in-routes.ts";
import { createSigningKeys } from "./auth/signing-keys.ts";
import { createTokenVerifier } from "./auth/token-verifier.ts";
import { NOBODY } from "./auth/viewer.ts";
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
  readonly activity: ActivityService;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly onRefusal: (code: string) => void;
}): { readonly authentication: Authentication; readonly signIn: SignInRoutes | undefined } {
  const { config, store, clock, log, activity, addressOf } = options;
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
  const backOff = createSignInBackOff(config.signInFailuresPerMinute, options.onRefusal);

  async function record(event: SignInEvent): Promise<void> {
    if (event.kind === "failed") {
      log.warn({ problem: event.problem, err: event.cause }, "a sign-in failed");
      const code = event.problem === "unavailable" ? "UNAVAILABLE" : "UNAUTHENTICATED";
      const message = event.cause instanceof Error ? event.cause.message : "";
      activity.refused({ viewer: NOBODY, address: event.address, action: "SIGN_IN", code, message });
      return;
    }
    const { kind, viewer, address } = event;
    log.info({ viewer: viewer.id }, kind === "signed-in" ? "signed in" : "signed out");
    const recorded = activity
      .begin(viewer, kind === "signed-in" ? "SIGN_IN" : "SIGN_OUT", SLIPWAY_TARGET, address)
      .then((open) => open.end({ outcome: "ACCEPTED", started: [] }));
    if (kind === "signed-in") return recorded;
    // Whoever leaves is not kept by a store that is away.
    await recorded.catch((error: unknown) => log.warn({ err: error }, "a sign-out could not be recorded"));
  }

  const oidc = createOidcAuthentication({
    accessTokens: createTokenVerifier({ issuer, audience, kind: "access", keys, clock }),
    sessions,
    sessionCookie: cookie,
    clock,
  });
  return {
    authentication: guardAuthentication(oidc, {
      backOff,
      onFailure: ({ viewer, address, error }) =>
        activity.refused({ viewer, address, action: "SIGN_IN", code: error.code, message: error.message }),
    }),
    signIn: createSignInRoutes({
      provider,
      sessions,
      cookie,
      webUrl,
      apiUrl,
      addressOf,
      backOff,
      onEvent: record,
    }),
  };
}
