import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../shared/clock.ts";
import { IdentityProviderUnavailableError } from "./authentication.ts";
import type { IdentityProvider } from "./identity-provider.ts";

/** The provider's public keys. Both throw `IdentityProviderUnavailableError` when they were never fetched and can't be now. */
export interface SigningKeys {
  /** For tokens that anybody may bring: made-up key ids make nobody fetch more than twice a minute. */
  readonly find: JWTVerifyGetKey;
  /** For tokens that come straight from the provider: a key that is not known is a new one, and is fetched at once. */
  readonly findFresh: JWTVerifyGetKey;
}

const FRESH_MS = 10 * 60_000;
const BETWEEN_FETCHES_MS = 30_000;
const ANSWER_WITHIN_MS = 3_000;

/**
 * State: not fetched → fetched, and fetched again after ten minutes or when a token names a key that is not among them, since
 * the provider changes its keys. While it can't be reached, the last ones stand.
 */
export function createSigningKeys(deps: {
  readonly provider: Pick<IdentityProvider, "metadata">;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}): SigningKeys {
  const { provider, clock } = deps;
  let keys: { readonly find: JWTVerifyGetKey; readonly fetchedAtMs: number } | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  async function fetchKeys(): Promise<void> {
    const { jwksUrl } = await provider.metadata();
    const response = await deps.fetch(jwksUrl, {
      headers: { accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (response.status !== 200) throw new Error(`The identity provider answered ${response.status} for its keys.`);
    keys = { find: createLocalJWKSet((await response.json()) as JSONWebKeySet), fetchedAtMs: clock.now() };
  }

  /** Whoever comes while they are being fetched waits for the same answer. */
  async function refresh(): Promise<void> {
    triedAtMs = clock.now();
    running ??= fetchKeys().finally(() => (running = undefined));
    try {
      await running;
    } catch (error) {
      if (!keys) throw new IdentityProviderUnavailableError({ cause: error });
    }
  }

  const mayFetch = (): boolean => running !== undefined || clock.now() - triedAtMs >= BETWEEN_FETCHES_MS;

  function finder(isFetchedAtOnce: boolean): JWTVerifyGetKey {
    return async (header, token) => {
      const isOld = !keys || clock.now() - keys.fetchedAtMs >= FRESH_MS;
      if (isOld && (mayFetch() || !keys)) await refresh();
      if (!keys) throw new IdentityProviderUnavailableError();
      try {
        return await keys.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || !(isFetchedAtOnce || mayFetch())) throw error;
        await refresh();
        return keys.find(header, token);
      }
    };
  }

  return { find: finder(false), findFresh: finder(true) };
}
