/** `8s`, `4m 12s`, `1h 02m`. Negative values count as zero. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${whole % 60}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}

/** The same in words, for screen readers, which read `1m` as one metre. */
export function spellDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const parts = [
    plural(hours, "hour"),
    plural(minutes, "minute"),
    hours > 0 ? "" : plural(whole % 60, "second"),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" ") : "0 seconds";
}

function plural(count: number, noun: string): string {
  if (count === 0) return "";
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `6–9 min`, `36–54 s`; one value when both ends round to the same. */
export function formatRange(lowSeconds: number, highSeconds: number): string {
  const [unit, divisor] = highSeconds < 120 ? ["s", 1] : ["min", 60];
  const low = Math.max(1, Math.round(lowSeconds / divisor));
  const high = Math.max(low, Math.round(highSeconds / divisor));
  return low === high ? `${low} ${unit}` : `${low}–${high} ${unit}`;
}

/** `just now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function formatAgo(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 2) return "just now";
  if (whole < 60) return `${whole} s ago`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ago`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ago`;
  const days = Math.floor(whole / 86_400);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/** Making a formatter takes a hundred times as long as using one, and long tables use them thousands of times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatTime(timeMs: number, options: Intl.DateTimeFormatOptions, zone: "UTC" | undefined): string {
  const key = `${zone} ${Object.entries(options).join()}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-GB", { ...options, ...(zone ? { timeZone: zone } : {}) });
    formatters.set(key, formatter);
  }
  return Number.isNaN(timeMs) ? "Invalid Date" : formatter.format(timeMs);
}

/** `10:31:06` in the browser's time zone, or in UTC before the browser's zone is known. */
export function formatTimeOfDay(iso: string | number, zone?: "UTC"): string {
  return formatTime(new Date(iso).getTime(), { hour: "2-digit", minute: "2-digit", second: "2-digit" }, zone);
}

/** `10:42`. */
export function formatHourMinute(timeMs: number): string {
  return formatTime(timeMs, { hour: "2-digit", minute: "2-digit" }, undefined);
}

/** `10:31:06` on the day of `nowMs`, `21 Nov, 10:31` in its year, else `21 Nov 2025`: as much as tells it from others in a list. */
export function formatListTime(iso: string, nowMs: number, zone?: "UTC"): string {
  const timeMs = Date.parse(iso);
  const day = (ms: number) => formatTime(ms, { dateStyle: "short" }, zone);
  if (day(timeMs) === day(nowMs)) return formatTimeOfDay(iso, zone);
  const year = (ms: number) => formatTime(ms, { year: "numeric" }, zone);
  return year(timeMs) === year(nowMs)
    ? formatTime(timeMs, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }, zone)
    : formatTime(timeMs, { day: "numeric", month: "short", year: "numeric" }, zone);
}

/** `21 Nov 2026, 10:31:06`. */
export function formatDateTime(iso: string | number, zone?: "UTC"): string {
  return formatTime(new Date(iso).getTime(), { dateStyle: "medium", timeStyle: "medium" }, zone);
}

/** `rg-blast` stays, long ids become `7f53ab1c…90e6`. */
export function shortenId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}
