"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { isConnectionCut } from "../../graphql/connection-monitor.ts";
import { errorText } from "../../graphql/error-text.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { useQueryOnConnect, useTopic } from "../../graphql/use-live.ts";
import { routes } from "../../lib/routes.ts";
import { useBurst } from "../../lib/use-burst.ts";
import { useQueryState } from "../../lib/use-query-state.ts";
import { ActionLink } from "../../ui/action-button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ListCard } from "../../ui/list-card.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import { type Cluster, clusterListQuery, clusterUpdatedSubscription } from "./cluster-documents.ts";
import { type ClusterFilter, parseClusterFilter } from "./cluster-filter.ts";
import { ClusterLooks } from "./cluster-looks.tsx";
import { mergeClusters, replaceClusters } from "./cluster-state.ts";
import { ClusterTable } from "./cluster-table.tsx";
import { useOperationMilestones } from "./operations/use-operation-milestones.ts";
import { useOperations } from "./operations/use-operations.ts";

interface ClustersSectionProps {
  initial: readonly Cluster[] | undefined;
  /** As the page's address has it. */
  initialFilter?: ClusterFilter;
}

/** The clusters, kept live. What is not known is never shown as none: loading, empty, failed and stale each have a face. */
export function ClustersSection({ initial, initialFilter = parseClusterFilter({}) }: ClustersSectionProps) {
  const { status } = useConnection();
  const [filter, setFilter] = useQueryState(initialFilter);
  const [known, setKnown] = useState<readonly Cluster[]>(initial ?? []);
  // A change may arrive before the first whole list: one cluster would then look like the only one.
  const [isWhole, setIsWhole] = useState(initial !== undefined);
  const { error, retry } = useQueryOnConnect(
    clusterListQuery,
    {},
    {
      onData: (data) => {
        setKnown((clusters) => replaceClusters(clusters, data.clusters));
        setIsWhole(true);
      },
    },
  );
  const burst = useBurst<Cluster>((changed) => setKnown((clusters) => mergeClusters(clusters, changed)));
  const topicError = useTopic(
    clusterUpdatedSubscription,
    {},
    { onData: ({ clusterUpdated }) => burst.add(clusterUpdated) },
  );
  const { operations, add } = useOperations();
  useOperationMilestones(operations);
  const clusters = isWhole ? known : undefined;

  const isCut = isConnectionCut(status);
  return (
    <ListCard
      title="All clusters"
      rows={clusters}
      error={error && errorText(error)}
      errorTitle="The clusters can't be listed"
      onRetry={retry}
      empty={
        <>
          <ClusterLooks />
          <EmptyState
            title="No clusters yet"
            action={
              <ActionLink href={routes.newCluster()} look="primary">
                <Plus size={16} aria-hidden="true" /> Create a cluster
              </ActionLink>
            }
          >
            Every AKS cluster of your subscriptions is shown here with its state, as it changes.
          </EmptyState>
        </>
      }
    >
      {(rows) => (
        <ClusterTable
          clusters={rows}
          operations={operations}
          onBegun={(operation) => add([operation])}
          filter={filter}
          onFilter={setFilter}
          aside={isCut || error || topicError ? <AsOf clusters={rows} /> : `${rows.length} in all`}
        />
      )}
    </ListCard>
  );
}

function AsOf({ clusters }: { clusters: readonly Cluster[] }) {
  const newest = clusters
    .map((cluster) => cluster.observedAt)
    .sort()
    .at(-1);
  return newest ? (
    <>
      last known, as of <TimeAgo iso={newest} />
    </>
  ) : null;
}
