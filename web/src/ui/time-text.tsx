"use client";

import { formatAgo, formatDateTime, formatListTime, formatTimeOfDay } from "../lib/format.ts";
import { useHydrated, useServerNow } from "../lib/time.tsx";

/** A time of day in the reader's zone; the full local time and UTC on hover. */
export function TimeOfDay({ iso }: { iso: string }) {
  const zone = useHydrated() ? undefined : "UTC";
  return (
    <time dateTime={iso} title={fullTime(iso)} className="tabular-nums" suppressHydrationWarning>
      {formatTimeOfDay(iso, zone)}
    </time>
  );
}

/** `5 min ago`, kept up to date: by the second for the first minute. */
export function TimeAgo({ iso }: { iso: string }) {
  const roughNowMs = useServerNow(10_000);
  const isYoung = roughNowMs - Date.parse(iso) < 60_000;
  const exactNowMs = useServerNow(1000, isYoung);
  const nowMs = isYoung ? exactNowMs : roughNowMs;
  const seconds = (nowMs - Date.parse(iso)) / 1000;
  return (
    <time dateTime={iso} title={fullTime(iso)} suppressHydrationWarning>
      {formatAgo(seconds)}
    </time>
  );
}

/** A time in a column of times: without the date when it is today. */
export function ListTime({ iso }: { iso: string }) {
  const zone = useHydrated() ? undefined : "UTC";
  const nowMs = useServerNow(60_000);
  return (
    <time dateTime={iso} title={fullTime(iso)} className="whitespace-nowrap tabular-nums" suppressHydrationWarning>
      {formatListTime(iso, nowMs, zone)}
    </time>
  );
}

/** A date and a time of day in the reader's zone. */
export function DateTime({ iso }: { iso: string }) {
  const zone = useHydrated() ? undefined : "UTC";
  return (
    <time dateTime={iso} title={fullTime(iso)} suppressHydrationWarning>
      {formatDateTime(iso, zone)}
    </time>
  );
}

function fullTime(iso: string): string {
  return `${formatDateTime(iso)} local, ${formatDateTime(iso, "UTC")} UTC`;
}
