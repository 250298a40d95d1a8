import type { MetricsAccess } from "../config/config.ts";
import { createBearerSecret } from "../shared/bearer-secret.ts";

/** Tells why a request with this `Authorization` may not read `/metrics`; undefined when it may. */
export function createMetricsGuard(access: MetricsAccess): (authorization: string | undefined) => string | undefined {
  switch (access.kind) {
    case "open":
      return () => undefined;
    case "closed":
      return () => "Set SLIPWAY_METRICS_TOKEN to have metrics read from elsewhere than this machine.";
    case "token": {
      const bringsToken = createBearerSecret(access.token);
      return (authorization) =>
        bringsToken(authorization)
          ? undefined
          : "Bring 'Authorization: Bearer' and the token of SLIPWAY_METRICS_TOKEN.";
    }
  }
}
