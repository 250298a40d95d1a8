"use client";

import { useState } from "react";
import type { CombinedError } from "urql";
import { useTopic } from "../../graphql/use-live.ts";
import { useTime } from "../../lib/time.tsx";
import { type RegistryHead, registryUpdatedSubscription } from "./registry-documents.ts";

/** How a registry stands, live: what it counts, and whether it can be read. Watching it keeps its repositories listed. */
export function useRegistryHead(
  registryId: string,
  initial?: RegistryHead,
): { head: RegistryHead | undefined; error: CombinedError | undefined } {
  const { serverClock } = useTime();
  const [head, setHead] = useState(initial);
  const error = useTopic(
    registryUpdatedSubscription,
    { registryId },
    {
      onData: ({ registryUpdated }) => {
        if (registryUpdated.observedAt) serverClock.observe(registryUpdated.observedAt);
        setHead((before) => newerHead(before, registryUpdated));
      },
    },
  );
  return { head, error };
}

/** Heads carry the highest version of any repository; a replay after a reconnect may bring an older one. */
function newerHead(known: RegistryHead | undefined, next: RegistryHead): RegistryHead {
  return known && known.snapshotVersion > next.snapshotVersion ? known : next;
}
