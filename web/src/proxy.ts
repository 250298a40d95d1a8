import { type NextRequest, NextResponse } from "next/server";
import { isHostAllowed, readAllowedHosts } from "./config/allowed-hosts.ts";
import { readContentSecurityPolicy } from "./config/content-security-policy.ts";
import { readStrictTransportSecurity } from "./config/transport-security.ts";

/** Runs before every page and asset: without a matcher, Next leaves none out. */
export function proxy(request: NextRequest): Response {
  const host = request.headers.get("host");
  if (!isHostAllowed(readAllowedHosts(), host)) {
    return new Response("This host name is not one of SLIPWAY_ALLOWED_HOSTS.\n", { status: 421 });
  }
  const policy = readContentSecurityPolicy(new URL(`http://${host}`).hostname, crypto.randomUUID());
  // Next takes the nonce for its own scripts from the request.
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  const transport = readStrictTransportSecurity();
  if (transport !== undefined) response.headers.set("strict-transport-security", transport);
  return response;
}
