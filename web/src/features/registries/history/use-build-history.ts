"use client";

import { useRef, useState } from "react";
import type { CombinedError } from "urql";
import { useLive } from "../../../graphql/live-provider.tsx";
import { useQueryOnConnect, useTopic } from "../../../graphql/use-live.ts";
import { useTime } from "../../../lib/time.tsx";
import { useBurst } from "../../../lib/use-burst.ts";
import type { Build } from "../builds/build-documents.ts";
import { buildHistoryQuery, type HistoryPage, registryBuildUpdatedSubscription } from "./history-documents.ts";
import { type HistoryFilter, queryOf } from "./history-filter.ts";
import { appendPage, BUILDS_PER_PAGE, firstPage, type HistoryList, mergeChanged } from "./history-list.ts";

export interface BuildHistory {
  /** `undefined` while nothing is known. */
  list: HistoryList | undefined;
  error: CombinedError | undefined;
  retry(): void;
  /** Loads the next, older page. */
  loadMore(): Promise<void>;
  isLoading: boolean;
  /** Why the older page did not come. */
  moreError: CombinedError | undefined;
}

/**
 * The builds of a registry that match, live: what the server rendered, then each that starts or changes. A reconnect begins again with the
 * newest page, since builds further down may have ended unseen; what the topic has told since stays.
 */
export function useBuildHistory(
  registryId: string,
  filter: HistoryFilter,
  initial: HistoryPage | undefined,
): BuildHistory {
  const { client, connection } = useLive();
  const { serverClock } = useTime();
  const [list, setList] = useState(() => initial && firstPage(initial));
  const [isLoading, setIsLoading] = useState(false);
  const [moreError, setMoreError] = useState<CombinedError>();
  /** What the topic has told since the last (re)connect: an answer that was on its way meanwhile may not have it. */
  const told = useRef({ epoch: 0, builds: new Map<string, Build>() });
  const variables = { registryId, ...queryOf(filter), first: BUILDS_PER_PAGE };

  const { error, retry } = useQueryOnConnect(buildHistoryQuery, variables, {
    onData: ({ builds }) => {
      const since = told.current.epoch === connection.get().epoch ? [...told.current.builds.values()] : [];
      setList(mergeChanged(firstPage(builds), since, filter));
    },
  });
  const burst = useBurst<Build>((arrived) => setList((before) => before && mergeChanged(before, arrived, filter)));
  useTopic(
    registryBuildUpdatedSubscription,
    { registryId },
    {
      onData: ({ buildUpdated }) => {
        serverClock.observe(buildUpdated.observedAt);
        const { epoch } = connection.get();
        if (told.current.epoch !== epoch) told.current = { epoch, builds: new Map() };
        told.current.builds.set(buildUpdated.id, buildUpdated);
        burst.add(buildUpdated);
      },
    },
  );

  async function loadMore() {
    if (!list || isLoading) return;
    setIsLoading(true);
    setMoreError(undefined);
    const answer = await client.query(buildHistoryQuery, { ...variables, after: list.cursor }).toPromise();
    setIsLoading(false);
    setMoreError(answer.error);
    const page = answer.data?.builds;
    // A reconnect may have begun the list again meanwhile.
    if (page) setList((now) => (now?.cursor === list.cursor ? appendPage(now, page) : now));
  }

  return { list, error, retry, loadMore, isLoading, moreError };
}
