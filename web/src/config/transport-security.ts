const YEAR_S = 365 * 24 * 3_600;

/** `Strict-Transport-Security` of every page, when browsers see Slipway over HTTPS; over HTTP they ignore it (RFC 6797 §7.2). */
export function strictTransportSecurity(publicUrl: string | undefined): string | undefined {
  return publicUrl?.startsWith("https:") ? `max-age=${YEAR_S}` : undefined;
}

/** The same for this process. The launcher has checked the settings. */
export function readStrictTransportSecurity(): string | undefined {
  return strictTransportSecurity(process.env["SLIPWAY_PUBLIC_WEB_URL"]);
}
