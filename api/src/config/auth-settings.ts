import type { AuthSettings } from "./config.ts";

interface Settings {
  readonly SLIPWAY_AUTH?: "none" | "oidc";
  readonly SLIPWAY_OIDC_ISSUER?: string;
  readonly SLIPWAY_OIDC_AUDIENCE?: string;
  readonly SLIPWAY_OIDC_CLIENT_ID?: string;
}

interface Surroundings {
  readonly host: string;
  readonly isLoopback: boolean;
  readonly azure: "emulator" | "azure";
  /** Origins that browsers see. */
  readonly webUrl: string;
  readonly apiUrl: string;
}

/** Sign-in is on unless nobody but this machine can reach Slipway and nothing costs money. */
export function readAuth(
  settings: Settings,
  { host, isLoopback, azure, webUrl, apiUrl }: Surroundings,
): AuthSettings | { readonly problems: readonly string[] } {
  const mode = settings.SLIPWAY_AUTH ?? (isLoopback && azure === "emulator" ? "none" : "oidc");
  if (mode === "none") {
    if (isLoopback) return { mode };
    return {
      problems: [
        `SLIPWAY_AUTH "none" is refused on ${host}: whoever reaches it could create and delete clusters; set up sign-in, or listen on SLIPWAY_HOST 127.0.0.1.`,
      ],
    };
  }
  const { SLIPWAY_OIDC_ISSUER: issuer, SLIPWAY_OIDC_AUDIENCE: audience, SLIPWAY_OIDC_CLIENT_ID: clientId } = settings;
  const reason = settings.SLIPWAY_AUTH === "oidc" ? "" : ` (the default on ${host} with SLIPWAY_AZURE ${azure})`;
  const problems = Object.entries({
    SLIPWAY_OIDC_ISSUER: issuer,
    SLIPWAY_OIDC_AUDIENCE: audience,
    SLIPWAY_OIDC_CLIENT_ID: clientId,
  })
    .filter(([, value]) => value === undefined)
    .map(([name]) => `${name} must be set for SLIPWAY_AUTH "oidc"${reason}.`);
  if (problems.length > 0 && settings.SLIPWAY_AUTH === undefined && isLoopback) {
    problems.push('Or set SLIPWAY_AUTH to "none" to go without sign-in on this machine.');
  }
  if (new URL(webUrl).hostname !== new URL(apiUrl).hostname) {
    problems.push(
      "SLIPWAY_PUBLIC_WEB_URL and SLIPWAY_PUBLIC_API_URL must have the same host name with sign-in: the cookie belongs to it; ports may differ.",
    );
  }
  if (issuer === undefined || audience === undefined || clientId === undefined || problems.length > 0) {
    return { problems };
  }
  return { mode, issuer, audience, clientId };
}
