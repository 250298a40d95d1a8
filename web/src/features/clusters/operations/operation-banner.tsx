"use client";

import { useServerNow } from "../../../lib/time.tsx";
import { Card } from "../../../ui/card.tsx";
import { Chip, type ChipIcon, type ChipTone } from "../../../ui/chip.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import type { Operation, OperationProgress } from "./operation-documents.ts";
import { operationHeadline, operationMessage, operationOutlook, spokenOperation } from "./operation-words.ts";

const LOOKS: Record<string, { tone: ChipTone; icon: ChipIcon }> = {
  SUCCESS: { tone: "success", icon: "check" },
  IN_PROGRESS: { tone: "accent", icon: "spinner" },
  FAILED: { tone: "danger", icon: "cross" },
  NEUTRAL: { tone: "neutral", icon: "dashed" },
};

/** What is being done to the cluster now, live. */
export function OperationBanner({ operation }: { operation: Operation }) {
  const nowMs = useServerNow(1000);
  const { progress } = operation;
  const message = operationMessage(operation);
  const outlook = operationOutlook(operation, nowMs);
  return (
    <Card className="slide-in">
      <div className="grid gap-3">
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
          <div className="min-w-0">
            <p className="text-base leading-snug font-semibold tabular-nums">{operationHeadline(operation, nowMs)}</p>
            {message && <p className="mt-0.5 text-text-2 [overflow-wrap:anywhere]">{message}</p>}
          </div>
          <div className="text-[12.5px] text-text-3 sm:text-right">
            {outlook && <p className="font-semibold text-text">{outlook}</p>}
            <p>asked for by {operation.startedBy}</p>
          </div>
        </div>
        <ProgressBar
          label={`${progress.label}: ${operation.clusterName}`}
          percent={progress.percent}
          valueText={spokenOperation(operation)}
        />
        <PoolStates pools={progress.nodePools} />
      </div>
    </Card>
  );
}

function PoolStates({ pools }: { pools: OperationProgress["nodePools"] }) {
  if (pools.length === 0) return null;
  return (
    <ul aria-label="Node pools now" className="flex flex-wrap gap-2">
      {pools.map((pool) => {
        const look = LOOKS[pool.tone] ?? { tone: "neutral", icon: "dashed" };
        return (
          <li key={pool.name}>
            <Chip {...look} label={pool.name}>
              <span>
                <span aria-hidden="true">· </span>
                {pool.provisioningState}
                <span aria-hidden="true"> · </span>
                {pool.count}
                <span aria-hidden="true">n</span>
                <span className="sr-only"> {pool.count === 1 ? "node" : "nodes"}</span>
              </span>
            </Chip>
          </li>
        );
      })}
    </ul>
  );
}
