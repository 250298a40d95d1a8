"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import { useAnnounce } from "../../../ui/announcer.tsx";
import type { Operation } from "./operation-documents.ts";
import { isFinal } from "./operation-state.ts";
import { operationMilestone } from "./operation-words.ts";

/** Announces the result of each operation that was seen to run. What had ended before the page opened is no news. */
export function useOperationMilestones(operations: readonly Operation[]): void {
  const announce = useAnnounce();
  const running = useRef(new Set<string>());
  const key = operations.map(({ id, status }) => `${id} ${status}`).join();
  const speak = useEffectEvent(() => {
    for (const operation of operations) {
      if (!isFinal(operation)) running.current.add(operation.id);
      else if (running.current.delete(operation.id)) announce(operationMilestone(operation));
    }
  });
  useEffect(() => speak(), [key]);
}
