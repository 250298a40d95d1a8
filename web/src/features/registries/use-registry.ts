"use client";

import { useEffect, useState } from "react";
import type { CombinedError } from "urql";
import { useTopic } from "../../graphql/use-live.ts";
import { createBurst } from "../../lib/burst.ts";
import { useTime } from "../../lib/time.tsx";
import { type RegistryHead, type Repository, repositoryUpdatedSubscription } from "./registry-documents.ts";
import { mergeRepositories, NO_REPOSITORIES, type RepositoryList, type RowOrder, settle } from "./repository-list.ts";
import { useRegistryHead } from "./use-registry-head.ts";

const BATCH_MS = 100;
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
 * snapshot has come to its end and no first listing runs any more.
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
  const [burst] = useState(() =>
    createBurst<Repository>(clock, BATCH_MS, (arrived) => {
      for (const { observedAt } of arrived) serverClock.observe(observedAt);
      setList((before) => mergeRepositories(before, arrived, isScrolledToTop()));
    }),
  );
  useEffect(() => burst.stop, [burst]);

  const rowsError = useTopic(
    repositoryUpdatedSubscription,
    { registryId },
    { onData: ({ acrRepositoryUpdated }) => burst.add(acrRepositoryUpdated) },
  );

  const canSettle = head !== undefined && (head.listingComplete || head.problem !== null) && !list.isSettled;
  const { byId } = list;
  useEffect(() => (canSettle ? clock.after(QUIET_MS, () => setList(settle)) : undefined), [canSettle, clock, byId]);

  return { head, list, change: setList, error: headError ?? rowsError };
}

function isScrolledToTop(): boolean {
  return window.scrollY < TOP_PX;
}
