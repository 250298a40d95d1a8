"use client";

import { useState } from "react";
import { useLive } from "../../../graphql/live-provider.tsx";
import { useQueryOnConnect, useTopic } from "../../../graphql/use-live.ts";
import { useTime } from "../../../lib/time.tsx";
import { buildsInFlightQuery, buildUpdatedSubscription, type FlyingBuild } from "./in-flight-documents.ts";
import { dropUntold, type InFlightList, mergeBuilds } from "./in-flight-list.ts";

interface InFlightOptions {
  /** What the server has rendered already; `undefined` when it could not. */
  initial?: readonly FlyingBuild[] | undefined;
  /** Changes of this registry alone; of all without it. What is in flight is asked for of all in any case. */
  registryId?: string | undefined;
  /** Asks and listens for nothing while true. */
  pause?: boolean;
}

/** The builds in flight, live. `isWhole` is false while not all of them are known. */
export function useInFlight({ initial, registryId, pause = false }: InFlightOptions): {
  list: InFlightList;
  isWhole: boolean;
} {
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
      pause,
      onData: ({ buildsInFlight }) => {
        take(buildsInFlight);
        setList((known) => dropUntold(known, connection.get().epoch));
        setIsWhole(true);
      },
    },
  );
  useTopic(
    buildUpdatedSubscription,
    { registryId: registryId ?? null },
    { pause, onData: ({ buildUpdated }) => take([buildUpdated]) },
  );
  return { list, isWhole };
}
