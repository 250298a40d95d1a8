/**
 * Host headers that this server answers, so that a page whose own name was rebound to our address can't read ours.
 * Lower case, without port, IPv6 in brackets.
 */
export function parseAllowedHosts(env: Record<string, string | undefined>): ReadonlySet<string> {
  const listed = env["SLIPWAY_ALLOWED_HOSTS"]?.split(",").map(asInHeader);
  const named = listed?.filter((host) => host !== "") ?? [];
  if (named.length > 0) return new Set(named);
  const publicHosts = [env["SLIPWAY_PUBLIC_WEB_URL"], env["SLIPWAY_PUBLIC_API_URL"]]
    .filter((url) => url !== undefined && URL.canParse(url))
    .map((url) => new URL(String(url)).hostname);
  const listening = asInHeader(env["SLIPWAY_HOST"] ?? "");
  return new Set(["localhost", "127.0.0.1", "[::1]", ...publicHosts, ...(listening === "" ? [] : [listening])]);
}

/** The allowed hosts of this process. The launcher has checked them; this only gives them shape. */
export function readAllowedHosts(): ReadonlySet<string> {
  return parseAllowedHosts(process.env);
}

/** Whether a Host header, port and all, names one of `allowed`. A request without one does not. */
export function isHostAllowed(allowed: ReadonlySet<string>, header: string | null): boolean {
  return allowed.has((header ?? "").replace(/:\d+$/, "").toLowerCase());
}

function asInHeader(host: string): string {
  const name = host.trim().toLowerCase();
  return name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
}
