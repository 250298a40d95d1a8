"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import { useAnnounce } from "../../ui/announcer.tsx";
import type { Build } from "./builds/build-documents.ts";
import { buildMilestone, hasEnded } from "./builds/build-words.ts";
import type { RepositoryList } from "./repository-list.ts";

/** Announces builds that begin to run or end while the page is open; how things stood when it opened is no news. */
export function useBuildMilestones(list: RepositoryList): void {
  const announce = useAnnounce();
  const known = useRef<ReadonlyMap<string, Build["status"]>>(undefined);
  const speak = useEffectEvent(() => {
    if (!list.isSettled) return;
    const before = known.current;
    const now = new Map<string, Build["status"]>();
    const news: string[] = [];
    for (const repository of list.byId.values()) {
      for (const build of [...repository.activeBuilds, ...(repository.lastBuild ? [repository.lastBuild] : [])]) {
        now.set(build.id, build.status);
        const was = before?.get(build.id);
        const isNews =
          before !== undefined && was !== build.status && (hasEnded(build.status) ? was !== undefined : true);
        if (isNews && build.status !== "UNKNOWN" && build.status !== "STARTED") news.push(buildMilestone(build));
      }
    }
    known.current = now;
    if (news.length > 0) announce(news.join(". "));
  });
  useEffect(() => speak(), [list]);
}
