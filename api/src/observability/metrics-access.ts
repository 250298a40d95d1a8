import { createHash, timingSafeEqual } from "node:crypto";

/** Who may read `/metrics`: anybody, whoever brings the token, nobody. */
export type MetricsAccess = { readonly kind: "open" | "closed" } | { readonly kind: "token"; readonly token: string };

/** Why a request with this `Authorization` may not; undefined when it may. */
export function refuseMetrics(access: MetricsAccess, authorization: string | undefined): string | undefined {
  if (access.kind === "open") return undefined;
  if (access.kind !== "token")
    return "Set SLIPWAY_METRICS_TOKEN to have metrics read from elsewhere than this machine.";
  // Digests are of one length, and how long comparing takes tells nothing of the token.
  const isRight = timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${access.token}`));
  return isRight ? undefined : "Bring 'Authorization: Bearer' and the token of SLIPWAY_METRICS_TOKEN.";
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
