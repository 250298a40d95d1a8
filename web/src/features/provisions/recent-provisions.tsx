"use client";

import { useConnection } from "../../graphql/live-provider.tsx";
import { failureHeadline } from "../../lib/failure-words.ts";
import { formatDuration } from "../../lib/format.ts";
import { routes } from "../../lib/routes.ts";
import { sortText } from "../../lib/sort.ts";
import { useQueryState } from "../../lib/use-query-state.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import type { ProvisionSummary } from "./provision-documents.ts";
import { arrangeProvisions, NEWEST_FIRST, type ProvisionFilter, provisionSortOf } from "./provision-filter.ts";
import { useProvisionList } from "./provision-list.tsx";
import { isTerminal } from "./provision-state.ts";
import { ProvisionStatusChip } from "./status-chip.tsx";

const COLUMNS: readonly Column<ProvisionSummary>[] = [
  {
    label: "Cluster",
    sortKey: "cluster",
    isTitle: true,
    cell: (provision) => (
      <InternalLink href={routes.provision(provision.id)} className="link inline-flex min-h-6 items-center">
        {provision.clusterName}
      </InternalLink>
    ),
  },
  {
    label: "Result",
    sortKey: "result",
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
    sortKey: "took",
    cell: (provision) => <span className="tabular-nums">{formatDuration(provision.progress.elapsedSeconds)}</span>,
  },
  { label: "Started", sortKey: "started", cell: (provision) => <TimeAgo iso={provision.createdAt} /> },
  { label: "By", sortKey: "by", cell: (provision) => provision.startedBy },
];

const NO_FILTER: ProvisionFilter = { result: "", provisions: "" };
const RESULTS = [
  { value: "", label: "Any result" },
  { value: "succeeded", label: "Succeeded" },
  { value: "failed", label: "Failed" },
  { value: "canceled", label: "Canceled" },
];

/** The provisions that have ended, newest first unless another order is chosen. Left out while there is none: the clusters say that already. */
export function RecentProvisions({ initialFilter = NO_FILTER }: { initialFilter?: ProvisionFilter }) {
  const [filter, setFilter] = useQueryState(initialFilter);
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
  const rows = arrangeProvisions(ended, filter);
  return (
    <Card
      title="Recent provisions"
      aside={
        <div className="w-40">
          <SelectField
            id="provision-result"
            label="Result"
            hideLabel
            value={filter.result}
            options={RESULTS}
            onChange={(result) => setFilter({ result })}
          />
        </div>
      }
      flush
    >
      {rows.length === 0 ? (
        <EmptyState
          title="No provision matches"
          action={<Button onClick={() => setFilter({ result: "" })}>Show all</Button>}
        >
          None of the last {ended.length} has this result.
        </EmptyState>
      ) : (
        <DataTable
          caption="Provisions that have ended"
          columns={COLUMNS}
          rows={rows}
          rowKey={(provision) => provision.id}
          sort={provisionSortOf(filter)}
          onSort={(sort) => setFilter({ provisions: sortText(sort, NEWEST_FIRST) })}
        />
      )}
    </Card>
  );
}
