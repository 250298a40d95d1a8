"use client";

import { useState } from "react";
import { useTopic } from "../../graphql/use-live.ts";
import { Notice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import { type ClusterLook, clusterLookUpdatedSubscription } from "./cluster-documents.ts";

/** Which subscriptions' clusters can't be listed now, and since when what is shown of them is old. Nothing while all can. */
export function ClusterLooks() {
  const [looks, setLooks] = useState<ReadonlyMap<string, ClusterLook>>(new Map());
  useTopic(
    clusterLookUpdatedSubscription,
    {},
    { onData: ({ clusterLookUpdated: look }) => setLooks((known) => new Map([...known, [look.subscriptionId, look]])) },
  );
  const troubled = [...looks.values()].filter(({ problem }) => problem !== null);
  if (troubled.length === 0) return null;
  return (
    <div className="grid gap-2 border-b border-line p-3">
      {troubled.map(({ subscriptionId, subscriptionName, problem, lookedAt }) => (
        <Notice key={subscriptionId} tone="warning" title={`The clusters of ${subscriptionName} can't be listed now`}>
          {problem}.{" "}
          {lookedAt === null ? (
            "None of them has been seen yet, so this list is not whole."
          ) : (
            <>
              They are shown as last seen <TimeAgo iso={lookedAt} />.
            </>
          )}
        </Notice>
      ))}
    </div>
  );
}
