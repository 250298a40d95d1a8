import { errors, jwtVerify, type JWTPayload } from "jose";
import type { Clock } from "../shared/clock.ts";
import { IdentityProviderUnavailableError, UnauthenticatedError } from "./authentication.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { ROLES, type Viewer } from "./viewer.ts";

/** Who a token speaks of. */
export interface TokenSubject {
  readonly viewer: Viewer;
  readonly expiresAtMs: number;
}

export interface TokenVerifier {
  /** @throws UnauthenticatedError, IdentityProviderUnavailableError */
  verify(token: string): Promise<TokenSubject>;
}

const CLOCK_TOLERANCE_S = 5;
/** Signed with a key that only the provider has; `none` and shared secrets prove nothing. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const LONGEST_NAME = 200;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Takes tokens of one issuer for one audience. `kind`: an access token is what a script brings; an ID token is what the
 * provider tells us of somebody who signed in, and lets nobody in by itself
 * (https://learn.microsoft.com/entra/identity-platform/claims-validation).
 */
export function createTokenVerifier(options: {
  readonly issuer: string;
  readonly audience: string;
  readonly kind: "access" | "id";
  readonly keys: SigningKeys;
  readonly clock: Clock;
}): TokenVerifier {
  const { issuer, audience, kind, keys, clock } = options;
  const tenant = tenantOf(issuer);
  return {
    async verify(token) {
      const payload = await verifySignature(token);
      if (kind === "access" && isIdToken(payload)) {
        throw new UnauthenticatedError("This is an ID token. Bring an access token for Slipway.");
      }
      if (tenant !== undefined && payload["tid"] !== tenant) throw refused();
      return { viewer: viewerOf(payload), expiresAtMs: Number(payload.exp) * 1000 };
    },
  };

  async function verifySignature(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, kind === "id" ? keys.findFresh : keys.find, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ["exp", "iat", "sub"],
        currentDate: new Date(clock.now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof IdentityProviderUnavailableError) throw error;
      if (error instanceof errors.JWTExpired) {
        throw new UnauthenticatedError("The token has expired. Sign in again, or bring a fresh one.", { cause: error });
      }
      throw refused(error);
    }
  }
}

/** Says nothing of what exactly was wrong: that would help whoever forges one. */
function refused(cause?: unknown): UnauthenticatedError {
  return new UnauthenticatedError("The token is not one that Slipway takes.", { cause });
}

/** Entra ID names the tenant in the issuer, and in `tid` of each of its tokens. */
function tenantOf(issuer: string): string | undefined {
  return new URL(issuer).pathname.split("/").find((part) => GUID.test(part));
}

/** What only ID tokens carry (OpenID Connect Core §2, §3.1.3.6). */
function isIdToken(payload: JWTPayload): boolean {
  return "nonce" in payload || "at_hash" in payload || "c_hash" in payload;
}

function viewerOf(payload: JWTPayload): Viewer {
  const text = (claim: string): string | undefined => {
    const value = payload[claim];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [tenant, object] = [text("tid"), text("oid")];
  const listed: readonly unknown[] = Array.isArray(payload["roles"]) ? payload["roles"] : [];
  const name = text("name") ?? text("preferred_username") ?? text("azp") ?? text("client_id") ?? String(payload.sub);
  return {
    // Entra's `sub` differs from one client to the next; these two together are the person.
    id: tenant && object ? `${tenant}/${object}` : String(payload.sub),
    // oxlint-disable-next-line no-control-regex -- those are what a name must not carry into a log or a page
    name: name.replaceAll(/[\u0000-\u001f\u007f]/g, " ").slice(0, LONGEST_NAME),
    roles: ROLES.filter((role) => listed.includes(role)),
  };
}
