import { Play, Square, Trash2 } from "lucide-react";
import { routes } from "../../lib/routes.ts";
import { ActionButton } from "../../ui/action-button.tsx";
import { ExternalLink } from "../../ui/external-link.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import type { Availability } from "./cluster-availability.ts";
import type { Cluster } from "./cluster-documents.ts";
import { ClusterStatusChip } from "./cluster-status-chip.tsx";
import type { ClusterChange } from "./use-cluster-change.ts";

interface ClusterHeaderProps {
  cluster: Cluster;
  available: Availability;
  change: ClusterChange;
}

/** Which cluster this is, how it stands, and what can be done to the whole of it. */
export function ClusterHeader({ cluster, available, change }: ClusterHeaderProps) {
  const isStopped = cluster.powerState.toLowerCase() === "stopped";
  return (
    <div>
      <nav aria-label="Breadcrumb" className="text-[12.5px] text-text-3">
        <InternalLink
          href={routes.home()}
          className="inline-flex min-h-6 items-center rounded-control hover:text-accent hover:underline"
        >
          Clusters
        </InternalLink>{" "}
        / Cluster
      </nav>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 [overflow-wrap:anywhere]">{cluster.name}</h1>
        <ClusterStatusChip cluster={cluster} />
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-2 sm:ml-auto">
          <span className="mr-1.5">
            <ExternalLink href={cluster.portalUrl}>Open in Azure portal</ExternalLink>
          </span>
          {isStopped ? (
            <ActionButton look="primary" reason={available.cluster} onClick={() => change.ask({ kind: "START" })}>
              <Play size={15} aria-hidden="true" /> Start
            </ActionButton>
          ) : (
            <ActionButton reason={available.cluster} onClick={() => change.ask({ kind: "STOP" })}>
              <Square size={14} aria-hidden="true" /> Stop
            </ActionButton>
          )}
          <ActionButton look="danger" reason={available.cluster} onClick={() => change.ask({ kind: "DELETE" })}>
            <Trash2 size={15} aria-hidden="true" /> Delete
          </ActionButton>
        </div>
      </div>
      {available.cluster && (
        <p className="mt-1 text-[12.5px] text-text-3 sm:text-right" aria-hidden="true">
          {available.cluster}
        </p>
      )}
    </div>
  );
}
