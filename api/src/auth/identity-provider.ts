import * as oidc from "openid-client";
import { IdentityProviderUnavailableError, UnauthenticatedError } from "./authentication.ts";

/** What comes of a sign-in or a renewal. None of it leaves the server but sealed. */
export interface IssuedTokens {
  readonly idToken: string;
  /** Without one the session can't be renewed. */
  readonly refreshToken: string | undefined;
}

/** What a browser keeps between leaving for the provider and coming back. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** The OpenID provider, as its published configuration has it: authorization code with PKCE, as a public client. */
export interface IdentityProvider {
  metadata(): Promise<{ readonly jwksUrl: URL }>;
  /** Where the browser is sent to sign in. */
  begin(): Promise<{ readonly url: URL; readonly attempt: SignInAttempt }>;
  /** `url`: what the browser came back to. @throws UnauthenticatedError when it belongs to no attempt or was refused */
  complete(url: URL, attempt: SignInAttempt): Promise<IssuedTokens>;
  /** @throws UnauthenticatedError when the provider does not renew any more */
  renew(refreshToken: string): Promise<IssuedTokens>;
  /** Where the browser ends its session at the provider; undefined when the provider has no such page. */
  endUrl(idToken: string): Promise<URL | undefined>;
}

/** `offline_access` is what lets a session be renewed without the browser's help. */
const SCOPE = "openid profile email offline_access";
const ANSWER_WITHIN_S = 5;

/** Every method throws `IdentityProviderUnavailableError` when the provider does not answer as it should. */
export function createIdentityProvider(options: {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUrl: string;
  readonly signedOutUrl: string;
}): IdentityProvider {
  let discovered: Promise<oidc.Configuration> | undefined;

  /** Asked once it is needed and then kept; a failure is forgotten, so that the next who needs it asks again. */
  function configuration(): Promise<oidc.Configuration> {
    const issuer = new URL(options.issuer);
    // The settings let only a provider on this machine be asked without TLS.
    const execute = issuer.protocol === "http:" ? [oidc.allowInsecureRequests] : [];
    discovered ??= oidc
      .discovery(issuer, options.clientId, undefined, oidc.None(), { execute, timeout: ANSWER_WITHIN_S })
      .catch((error: unknown) => {
        discovered = undefined;
        throw new IdentityProviderUnavailableError({ cause: error });
      });
    return discovered;
  }

  async function ask(work: (config: oidc.Configuration) => Promise<oidc.TokenEndpointResponse>): Promise<IssuedTokens> {
    const config = await configuration();
    try {
      const { id_token: idToken, refresh_token: refreshToken } = await work(config);
      if (idToken === undefined) throw new UnauthenticatedError("The identity provider sent no ID token.");
      return { idToken, refreshToken };
    } catch (error) {
      throw isRefusal(error)
        ? new UnauthenticatedError("The identity provider does not let you in. Sign in again.", { cause: error })
        : new IdentityProviderUnavailableError({ cause: error });
    }
  }

  return {
    async metadata() {
      const { jwks_uri: jwksUrl } = (await configuration()).serverMetadata();
      if (jwksUrl === undefined) throw new IdentityProviderUnavailableError();
      return { jwksUrl: new URL(jwksUrl) };
    },
    async begin() {
      const attempt = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: options.redirectUrl,
        scope: SCOPE,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: "S256",
      });
      return { url, attempt };
    },
    complete: (url, { state, nonce, codeVerifier }) =>
      ask((config) =>
        oidc.authorizationCodeGrant(config, url, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        }),
      ),
    async renew(refreshToken) {
      const issued = await ask((config) => oidc.refreshTokenGrant(config, refreshToken));
      // A provider that does not rotate its refresh tokens sends none.
      return { ...issued, refreshToken: issued.refreshToken ?? refreshToken };
    },
    async endUrl(idToken) {
      const config = await configuration();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return oidc.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: options.signedOutUrl,
      });
    },
  };
}

/** What is wrong with an answer, or with what the browser brought back, and would be wrong again. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  "OAUTH_INVALID_RESPONSE",
  "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
  "OAUTH_JWT_TIMESTAMP_CHECK_FAILED",
]);

/** Whether the provider has answered, and no. Everything else may be different in a moment. */
function isRefusal(error: unknown): boolean {
  if (error instanceof UnauthenticatedError || error instanceof oidc.AuthorizationResponseError) return true;
  if (error instanceof oidc.ResponseBodyError) return error.status < 500 && error.status !== 429;
  return error instanceof oidc.ClientError && REFUSALS.has(error.code);
}
