import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import type { Cluster } from "./cluster-documents.ts";
import { ClusterStatusChip } from "./cluster-status-chip.tsx";

const COLUMNS: readonly Column<Cluster>[] = [
  { label: "Name", isTitle: true, cell: (cluster) => cluster.name },
  { label: "Status", cell: (cluster) => <ClusterStatusChip cluster={cluster} /> },
  { label: "Node pools", cell: (cluster) => <NodePools pools={cluster.nodePools} /> },
  { label: "Version", cell: (cluster) => <span className="tabular-nums">{cluster.kubernetesVersion}</span> },
  { label: "Location", cell: (cluster) => cluster.location },
  { label: "Resource group", cell: (cluster) => cluster.resourceGroup },
  {
    label: "Azure",
    cell: (cluster) => (
      <ExternalLink href={cluster.portalUrl}>
        Portal<span className="sr-only"> page of {cluster.name}</span>
      </ExternalLink>
    ),
  },
];

/** The clusters that Azure has, as a table. */
export function ClusterTable({ clusters, aside }: { clusters: readonly Cluster[]; aside?: ReactNode }) {
  return (
    <Card title="All clusters" aside={aside} flush>
      <DataTable caption="Clusters" columns={COLUMNS} rows={clusters} rowKey={(cluster) => cluster.id} />
    </Card>
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
