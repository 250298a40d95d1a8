"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import type { CombinedError } from "urql";
import { useQueryOnConnect, useTopic } from "../../graphql/use-live.ts";
import { useTime } from "../../lib/time.tsx";
import {
  attentionQuery,
  provisionListQuery,
  type ProvisionSummary,
  provisionUpdatedSubscription,
} from "./provision-documents.ts";
import { mergeSummaries } from "./provision-state.ts";

/** How many provisions the dashboard knows, newest first. */
export const LISTED_PROVISIONS = 20;

interface ProvisionList {
  provisions: readonly ProvisionSummary[];
  /** False while only what topics brought is known: no provision known is then not the same as none. */
  isWhole: boolean;
  error: CombinedError | undefined;
}

const ProvisionListContext = createContext<ProvisionList>({ provisions: [], isWhole: false, error: undefined });

/** Keeps the list of provisions live for everything below it, by one subscription. */
export function ProvisionListProvider({
  initial,
  children,
}: {
  initial: readonly ProvisionSummary[] | undefined;
  children: ReactNode;
}) {
  const { serverClock } = useTime();
  const [provisions, setProvisions] = useState<readonly ProvisionSummary[]>(initial ?? []);
  const [isWhole, setIsWhole] = useState(initial !== undefined);

  function take(arrived: readonly ProvisionSummary[]) {
    for (const summary of arrived) serverClock.observe(summary.progress.observedAt);
    setProvisions((known) => mergeSummaries(known, arrived));
  }

  const { error } = useQueryOnConnect(
    provisionListQuery,
    { first: LISTED_PROVISIONS },
    {
      onData: (data) => {
        take(data.provisions.edges.map((edge) => edge.node));
        setIsWhole(true);
      },
    },
  );
  useQueryOnConnect(
    attentionQuery,
    { first: LISTED_PROVISIONS },
    { onData: (data) => take(data.provisions.edges.map((edge) => edge.node)) },
  );
  useTopic(provisionUpdatedSubscription, {}, { onData: ({ provisionUpdated }) => take([provisionUpdated]) });
  return <ProvisionListContext value={{ provisions, isWhole, error }}>{children}</ProvisionListContext>;
}

export function useProvisionList(): ProvisionList {
  return useContext(ProvisionListContext);
}
