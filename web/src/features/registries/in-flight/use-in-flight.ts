"use client";

import { useState } from "react";
import { useLive } from "../../../graphql/live-provider.tsx";
import { useQueryOnConnect, useTopic } from "../../../graphql/use-live.ts";
import { useTime } from "../../../lib/time.tsx";
import { buildsInFlightQuery, buildUpdatedSubscription, type FlyingBuild } from "./in-flight-documents.ts";
import { dropUntold, type InFlightList, mergeBuilds } from "./in-flight-list.ts";

/** The builds in flight of every registry, live: what the server rendered, then what changes. `isWhole` is false while not all of them are known. */
export function useInFlight(initial: readonly FlyingBuild[] | undefined): { list: InFlightList; isWhole: boolean } {
  const { connection } = useLive();
  const { serverClock } = useTime();
  const [list, setList] = useState<InFlightList>(() => mergeBuilds(new Map(), initial ?? [], 0));
  const [isWhole, setIsWhole] = useState(initial !== undefined);

  function take(arrived: readonly FlyingBuild[]) {
    for (const { observedAt } of arrived) serverClock.observe(observedAt);
    setList((known) => mergeBuilds(known, arrived, connection.get().epoch));
  }
  useQueryOnConnect(
    buildsInFlightQuery,
    {},
    {
      onData: ({ buildsInFlight }) => {
        take(buildsInFlight);
        setList((known) => dropUntold(known, connection.get().epoch));
        setIsWhole(true);
      },
    },
  );
  useTopic(buildUpdatedSubscription, {}, { onData: ({ buildUpdated }) => take([buildUpdated]) });
  return { list, isWhole };
}
