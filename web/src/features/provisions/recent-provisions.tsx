"use client";

import { useConnection } from "../../graphql/live-provider.tsx";
import { failureHeadline } from "../../lib/failure-words.ts";
import { formatDuration } from "../../lib/format.ts";
import { routes } from "../../lib/routes.ts";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import type { ProvisionSummary } from "./provision-documents.ts";
import { useProvisionList } from "./provision-list.tsx";
import { isTerminal } from "./provision-state.ts";
import { ProvisionStatusChip } from "./status-chip.tsx";

const COLUMNS: readonly Column<ProvisionSummary>[] = [
  {
    label: "Cluster",
    isTitle: true,
    cell: (provision) => (
      <InternalLink href={routes.provision(provision.id)} className="link inline-flex min-h-6 items-center">
        {provision.clusterName}
      </InternalLink>
    ),
  },
  {
    label: "Result",
    cell: (provision) => (
      <span className="inline-flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <ProvisionStatusChip status={provision.status} />
        {provision.progress.failure && (
          <span className="text-text-2">{failureHeadline(provision.progress.failure.category)}</span>
        )}
      </span>
    ),
  },
  {
    label: "Took",
    cell: (provision) => <span className="tabular-nums">{formatDuration(provision.progress.elapsedSeconds)}</span>,
  },
  { label: "Started", cell: (provision) => <TimeAgo iso={provision.createdAt} /> },
  { label: "By", cell: (provision) => provision.startedBy },
];

/** The provisions that have ended, newest first. Left out while there is none: the clusters say that already. */
export function RecentProvisions() {
  const { provisions, isWhole } = useProvisionList();
  const { status } = useConnection();
  if (!isWhole) {
    return status === "offline" ? null : (
      <Card title="Recent provisions" flush>
        <SkeletonRows />
      </Card>
    );
  }
  const ended = provisions.filter((provision) => isTerminal(provision.status));
  if (ended.length === 0) return null;
  return (
    <Card title="Recent provisions" flush>
      <DataTable
        caption="Provisions that have ended, newest first"
        columns={COLUMNS}
        rows={ended}
        rowKey={(provision) => provision.id}
      />
    </Card>
  );
}
