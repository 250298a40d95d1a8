"use client";

import { useEffect, useState } from "react";
import type { CombinedError } from "urql";
import { useQueryOnConnect, useTopic } from "../../../graphql/use-live.ts";
import { createBurst } from "../../../lib/burst.ts";
import { useTime } from "../../../lib/time.tsx";
import {
  type Build,
  buildChangesSubscription,
  type BuildDetail,
  buildLogSubscription,
  type BuildPageData,
  buildPageQuery,
  type LogPiece,
} from "./build-documents.ts";
import { appendToLog, type BuildLog, NO_LOG } from "./build-log.ts";
import { hasEnded } from "./build-words.ts";

const BATCH_MS = 60;

export interface LiveBuild {
  /** `undefined` while nothing is known. */
  build: BuildDetail | undefined;
  isUnknown: boolean;
  log: BuildLog;
  logError: CombinedError | undefined;
}

/**
 * A build as it is now. Its registry's repositories carry it while it is in flight and once it has ended; when none carries it any more, or its
 * log is complete, it is read once again. A verdict is never taken back by a message that comes late.
 */
export function useBuild(buildId: string, initial: BuildPageData | undefined): LiveBuild {
  const { clock, serverClock } = useTime();
  const [latest, setLatest] = useState<Build>();
  const [gone, setGone] = useState(0);
  const [log, setLog] = useState<BuildLog>(NO_LOG);
  const [burst] = useState(() =>
    createBurst<LogPiece>(clock, BATCH_MS, (pieces) => setLog((before) => appendToLog(before, pieces))),
  );
  useEffect(() => burst.stop, [burst]);

  const revision = `${gone} ${log.isComplete ? "complete" : ""}`;
  const { data } = useQueryOnConnect(buildPageQuery, { id: buildId }, { initial, revision });
  const read = data?.node?.__typename === "AcrBuild" ? data.node : undefined;
  const build = read && { ...read, ...newerOf(read, latest) };
  const isUnknown = data !== undefined && read === undefined;

  useTopic(
    buildChangesSubscription,
    { registryId: build?.registryId ?? "" },
    {
      pause: !build || hasEnded(build.status),
      onData: ({ acrRepositoryUpdated: repository }) => {
        serverClock.observe(repository.observedAt);
        const carried = [...repository.activeBuilds, ...(repository.lastBuild ? [repository.lastBuild] : [])];
        const found = carried.find((one) => one.id === buildId);
        if (found) setLatest(found);
        else if (repository.name === build?.image) setGone((times) => times + 1);
      },
    },
  );
  const logError = useTopic(
    buildLogSubscription,
    { buildId, afterLine: 0 },
    { pause: isUnknown, onData: ({ buildLog }) => burst.add(buildLog) },
  );
  return { build, isUnknown, log, logError };
}

/** What the topic last said of the build, unless what was read is further on. */
function newerOf(read: Build, latest: Build | undefined): Build | undefined {
  return latest && !(hasEnded(read.status) && !hasEnded(latest.status)) ? latest : undefined;
}
