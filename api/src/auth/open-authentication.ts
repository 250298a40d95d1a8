import type { Authentication } from "./authentication.ts";
import { LOCAL_VIEWER } from "./viewer.ts";

/** Without sign-in: everybody is the local viewer, for ever. The settings keep it on a loopback address. */
export function createOpenAuthentication(): Authentication {
  return {
    authenticate: async () => ({ viewer: LOCAL_VIEWER, expiresAtMs: undefined }),
    onEnd: () => () => undefined,
  };
}
