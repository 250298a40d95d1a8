"use client";

import { useEffect, useEffectEvent, useState } from "react";
import type { CombinedError } from "urql";
import { useConnection, useLive } from "../../graphql/live-provider.tsx";
import { useTopic } from "../../graphql/use-live.ts";
import { useTime } from "../../lib/time.tsx";
import { useBurst } from "../../lib/use-burst.ts";
import {
  type RegistryHead,
  registryRowIdsQuery,
  type Repository,
  repositoryUpdatedSubscription,
} from "./registry-documents.ts";
import {
  mergeRepositories,
  NO_REPOSITORIES,
  type RepositoryList,
  type RowOrder,
  settle,
  withoutMissing,
} from "./repository-list.ts";
import { useRegistryHead } from "./use-registry-head.ts";

/** A snapshot comes without a pause; after one this long it was whole. */
const QUIET_MS = 400;
const TOP_PX = 40;

export interface LiveRegistry {
  head: RegistryHead | undefined;
  list: RepositoryList;
  change(with_: (list: RepositoryList) => RepositoryList): void;
  error: CombinedError | undefined;
}

/**
 * A registry as it is now: what the server rendered, then its two topics, each of which begins with a snapshot. The rows are settled once the
 * snapshot has come to its end and no first listing runs any more. The server tells for a while of what has gone; after a reconnect, which may
 * come later than that, the page asks what there is.
 */
export function useRegistry(
  registryId: string,
  initialHead: RegistryHead | undefined,
  initialRows: readonly Repository[] | undefined,
  initialOrder: RowOrder,
): LiveRegistry {
  const { clock, serverClock } = useTime();
  const { head, error: headError } = useRegistryHead(registryId, initialHead);
  const [list, setList] = useState(() => {
    const rows = mergeRepositories({ ...NO_REPOSITORIES, sortedBy: initialOrder }, initialRows ?? [], true);
    return initialRows && initialHead?.listingComplete ? settle(rows) : rows;
  });
  const burst = useBurst<Repository>((arrived) => {
    for (const { observedAt } of arrived) serverClock.observe(observedAt);
    setList((before) => mergeRepositories(before, arrived, isScrolledToTop()));
  });

  const rowsError = useTopic(
    repositoryUpdatedSubscription,
    { registryId },
    { onData: ({ acrRepositoryUpdated }) => burst.add(acrRepositoryUpdated) },
  );

  useMissingRows(registryId, list, (before, known) => setList((now) => withoutMissing(now, before, known)));

  const canSettle = head !== undefined && (head.listingComplete || head.problem !== null) && !list.isSettled;
  const { byId } = list;
  useEffect(() => {
    if (!canSettle) return;
    // What waits, for as long as the tab is hidden, belongs to the snapshot too; once it is there, this begins anew.
    return clock.after(QUIET_MS, () => burst.isWaiting() || setList(settle));
  }, [canSettle, clock, byId, burst]);

  return { head, list, change: setList, error: headError ?? rowsError };
}

type Rows = RepositoryList["byId"];

/** After each reconnect: the rows that were there before, and the ids of all that the registry has. */
function useMissingRows(
  registryId: string,
  list: RepositoryList,
  onKnown: (before: Rows, known: ReadonlySet<string>) => void,
): void {
  const { client } = useLive();
  const { epoch } = useConnection();
  const held = useEffectEvent(() => list.byId);
  const deliver = useEffectEvent(onKnown);
  useEffect(() => {
    if (epoch < 2) return;
    const before = held();
    const { unsubscribe } = client.query(registryRowIdsQuery, { id: registryId }).subscribe(({ data }) => {
      if (data?.registry) deliver(before, new Set(data.registry.repositories.map(({ id }) => id)));
    });
    return unsubscribe;
  }, [client, epoch, registryId]);
}

function isScrolledToTop(): boolean {
  return window.scrollY < TOP_PX;
}
