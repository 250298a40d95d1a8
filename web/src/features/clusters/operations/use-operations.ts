"use client";

import { useState } from "react";
import { useTopic } from "../../../graphql/use-live.ts";
import { useTime } from "../../../lib/time.tsx";
import { type Operation, operationUpdatedSubscription } from "./operation-documents.ts";
import { mergeOperations } from "./operation-state.ts";

const NONE: readonly Operation[] = [];

export interface LiveOperations {
  operations: readonly Operation[];
  /** Takes what an answer has brought. */
  add(operations: readonly Operation[]): void;
}

/** The operations that are under way or have changed since the page opened; of one cluster when it is named. */
export function useOperations(clusterId?: string, initial: readonly Operation[] = NONE): LiveOperations {
  const { serverClock } = useTime();
  const [operations, setOperations] = useState(initial);
  function add(read: readonly Operation[]) {
    for (const { progress } of read) serverClock.observe(progress.observedAt);
    setOperations((known) => mergeOperations(known, read));
  }
  useTopic(
    operationUpdatedSubscription,
    {},
    {
      onData: ({ clusterOperationUpdated: changed }) => {
        if (clusterId === undefined || changed.clusterId === clusterId) add([changed]);
      },
    },
  );
  return { operations, add };
}
