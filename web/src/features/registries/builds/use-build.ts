"use client";

import { useState } from "react";
import type { CombinedError } from "urql";
import { useQueryOnConnect, useTopic } from "../../../graphql/use-live.ts";
import { useTime } from "../../../lib/time.tsx";
import { useBurst } from "../../../lib/use-burst.ts";
import {
  type Build,
  type BuildDetail,
  buildLogSubscription,
  type BuildPageData,
  buildPageQuery,
  buildProgressSubscription,
  type LogPiece,
} from "./build-documents.ts";
import { appendToLog, type BuildLog, NO_LOG } from "./build-log.ts";
import { hasEnded } from "./build-words.ts";

export interface LiveBuild {
  /** `undefined` while nothing is known. */
  build: BuildDetail | undefined;
  isUnknown: boolean;
  log: BuildLog;
  logError: CombinedError | undefined;
}

/** A build as it is now, by its own topic, and its log. What is older than what is known changes nothing. */
export function useBuild(buildId: string, initial: BuildPageData | undefined): LiveBuild {
  const { serverClock } = useTime();
  const [latest, setLatest] = useState<Build>();
  const [log, setLog] = useState<BuildLog>(NO_LOG);
  const burst = useBurst<LogPiece>((pieces) => setLog((before) => appendToLog(before, pieces)));

  const { data } = useQueryOnConnect(buildPageQuery, { id: buildId }, { initial });
  const read = data?.node?.__typename === "AcrBuild" ? data.node : undefined;
  const build = read && latest && latest.version > read.version ? { ...read, ...latest } : read;
  const isUnknown = data !== undefined && read === undefined;

  useTopic(
    buildProgressSubscription,
    { buildId },
    {
      pause: !build || hasEnded(build.status) || build.replacedBy !== null,
      onData: ({ buildProgress }) => {
        serverClock.observe(buildProgress.observedAt);
        setLatest(buildProgress);
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
