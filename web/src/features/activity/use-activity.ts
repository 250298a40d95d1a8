"use client";

import { useState } from "react";
import type { CombinedError } from "urql";
import { useLive } from "../../graphql/live-provider.tsx";
import { useQueryOnConnect, useTopic } from "../../graphql/use-live.ts";
import { useBurst } from "../../lib/use-burst.ts";
import {
  type ActivityEntry,
  type ActivityPage,
  activityQuery,
  activityRecordedSubscription,
} from "./activity-documents.ts";
import { type ActivityFilter, queryOf } from "./activity-filter.ts";
import { type ActivityList, appendPage, firstPage, prepend, refresh } from "./activity-list.ts";

export interface Activity {
  /** `undefined` while nothing is known. */
  list: ActivityList | undefined;
  error: CombinedError | undefined;
  retry(): void;
  /** Loads the next, older page. */
  loadMore(): Promise<void>;
  isLoading: boolean;
  /** Why the older page did not come. */
  moreError: CombinedError | undefined;
}

/**
 * The activity that matches, live: what the server rendered, then each entry once, from the last one known. A reconnect goes on there, so no entry
 * is missed; the newest page is asked for again all the same, for what has become of the things that were begun.
 */
export function useActivity(filter: ActivityFilter, initial: ActivityPage | undefined, pageSize: number): Activity {
  const { client } = useLive();
  const [list, setList] = useState(() => initial && firstPage(initial));
  const [isLoading, setIsLoading] = useState(false);
  const [moreError, setMoreError] = useState<CombinedError>();
  /** Where the topic begins; the subscription moves on by itself. */
  const [startAfter, setStartAfter] = useState(() => initial?.newestSequence);
  const variables = { ...queryOf(filter), first: pageSize };

  const { error, retry } = useQueryOnConnect(activityQuery, variables, {
    onData: ({ activity }) => {
      setList((before) => refresh(before, activity));
      setStartAfter((before) => before ?? activity.newestSequence);
    },
  });
  const burst = useBurst<ActivityEntry>((arrived) => setList((before) => before && prepend(before, arrived)));
  useTopic(
    activityRecordedSubscription,
    { ...queryOf(filter), afterSequence: startAfter ?? 0 },
    { pause: startAfter === undefined, onData: ({ activityRecorded }) => burst.add(activityRecorded) },
  );

  async function loadMore() {
    if (!list || isLoading) return;
    setIsLoading(true);
    setMoreError(undefined);
    const answer = await client.query(activityQuery, { ...variables, after: list.cursor }).toPromise();
    setIsLoading(false);
    setMoreError(answer.error);
    const page = answer.data?.activity;
    // A reconnect may have begun the list again meanwhile.
    if (page) setList((now) => (now?.cursor === list.cursor ? appendPage(now, page) : now));
  }

  return { list, error, retry, loadMore, isLoading, moreError };
}
