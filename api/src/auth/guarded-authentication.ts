import { NoRoleError, UnauthenticatedError, type Authentication } from "./authentication.ts";
import type { SignInBackOff } from "./sign-in-back-off.ts";
import { NOBODY, type Viewer } from "./viewer.ts";

/** A token that was not taken, or somebody without a role. */
export interface AuthenticationFailure {
  readonly viewer: Viewer;
  readonly address: string;
  readonly error: UnauthenticatedError | NoRoleError;
}

/**
 * Has failures told and counted. A session that has ended is neither: every open page meets that sooner or later, and whoever makes up
 * a cookie guesses at 128 bits.
 */
export function guardAuthentication(
  inner: Authentication,
  deps: { readonly backOff: SignInBackOff; readonly onFailure: (failure: AuthenticationFailure) => void },
): Authentication {
  return {
    async authenticate(credentials) {
      const { authorization, address } = credentials;
      try {
        return await inner.authenticate(credentials);
      } catch (error) {
        if (error instanceof NoRoleError) deps.onFailure({ viewer: error.viewer, address, error });
        if (error instanceof UnauthenticatedError && authorization !== undefined) {
          await deps.backOff.countFailure(address);
          deps.onFailure({ viewer: NOBODY, address, error });
        }
        throw error;
      }
    },
    onEnd: (signedIn, end) => inner.onEnd(signedIn, end),
  };
}
