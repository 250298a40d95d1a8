"use client";

import { useEffect, useEffectEvent } from "react";
import { useAnnounce } from "../../../ui/announcer.tsx";
import { CheckState } from "./check-state.tsx";
import { type CheckRow, verdictText, worstState } from "./preflight-rows.ts";

export const PREFLIGHT_ID = "preflight";

/** What all checks come to, beside the button that they are about; spoken whenever it comes to something else. */
export function PreflightVerdict({ rows }: { rows: readonly CheckRow[] }) {
  const announce = useAnnounce();
  const verdict = verdictText(rows);
  const speak = useEffectEvent((text: string) => announce(`Preflight: ${text}`));
  useEffect(() => {
    if (verdict !== undefined) speak(verdict);
  }, [verdict]);
  return (
    <div className="grid gap-1 border-t border-line pt-3 text-[13px]">
      <p className="flex flex-wrap items-center gap-x-2">
        <CheckState state={worstState(rows)} />
        <a href={`#${PREFLIGHT_ID}`} className="link ml-auto inline-flex min-h-6 items-center">
          See the checks
        </a>
      </p>
      <p className="text-text-2">{verdict ?? "Azure is asked what stands in the way."}</p>
    </div>
  );
}
