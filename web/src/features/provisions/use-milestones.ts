"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import { useAnnounce } from "../../ui/announcer.tsx";
import type { Progress } from "./provision-documents.ts";
import { isTerminal } from "./provision-state.ts";
import { milestone } from "./provision-words.ts";

/** Announces the start, each step and the result of a provision. One that had ended before the page opened is no news. */
export function useMilestones(clusterName: string | undefined, progress: Progress | undefined): void {
  const announce = useAnnounce();
  const hasSpoken = useRef(false);
  const key = progress ? `${progress.status} ${progress.step}` : undefined;
  const speak = useEffectEvent(() => {
    if (!clusterName || !progress) return;
    if (hasSpoken.current || !isTerminal(progress.status)) announce(milestone(clusterName, progress));
    hasSpoken.current = true;
  });
  useEffect(() => speak(), [key]);
}
