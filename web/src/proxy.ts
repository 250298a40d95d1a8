import type { NextRequest } from "next/server";
import { isHostAllowed, readAllowedHosts } from "./config/allowed-hosts.ts";

/** Runs before every page and asset: without a matcher, Next leaves none out. */
export function proxy(request: NextRequest): Response | undefined {
  if (isHostAllowed(readAllowedHosts(), request.headers.get("host"))) return undefined;
  return new Response("This host name is not one of SLIPWAY_ALLOWED_HOSTS.\n", { status: 421 });
}
