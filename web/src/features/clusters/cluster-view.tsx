"use client";

import { ArrowRight } from "lucide-react";
import { cutTitle, isConnectionCut } from "../../graphql/connection-monitor.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { routes } from "../../lib/routes.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageSkeleton } from "../../ui/page-skeleton.tsx";
import { TimeOfDay } from "../../ui/time-text.tsx";
import { availabilityOf, workElsewhere } from "./cluster-availability.ts";
import { ClusterChangeDialogs } from "./cluster-change-dialogs.tsx";
import type { Cluster } from "./cluster-documents.ts";
import { ClusterFacts } from "./cluster-facts.tsx";
import { ClusterHeader } from "./cluster-header.tsx";
import { ClusterHistory } from "./cluster-history.tsx";
import type { ClusterPageData } from "./cluster-page-documents.ts";
import { NodePoolTable } from "./node-pool-table.tsx";
import { OperationBanner } from "./operations/operation-banner.tsx";
import { OperationFailureNotice } from "./operations/operation-result.tsx";
import { useOperationMilestones } from "./operations/use-operation-milestones.ts";
import { useClusterChange } from "./use-cluster-change.ts";
import { isRunningAttempt, useCluster } from "./use-cluster.ts";

interface ClusterViewProps {
  clusterId: string;
  /** What the server read; `undefined` when it could not reach the API. */
  initial: ClusterPageData | undefined;
}

/** One cluster, live: what it is, what is being done to it, what can be done, and what was. */
export function ClusterView({ clusterId, initial }: ClusterViewProps) {
  const { page, cluster, operations, current, attempts, add, problem } = useCluster(clusterId, initial);
  const { status: connection } = useConnection();
  const change = useClusterChange(cluster, add);
  useOperationMilestones(operations);

  if (page && !page.cluster) return <UnknownCluster />;
  if (!page?.cluster || !cluster)
    return <PageSkeleton what="cluster" isLive={connection === "live"} problem={problem} />;
  const attempt = attempts.find(isRunningAttempt);
  const isGone = cluster.status === "DELETED";
  const available = availabilityOf(cluster, current, attempt !== undefined, connection);
  const elsewhere = workElsewhere(cluster, current, attempt !== undefined);
  const newest = operations[0];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <ClusterHeader cluster={cluster} available={available} change={change} />
      <StaleNotice cluster={cluster} problem={problem} />
      {current && <OperationBanner operation={current} />}
      {attempt && (
        <Notice
          tone="info"
          title="It is being created"
          action={
            <LinkButton href={routes.provision(attempt.id)} look="primary">
              Watch it <ArrowRight size={15} aria-hidden="true" />
            </LinkButton>
          }
        >
          Asked for by {attempt.startedBy}. It can be changed when that has ended.
        </Notice>
      )}
      {elsewhere && (
        <Notice tone="info" title={`Azure is at work on it: ${elsewhere}`}>
          That was started outside Slipway. What you ask for now begins by itself when it has ended.
        </Notice>
      )}
      {isGone && (
        <Notice tone="info" title="This cluster is gone">
          {newest?.resourceGroupOutcome?.message ?? "It was deleted at Azure. What was done to it stays listed here."}
        </Notice>
      )}
      {!current && newest?.progress.failure && <OperationFailureNotice operation={newest} />}
      <NodePoolTable cluster={cluster} available={available} change={change} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[1.55fr_1fr]">
        <ClusterHistory operations={operations} attempts={attempts} />
        <ClusterFacts cluster={cluster} page={page.cluster} />
      </div>
      <ClusterChangeDialogs cluster={cluster} change={change} />
    </div>
  );
}

function StaleNotice({ cluster, problem }: { cluster: Cluster; problem: string | undefined }) {
  const { status } = useConnection();
  if (status === "live" && problem) {
    return (
      <Notice tone="warning" title="Slipway can't show anything newer now">
        {problem} What is shown is as of <TimeOfDay iso={cluster.observedAt} />.
      </Notice>
    );
  }
  if (!isConnectionCut(status)) return null;
  return (
    <Notice tone="warning" title={cutTitle(status)}>
      This is the last known state, as of <TimeOfDay iso={cluster.observedAt} />. The page catches up by itself.
    </Notice>
  );
}

function UnknownCluster() {
  return (
    <Card>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="There is no such cluster"
        action={<LinkButton href={routes.home()}>Back to clusters</LinkButton>}
      >
        The address names a cluster that Slipway does not see at Azure.
      </EmptyState>
    </Card>
  );
}
