"use client";

import { type ReactNode, useState } from "react";
import { formatDuration, shortenId } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Chip } from "../../ui/chip.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import { LATE_SECONDS } from "./health-checks.ts";
import type { AzureLimit, AzureRequestCount, JobCount, SystemHealth, Watcher } from "./health-documents.ts";

const number = (value: number): ReactNode => <span className="tabular-nums">{value.toLocaleString("en-GB")}</span>;
const code = (text: string): ReactNode => (
  <span className="font-mono text-[12.5px] [overflow-wrap:anywhere]">{text}</span>
);
/** A count that ought to be nothing. */
const fault = (count: number, text = String(count)): ReactNode =>
  count === 0 ? (
    <span className="text-text-3">none</span>
  ) : (
    <span className="font-semibold text-danger tabular-nums">{text}</span>
  );

function Lateness({ seconds }: { seconds: number }) {
  if (seconds === 0 || seconds > LATE_SECONDS) return fault(seconds, formatDuration(seconds));
  return <span className="tabular-nums">{formatDuration(seconds)}</span>;
}

const JOB_COLUMNS: readonly Column<JobCount>[] = [
  { label: "Job", isTitle: true, cell: ({ name }) => code(name) },
  { label: "State", cell: ({ state }) => (state === "WAITING" ? "Waiting for its next look" : "Resting until asked") },
  { label: "Jobs", cell: ({ count }) => number(count) },
  { label: "Oldest", cell: ({ oldestAt }) => <TimeAgo iso={oldestAt} /> },
  { label: "Late by", cell: ({ overdueSeconds }) => <Lateness seconds={overdueSeconds} /> },
  { label: "Failing", cell: ({ failingCount }) => fault(failingCount) },
];

export function JobsCard({ jobs }: { jobs: readonly JobCount[] | null }) {
  return (
    <Table
      title="Job queue"
      columns={JOB_COLUMNS}
      rows={jobs}
      rowKey={({ name, state }) => `${name} ${state}`}
      empty="Nothing to do: no job is open."
    />
  );
}

const WATCHER_COLUMNS: readonly Column<Watcher>[] = [
  { label: "Watches", isTitle: true, cell: ({ name }) => code(name) },
  { label: "Kind", cell: ({ kind }) => (kind === "CLUSTERS" ? "Clusters of a subscription" : "Registry") },
  {
    label: "State",
    cell: ({ isResting, problem }) =>
      problem !== null ? (
        <Chip tone="warning" icon="warning" label="No answer" />
      ) : isResting ? (
        <Chip tone="neutral" icon="dashed" label="Resting" />
      ) : (
        <Chip tone="success" icon="check" label="Looking" />
      ),
  },
  {
    label: "Last answer",
    cell: ({ lookedAt }) =>
      lookedAt === null ? <span className="text-text-3">never</span> : <TimeAgo iso={lookedAt} />,
  },
  { label: "Problem", cell: ({ problem }) => problem },
];

export function WatchersCard({ watchers }: { watchers: readonly Watcher[] | null }) {
  return (
    <Table
      title="Watchers"
      columns={WATCHER_COLUMNS}
      rows={watchers}
      rowKey={({ kind, name }) => `${kind} ${name}`}
      empty="Nothing has been watched yet."
    />
  );
}

const LIMIT_COLUMNS: readonly Column<AzureLimit>[] = [
  { label: "Limit", isTitle: true, cell: ({ bucket }) => code(bucket) },
  {
    label: "Subscription",
    cell: ({ subscriptionId }) =>
      subscriptionId === null ? "whole tenant" : <span title={subscriptionId}>{code(shortenId(subscriptionId))}</span>,
  },
  { label: "Left", cell: ({ remainingCount }) => number(remainingCount) },
  { label: "Said", cell: ({ observedAt }) => <TimeAgo iso={observedAt} /> },
];

export function AzureLimitsCard({ limits }: { limits: readonly AzureLimit[] }) {
  return (
    <Table
      title="Azure's limits"
      columns={LIMIT_COLUMNS}
      rows={limits}
      rowKey={({ subscriptionId, bucket }) => `${subscriptionId} ${bucket}`}
      empty="Azure has not said yet what is left."
    />
  );
}

const REQUEST_COLUMNS: readonly Column<AzureRequestCount>[] = [
  { label: "Request", isTitle: true, cell: ({ operation }) => code(operation) },
  { label: "Asked", cell: ({ requestCount }) => number(requestCount) },
  { label: "Throttled", cell: ({ throttledCount }) => fault(throttledCount) },
  { label: "Failed", cell: ({ failedCount }) => fault(failedCount) },
];

/** So many handlers are shown before somebody asks for the rest. */
const FIRST_REQUESTS = 8;

export function AzureRequestsCard({ requests }: { requests: readonly AzureRequestCount[] }) {
  const [areAllShown, setAllShown] = useState(false);
  const rest = areAllShown ? 0 : requests.length - FIRST_REQUESTS;
  return (
    <Table
      title="Requests to Azure"
      aside="by this process"
      columns={REQUEST_COLUMNS}
      rows={rest > 0 ? requests.slice(0, FIRST_REQUESTS) : requests}
      rowKey={({ operation }) => operation}
      empty="Azure has not been asked for anything yet."
      foot={rest > 0 && <Button onClick={() => setAllShown(true)}>Show {rest} more</Button>}
    />
  );
}

type Subscriber = SystemHealth["subscribers"][number];

const SUBSCRIBER_COLUMNS: readonly Column<Subscriber>[] = [
  { label: "Topic", isTitle: true, cell: ({ field }) => code(field) },
  { label: "Subscribers", cell: ({ count }) => number(count) },
];

interface SubscribersCardProps {
  connectionCount: number;
  subscribers: readonly Subscriber[];
}

export function SubscribersCard({ connectionCount, subscribers }: SubscribersCardProps) {
  return (
    <Table
      title="Live subscribers"
      aside={`${connectionCount} ${connectionCount === 1 ? "connection" : "connections"}`}
      columns={SUBSCRIBER_COLUMNS}
      rows={subscribers}
      rowKey={({ field }) => field}
      empty="Nobody follows anything."
    />
  );
}

interface TableProps<Row> {
  title: string;
  aside?: string;
  columns: readonly Column<Row>[];
  /** Null while the store can't be read: then nothing is known, which is not the same as nothing. */
  rows: readonly Row[] | null;
  rowKey(row: Row): string;
  empty: string;
  foot?: ReactNode;
}

function Table<Row>({ title, aside, columns, rows, rowKey, empty, foot }: TableProps<Row>) {
  return (
    <Card title={title} aside={aside} flush>
      {rows && rows.length > 0 ? (
        <>
          <DataTable caption={title} columns={columns} rows={rows} rowKey={rowKey} />
          {foot && <div className="flex justify-center border-t border-line px-[18px] py-3">{foot}</div>}
        </>
      ) : (
        <p className="px-[18px] py-4 text-text-3">{rows ? empty : "Not known while the store can't be read."}</p>
      )}
    </Card>
  );
}
