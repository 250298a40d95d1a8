"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import { useAnnounce } from "../../ui/announcer.tsx";
import type { Build } from "./builds/build-documents.ts";
import { buildMilestone, hasEnded } from "./builds/build-words.ts";

/**
 * Announces builds that begin to run or end while the page is open; how things stood when it opened is no news. `isWhole` is false while not all
 * of them are known.
 */
export function useBuildMilestones(builds: readonly Build[], isWhole: boolean): void {
  const announce = useAnnounce();
  const known = useRef<ReadonlyMap<string, Build["status"]>>(undefined);
  const speak = useEffectEvent(() => {
    if (!isWhole) return;
    const before = known.current;
    const now = new Map<string, Build["status"]>();
    const news: string[] = [];
    for (const build of builds) {
      now.set(build.id, build.status);
      const was = before?.get(build.id);
      const isNews =
        before !== undefined && was !== build.status && (hasEnded(build.status) ? was !== undefined : true);
      if (isNews && build.status !== "UNKNOWN" && build.status !== "STARTED") news.push(buildMilestone(build));
    }
    known.current = now;
    if (news.length > 0) announce(news.join(". "));
  });
  useEffect(() => speak(), [builds, isWhole]);
}
