import { ChevronRight } from "lucide-react";
import { formatDuration } from "../../lib/format.ts";
import { routes } from "../../lib/routes.ts";
import { Card } from "../../ui/card.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { LongText } from "../../ui/long-text.tsx";
import { TimeAgo, TimeOfDay } from "../../ui/time-text.tsx";
import type { Attempt } from "./cluster-page-documents.ts";
import { OperationChip } from "./operations/operation-chip.tsx";
import type { Operation } from "./operations/operation-documents.ts";

interface ClusterHistoryProps {
  operations: readonly Operation[];
  attempts: readonly Attempt[];
}

/** What was done to the cluster, newest first, each with what happened in it; and the attempts to create it. */
export function ClusterHistory({ operations, attempts }: ClusterHistoryProps) {
  const entries = [
    ...operations.map((operation) => ({ at: operation.createdAt, operation, attempt: undefined })),
    ...attempts.map((attempt) => ({ at: attempt.createdAt, operation: undefined, attempt })),
  ].sort((one, other) => other.at.localeCompare(one.at));
  return (
    <Card title="History" flush>
      {entries.length === 0 ? (
        <p className="p-[18px] text-text-2">Nothing was done to it with Slipway yet.</p>
      ) : (
        <ol className="divide-y divide-line">
          {entries.map(({ operation, attempt }) => (
            <li key={operation?.id ?? attempt?.id}>
              {operation && <OperationEntry operation={operation} />}
              {attempt && <AttemptEntry attempt={attempt} />}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

const LINE = "flex flex-wrap items-center gap-x-3 gap-y-1.5 px-[18px] py-2.5";

function OperationEntry({ operation }: { operation: Operation }) {
  const { progress, status, startedBy, createdAt, events, resourceGroupOutcome } = operation;
  return (
    <details className="group">
      <summary className={`${LINE} cursor-pointer list-none hover:bg-surface-2`}>
        <ChevronRight size={15} aria-hidden="true" className="text-text-3 transition-transform group-open:rotate-90" />
        <span className="min-w-0 font-semibold [overflow-wrap:anywhere]">{progress.label}</span>
        <OperationChip status={status} />
        <span className="ml-auto min-w-0 text-[12.5px] text-text-3 tabular-nums [overflow-wrap:anywhere]">
          {formatDuration(progress.elapsedSeconds)} · {startedBy} · <TimeAgo iso={createdAt} />
        </span>
      </summary>
      <div className="px-[18px] pb-3 pl-[45px] text-[13px] text-text-2">
        {progress.failure && (
          <p className="mb-2 text-danger [overflow-wrap:anywhere]">
            <LongText text={progress.failure.summary} />
          </p>
        )}
        {resourceGroupOutcome && <p className="mb-2 [overflow-wrap:anywhere]">{resourceGroupOutcome.message}</p>}
        <ol className="grid gap-1">
          {events.map((event) => (
            <li key={event.sequence} className="grid grid-cols-[60px_minmax(0,1fr)] gap-2">
              <span className="text-text-3">
                <TimeOfDay iso={event.at} />
              </span>
              <span className="[overflow-wrap:anywhere]">{event.message}</span>
            </li>
          ))}
        </ol>
      </div>
    </details>
  );
}

const RESULTS: Record<string, string> = {
  PENDING: "under way",
  RUNNING: "under way",
  CANCELING: "being canceled",
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  CANCELED: "canceled",
};

function AttemptEntry({ attempt }: { attempt: Attempt }) {
  return (
    <div className={LINE}>
      <span aria-hidden="true" className="w-[15px]" />
      <InternalLink href={routes.provision(attempt.id)} className="link inline-flex min-h-6 items-center font-semibold">
        Creating the cluster
      </InternalLink>
      <span className="text-text-2">{RESULTS[attempt.status] ?? attempt.status}</span>
      <span className="ml-auto min-w-0 text-[12.5px] text-text-3 [overflow-wrap:anywhere]">
        {attempt.startedBy} · <TimeAgo iso={attempt.createdAt} />
      </span>
    </div>
  );
}
