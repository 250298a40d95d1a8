"use client";

import { useState } from "react";
import { errorText } from "../../graphql/error-text.ts";
import { useQueryOnConnect, useTopic } from "../../graphql/use-live.ts";
import { useTime } from "../../lib/time.tsx";
import {
  type Progress,
  type ProvisionPageData,
  provisionPageQuery,
  provisionProgressSubscription,
  provisionTimelineSubscription,
  provisionUpdatedSubscription,
  type TimelineEntry,
} from "./provision-documents.ts";
import { isTerminal, lastSequence, mergeProgress, mergeTimeline } from "./provision-state.ts";

const NO_ENTRIES: readonly TimelineEntry[] = [];

export interface LiveProvision {
  /** `undefined` while nothing is known, `null` provision inside when there is none with this id. */
  page: ProvisionPageData | undefined;
  progress: Progress | undefined;
  timeline: readonly TimelineEntry[];
  /** Why nothing new arrives although the connection is there. */
  problem: string | undefined;
}

/**
 * A provision as it is now: what the server rendered, then its two topics, then, once it has ended, later amendments. The query runs once a
 * connection; its answer and the topics may overtake each other, which the sequences settle.
 */
export function useProvision(provisionId: string, initial: ProvisionPageData | undefined): LiveProvision {
  const { serverClock } = useTime();
  const [progress, setProgress] = useState<Progress | undefined>(initial?.provision?.progress);
  const [timeline, setTimeline] = useState<readonly TimelineEntry[]>(initial?.provision?.timeline ?? NO_ENTRIES);
  const [afterSequence] = useState(() => lastSequence(timeline));

  function take(next: Progress) {
    serverClock.observe(next.observedAt);
    setProgress((current) => mergeProgress(current, next));
  }

  const hasEnded = progress !== undefined && isTerminal(progress.status);
  const { data: page, error: pageError } = useQueryOnConnect(
    provisionPageQuery,
    { id: provisionId },
    {
      initial,
      // What an attempt leaves behind and when it ended stand beside the progress, so each verdict asks for them.
      revision: hasEnded ? `ended ${progress.sequence}` : "",
      onData: ({ provision }) => {
        if (!provision) return;
        take(provision.progress);
        setTimeline((entries) => mergeTimeline(entries, provision.timeline));
      },
    },
  );
  const isUnknown = page?.provision === null;
  const topicError = useTopic(
    provisionProgressSubscription,
    { provisionId },
    { pause: isUnknown, onData: ({ provisionProgress }) => take(provisionProgress) },
  );
  useTopic(
    provisionTimelineSubscription,
    { provisionId, afterSequence },
    {
      pause: isUnknown,
      onData: ({ provisionTimeline }) => setTimeline((entries) => mergeTimeline(entries, [provisionTimeline])),
    },
  );
  useTopic(
    provisionUpdatedSubscription,
    {},
    {
      pause: !hasEnded,
      onData: ({ provisionUpdated }) => {
        if (provisionUpdated.id === provisionId) take(provisionUpdated.progress);
      },
    },
  );
  const error = pageError ?? topicError;
  return { page, progress, timeline, problem: error && errorText(error) };
}
