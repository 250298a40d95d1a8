"use client";

import type { Build } from "../builds/build-documents.ts";
import { runsAhead } from "../builds/build-words.ts";
import { useInFlight } from "./use-in-flight.ts";

/** How many builds stand before this one in its registry's queue, live; 0 when it does not wait. The queue is watched only while it does. */
export function useRunsAhead(build: Build | undefined): number {
  const isQueued = build?.status === "QUEUED";
  const { list } = useInFlight({ registryId: build?.registryId, pause: !isQueued });
  if (!isQueued) return 0;
  const others = [...list.values()].map((known) => known.build);
  return runsAhead(
    build,
    others.filter(({ registryId }) => registryId === build.registryId),
  );
}
