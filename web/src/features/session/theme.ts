/** The reader's choice of colours. `system` follows the machine and is stored as no choice at all. */
export type Theme = "system" | "light" | "dark";

export const THEME_COOKIE = "slipway-theme";

const ONE_YEAR_SECONDS = 365 * 24 * 3600;

export function parseTheme(stored: string | undefined): Theme {
  return stored === "light" || stored === "dark" ? stored : "system";
}

/**
 * Shows and remembers a theme. It is kept in a cookie, not in local storage, because the server then sends the right colours with the first
 * byte and nothing flashes.
 */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  const maxAge = theme === "system" ? 0 : ONE_YEAR_SECONDS;
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${maxAge}; samesite=lax`;
}
