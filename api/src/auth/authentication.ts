import { AppError } from "../shared/app-error.ts";
import type { Viewer } from "./viewer.ts";

/** What a request brings to say whose it is: headers over HTTP, and the payload of `connection_init` over a WebSocket. */
export interface Credentials {
  /** `Bearer <access token>`. Beats the cookie. */
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** Where the request came from. */
  readonly address: string;
}

/** Somebody whose credentials were good. */
export interface SignedIn {
  readonly viewer: Viewer;
  /** Milliseconds since the epoch; undefined when it never ends by itself. */
  readonly expiresAtMs: number | undefined;
  /** Of the web UI's cookie, so that its connections end when it signs out. */
  readonly sessionId?: string;
}

/** Decides whose a request is. One per process; the same for POST, server-sent events and WebSocket. */
export interface Authentication {
  /** @throws UnauthenticatedError, NoRoleError, IdentityProviderUnavailableError */
  authenticate(credentials: Credentials): Promise<SignedIn>;
  /** Calls `end` once when it has expired or was signed out, unless it is released before. For what stays open. */
  onEnd(signedIn: SignedIn, end: () => void): () => void;
}

/** The credentials are missing, wrong, or used up. Sign in, or bring a fresh token. */
export class UnauthenticatedError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("UNAUTHENTICATED", message, options);
  }
}

/** Signed in, but with none of Slipway's roles. */
export class NoRoleError extends AppError {
  readonly viewer: Viewer;

  constructor(viewer: Viewer) {
    super(
      "FORBIDDEN",
      `You are signed in as ${viewer.name}, but have none of Slipway's roles. Ask whoever manages them for Slipway.Viewer, Slipway.Operator or Slipway.Admin, and sign in again.`,
    );
    this.viewer = viewer;
  }
}

/** The identity provider can't be asked for what only it knows. Try again later. */
export class IdentityProviderUnavailableError extends AppError {
  constructor(options?: ErrorOptions) {
    super("IDENTITY_PROVIDER_UNAVAILABLE", "The identity provider can't be reached. Try again in a moment.", options);
  }
}
