"use client";

import { type ReactNode, useMemo, useState } from "react";
import { useConnection } from "../../graphql/live-provider.tsx";
import { routes } from "../../lib/routes.ts";
import { type Sort, sorted, sortText } from "../../lib/sort.ts";
import { ActionButton } from "../../ui/action-button.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import { availabilityOf } from "./cluster-availability.ts";
import { ClusterChangeDialogs } from "./cluster-change-dialogs.tsx";
import type { Cluster } from "./cluster-documents.ts";
import {
  type ClusterFilter,
  type ClusterSortKey,
  filterClusters,
  isFiltered,
  sortClusters,
  sortOf,
  USUAL_SORT,
} from "./cluster-filter.ts";
import { ClusterLooks } from "./cluster-looks.tsx";
import { ClusterStatusChip } from "./cluster-status-chip.tsx";
import { ClusterToolbar } from "./cluster-toolbar.tsx";
import type { Operation } from "./operations/operation-documents.ts";
import { currentOf } from "./operations/operation-state.ts";
import { type Question, useClusterChange } from "./use-cluster-change.ts";

interface ClusterTableProps {
  clusters: readonly Cluster[];
  operations: readonly Operation[];
  /** Adds what a row's action was answered with. */
  onBegun(operation: Operation): void;
  aside?: ReactNode;
  filter: ClusterFilter;
  onFilter(part: Partial<ClusterFilter>): void;
}

/** The clusters that Azure has, as a table. */
export function ClusterTable({ clusters, operations, onBegun, aside, filter, onFilter }: ClusterTableProps) {
  const { status: connection } = useConnection();
  const [chosenId, setChosenId] = useState<string>();
  const chosen = clusters.find((cluster) => cluster.id === chosenId);
  const change = useClusterChange(chosen, onBegun);
  const { ask } = change;
  const columns = useMemo<readonly Column<Cluster>[]>(
    () => [
      {
        label: "Name",
        width: "14%",
        sortKey: "name",
        isTitle: true,
        cell: (cluster) => (
          <InternalLink href={routes.cluster(cluster.id)} className="link inline-flex min-h-6 items-center">
            {cluster.name}
          </InternalLink>
        ),
      },
      {
        label: "Status",
        width: "14.5%",
        sortKey: "status",
        cell: (cluster) => <Status cluster={cluster} current={currentOf(operations, cluster.id)} />,
      },
      { label: "Node pools", width: "14.5%", cell: (cluster) => <NodePools pools={cluster.nodePools} /> },
      {
        label: "Version",
        width: "9.5%",
        sortKey: "version",
        cell: (cluster) => <span className="tabular-nums">{cluster.kubernetesVersion}</span>,
      },
      { label: "Location", width: "12%", sortKey: "location", cell: (cluster) => cluster.location },
      { label: "Resource group", width: "12.5%", sortKey: "group", cell: (cluster) => cluster.resourceGroup },
      {
        label: "Azure",
        width: "8.5%",
        cell: (cluster) => (
          <ExternalLink href={cluster.portalUrl}>
            Portal<span className="sr-only"> page of {cluster.name}</span>
          </ExternalLink>
        ),
      },
      {
        label: "Actions",
        width: "14.5%",
        cell: (cluster) => (
          <RowActions
            cluster={cluster}
            reason={availabilityOf(cluster, currentOf(operations, cluster.id), isCreating(cluster), connection).cluster}
            ask={(question) => {
              setChosenId(cluster.id);
              ask(question);
            }}
          />
        ),
      },
    ],
    [operations, connection, ask],
  );
  const sort = sortOf(filter);
  const rows = useStableOrder(filterClusters(clusters, filter), sort);
  return (
    <Card title="All clusters" aside={isFiltered(filter) ? `${rows.length} of ${clusters.length}` : aside} flush>
      <ClusterLooks />
      <ClusterToolbar clusters={clusters} filter={filter} onChange={onFilter} />
      {rows.length === 0 ? (
        <EmptyState
          title="No cluster matches"
          action={<Button onClick={() => onFilter({ search: "", status: "", location: "" })}>Show all</Button>}
        >
          {clusters.length === 1 ? "The only cluster is" : `All ${clusters.length} clusters are`} hidden by what is
          chosen above.
        </EmptyState>
      ) : (
        <DataTable
          caption="Clusters"
          columns={columns}
          rows={rows}
          rowKey={(cluster) => cluster.id}
          sort={sort}
          onSort={(next) => onFilter({ sort: sortText(next, USUAL_SORT) })}
        />
      )}
      {chosen && <ClusterChangeDialogs cluster={chosen} change={change} />}
    </Card>
  );
}

/** Sorted when the order is chosen and when clusters come or go; a change of a cluster does not move its row from under the pointer. */
function useStableOrder(clusters: readonly Cluster[], sort: Sort<ClusterSortKey>): readonly Cluster[] {
  const members = clusters
    .map(({ id }) => id)
    .toSorted()
    .join();
  const order = useMemo(
    () => new Map(sortClusters(clusters, sort).map(({ id }, index) => [id, index])),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what clusters are like now must not sort them again
    [members, sort.key, sort.isDescending],
  );
  return sorted(clusters, ({ id }) => order.get(id) ?? clusters.length, false);
}

/** A provision of Slipway's or somebody else's: either way nothing can be done to it yet. */
function isCreating({ status }: Cluster): boolean {
  return status === "CREATING";
}

function Status({ cluster, current }: { cluster: Cluster; current: Operation | undefined }) {
  return (
    <>
      <ClusterStatusChip cluster={cluster} />
      {current && (
        <InternalLink
          href={routes.cluster(cluster.id)}
          className="mt-0.5 block text-[12.5px] text-accent tabular-nums hover:underline"
        >
          {current.progress.label} · {Math.floor(current.progress.percent)} %
        </InternalLink>
      )}
    </>
  );
}

interface RowActionsProps {
  cluster: Cluster;
  reason: string | undefined;
  ask(question: Question): void;
}

function RowActions({ cluster, reason, ask }: RowActionsProps) {
  const isStopped = cluster.powerState.toLowerCase() === "stopped";
  const verb = isStopped ? "Start" : "Stop";
  return (
    <div className="-ml-2 flex">
      <ActionButton
        look="quiet"
        className="px-2!"
        aria-label={`${verb} ${cluster.name}`}
        reason={reason}
        onClick={() => ask({ kind: isStopped ? "START" : "STOP" })}
      >
        {verb}
      </ActionButton>
      <ActionButton
        look="quiet"
        className="px-2! text-danger hover:bg-danger-soft"
        aria-label={`Delete ${cluster.name}`}
        reason={reason}
        onClick={() => ask({ kind: "DELETE" })}
      >
        Delete
      </ActionButton>
    </div>
  );
}

function NodePools({ pools }: { pools: Cluster["nodePools"] }) {
  return (
    <ul className="grid gap-0.5">
      {pools.map((pool) => (
        <li key={pool.name} title={`${pool.vmSize}, ${pool.mode.toLowerCase()} pool, ${pool.provisioningState}`}>
          {pool.name} <span className="text-text-3 tabular-nums">· {pool.count}n</span>
          {pool.provisioningState !== "Succeeded" && (
            <span className={pool.provisioningState === "Failed" ? "text-danger" : "text-text-2"}>
              {" "}
              · {pool.provisioningState}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
