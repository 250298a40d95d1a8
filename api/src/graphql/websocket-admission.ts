import { IdentityProviderUnavailableError, type Authentication, type SignedIn } from "../auth/authentication.ts";
import { TooManySignInFailuresError } from "../auth/sign-in-back-off.ts";
import { AppError } from "../shared/app-error.ts";
import { StoreUnavailableError } from "../storage/entity-store.ts";
import type { ConnectionExtra } from "./websocket-connection.ts";

/** Clients of graphql-ws come back after both: later, or with fresh credentials. */
export const TRY_AGAIN_LATER = 1013;
const FORBIDDEN = 4403;
const OVER_SOON = [IdentityProviderUnavailableError, StoreUnavailableError, TooManySignInFailuresError];
/** A close frame holds so much of a reason (RFC 6455 §5.5). */
const LONGEST_REASON_BYTES = 123;

/**
 * Whose the connection is: by the payload of `connection_init`, else by the headers of the upgrade. Whoever is not let in, or
 * not any more, is told so by a close frame: 4403, or 1013 when it can't be found out right now.
 */
export async function admit(
  authentication: Authentication,
  { socket, headers, address }: ConnectionExtra,
  connectionParams: Readonly<Record<string, unknown>> | undefined,
): Promise<SignedIn | undefined> {
  try {
    const authorization = authorizationIn(connectionParams) ?? headers?.authorization;
    const signedIn = await authentication.authenticate({ authorization, cookie: headers?.cookie, address });
    // Gone meanwhile: its `close` was before anybody listened.
    if (socket.readyState !== socket.OPEN) return undefined;
    const release = authentication.onEnd(signedIn, () =>
      socket.close(FORBIDDEN, "The sign-in of this connection has ended. Come back with a fresh one."),
    );
    socket.on("close", release);
    return signedIn;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    socket.close(OVER_SOON.some((kind) => error instanceof kind) ? TRY_AGAIN_LATER : FORBIDDEN, closeReason(error));
    return undefined;
  }
}

/** As clients send it: `{ authorization: "Bearer …" }`, in either spelling. */
function authorizationIn(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const value = connectionParams?.["authorization"] ?? connectionParams?.["Authorization"];
  return typeof value === "string" ? value : undefined;
}

function closeReason({ message }: AppError): string {
  const cut = Buffer.from(message).subarray(0, LONGEST_REASON_BYTES).toString("utf8");
  return cut.replace(/\uFFFD+$/, "");
}
