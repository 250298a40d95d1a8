"use client";

import { formatAgo } from "../../lib/format.ts";
import { useServerNow } from "../../lib/time.tsx";
import type { Progress } from "./provision-documents.ts";

/** When something last changed and when Azure was last asked: together they tell slow from frozen. */
export function Freshness({ progress }: { progress: Progress }) {
  const nowMs = useServerNow(1000);
  const since = (iso: string): string => formatAgo((nowMs - Date.parse(iso)) / 1000);
  return (
    <p className="tabular-nums sm:ml-auto">
      last change {since(progress.changedAt)} · checked {since(progress.observedAt)}
    </p>
  );
}
