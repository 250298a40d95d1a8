import type { IncomingMessage, ServerResponse } from "node:http";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import { IdentityProviderUnavailableError, UnauthenticatedError } from "./authentication.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import type { SessionCookie } from "./session-cookie.ts";
import type { Sessions } from "./sessions.ts";
import { TooManySignInFailuresError, type SignInBackOff } from "./sign-in-back-off.ts";
import type { Viewer } from "./viewer.ts";

export const SIGN_IN_PATH = "/auth/sign-in";
export const CALLBACK_PATH = "/auth/callback";
export const SIGN_OUT_PATH = "/auth/sign-out";

/** What the web UI's page of sign-in is told in `?problem=`. `unavailable`: the provider or our own store can't be reached. `too-often`: too many have failed from this address. */
export type SignInProblem = "refused" | "expired" | "unavailable" | "too-often";

/** What happened at the door, for the record. */
export type SignInEvent =
  | { readonly kind: "signed-in" | "signed-out"; readonly viewer: Viewer; readonly address: string }
  | { readonly kind: "failed"; readonly problem: SignInProblem; readonly cause: unknown; readonly address: string };

/**
 * The browser's way in and out, all by redirects: `/auth/sign-in?returnTo=/path` → provider → `/auth/callback` → the web UI,
 * and `POST /auth/sign-out` → provider → the web UI's page of sign-in. Whatever goes wrong ends on that page, in plain words.
 */
export interface SignInRoutes {
  /** False when the path is none of these. */
  handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

export function createSignInRoutes(deps: {
  readonly provider: IdentityProvider;
  readonly sessions: Sessions;
  readonly cookie: SessionCookie;
  /** Origins that browsers see. */
  readonly webUrl: string;
  readonly apiUrl: string;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly backOff: SignInBackOff;
  /** Nobody is let in before a sign-in is on record. @throws StoreUnavailableError for a sign-in alone */
  readonly onEvent: (event: SignInEvent) => Promise<void>;
}): SignInRoutes {
  const { provider, sessions, cookie, webUrl, apiUrl, addressOf, backOff, onEvent } = deps;

  async function begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url, attempt } = await provider.begin();
    const returnTo = safeReturnTo(new URL(request.url ?? "", apiUrl).searchParams.get("returnTo"), webUrl);
    redirect(response, url.href, cookie.setPending({ ...attempt, returnTo }));
  }

  async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await backOff.check(addressOf(request));
    const pending = cookie.readPending(request.headers.cookie);
    if (!pending) return toProblem(request, response, "expired", new Error("no sign-in is under way in this browser"));
    const tokens = await provider.complete(new URL(request.url ?? "", apiUrl), pending);
    const begun = await sessions.begin(tokens);
    await onEvent({ kind: "signed-in", viewer: begun.viewer, address: addressOf(request) });
    redirect(response, webUrl + pending.returnTo, cookie.set(begun.cookie), cookie.clearPending());
  }

  async function signOut(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const value = cookie.read(request.headers.cookie);
    const ended = value === undefined ? undefined : await sessions.end(value);
    if (ended) await onEvent({ kind: "signed-out", viewer: ended.viewer, address: addressOf(request) });
    const url = ended && (await provider.endUrl(ended.idToken).catch(() => undefined));
    redirect(response, url?.href ?? `${webUrl}/sign-in`, cookie.clear());
  }

  async function toProblem(
    request: IncomingMessage,
    response: ServerResponse,
    problem: SignInProblem,
    cause: unknown,
  ): Promise<void> {
    const isTheirs = problem === "refused" || problem === "expired";
    const waits = isTheirs
      ? await backOff.countFailure(addressOf(request)).catch((error: unknown) => error)
      : undefined;
    if (waits === undefined) await onEvent({ kind: "failed", problem, cause, address: addressOf(request) });
    redirect(response, `${webUrl}/sign-in?problem=${problem}`, cookie.clearPending());
  }

  return {
    async handle(path, request, response) {
      const route = routeOf(path, request.method);
      if (route === undefined) return false;
      try {
        if (route === "begin") await begin(request, response);
        else if (route === "complete") await complete(request, response);
        else await signOut(request, response);
      } catch (error) {
        if (error instanceof UnauthenticatedError) await toProblem(request, response, "refused", error);
        else if (error instanceof TooManySignInFailuresError) {
          redirect(response, `${webUrl}/sign-in?problem=too-often`, cookie.clearPending());
        } else if (error instanceof IdentityProviderUnavailableError || error instanceof StoreUnavailableError)
          await toProblem(request, response, "unavailable", error);
        else throw error;
      }
      return true;
    },
  };
}

function routeOf(path: string, method: string | undefined): "begin" | "complete" | "sign out" | undefined {
  if (path === SIGN_IN_PATH && method === "GET") return "begin";
  if (path === CALLBACK_PATH && method === "GET") return "complete";
  // A link or a picture must not sign anybody out.
  if (path === SIGN_OUT_PATH && method === "POST") return "sign out";
  return undefined;
}

/** A path of the web UI and nowhere else: what follows `//` or `/\` would be another host. */
function safeReturnTo(asked: string | null, webUrl: string): string {
  const url = asked?.startsWith("/") && URL.canParse(asked, webUrl) ? new URL(asked, webUrl) : undefined;
  return url?.origin === webUrl ? url.pathname + url.search + url.hash : "/";
}

function redirect(response: ServerResponse, location: string, ...cookies: readonly string[]): void {
  response.writeHead(303, { location, "set-cookie": [...cookies], "cache-control": "no-store" });
  response.end();
}
