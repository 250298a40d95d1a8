"use client";

import { useState } from "react";
import { errorText } from "../../graphql/error-text.ts";
import { useQueryOnConnect, useTopic } from "../../graphql/use-live.ts";
import { useTime } from "../../lib/time.tsx";
import { type Cluster, clusterUpdatedSubscription } from "./cluster-documents.ts";
import {
  type Attempt,
  attemptUpdatedSubscription,
  type ClusterPageData,
  clusterPageQuery,
} from "./cluster-page-documents.ts";
import type { Operation } from "./operations/operation-documents.ts";
import { currentOf } from "./operations/operation-state.ts";
import { useOperations } from "./operations/use-operations.ts";

export interface LiveCluster {
  /** `undefined` while nothing is known, `null` cluster inside when there is none with this id. */
  page: ClusterPageData | undefined;
  cluster: Cluster | undefined;
  operations: readonly Operation[];
  current: Operation | undefined;
  attempts: readonly Attempt[];
  /** Takes what a request was answered with. */
  add(operation: Operation): void;
  /** Why nothing new arrives although the connection is there. */
  problem: string | undefined;
}

const RUNNING: ReadonlySet<string> = new Set(["PENDING", "RUNNING", "CANCELING"]);

export function isRunningAttempt({ status }: Pick<Attempt, "status">): boolean {
  return RUNNING.has(status);
}

/** A cluster as it is now: what the server rendered, then the topics of clusters, operations and provisions. */
export function useCluster(clusterId: string, initial: ClusterPageData | undefined): LiveCluster {
  const { serverClock } = useTime();
  const [newest, setNewest] = useState<Cluster | undefined>(initial?.cluster ?? undefined);
  const [attempts, setAttempts] = useState<readonly Attempt[]>(initial?.cluster?.provisions ?? []);
  const { operations, add } = useOperations(clusterId, nodesOf(initial));

  function take(next: Cluster) {
    serverClock.observe(next.observedAt);
    setNewest((known) => (known && known.version > next.version ? known : next));
  }

  const { data: page, error: pageError } = useQueryOnConnect(
    clusterPageQuery,
    { id: clusterId },
    {
      initial,
      onData: (data) => {
        if (!data.cluster) return;
        take(data.cluster);
        setAttempts(data.cluster.provisions);
        add(nodesOf(data));
      },
    },
  );
  const topicError = useTopic(
    clusterUpdatedSubscription,
    {},
    {
      onData: ({ clusterUpdated }) => {
        if (clusterUpdated.id === clusterId) take(clusterUpdated);
      },
    },
  );
  useTopic(
    attemptUpdatedSubscription,
    {},
    {
      onData: ({ provisionUpdated: changed }) => {
        if (newest && isOf(changed, newest)) setAttempts((known) => mergeAttempt(known, changed));
      },
    },
  );
  const error = pageError ?? topicError;
  return {
    page,
    cluster: newest,
    operations,
    current: currentOf(operations, clusterId),
    attempts,
    add: (operation) => add([operation]),
    problem: error && errorText(error),
  };
}

function nodesOf(page: ClusterPageData | undefined): readonly Operation[] {
  return page?.cluster?.operations.edges.map((edge) => edge.node) ?? [];
}

function isOf(
  attempt: { clusterName: string; subscriptionId: string; resourceGroup: string },
  cluster: Pick<Cluster, "name" | "subscriptionId" | "resourceGroup">,
): boolean {
  const key = (...parts: string[]) => parts.join("/").toLowerCase();
  return (
    key(attempt.subscriptionId, attempt.resourceGroup, attempt.clusterName) ===
    key(cluster.subscriptionId, cluster.resourceGroup, cluster.name)
  );
}

function mergeAttempt(known: readonly Attempt[], changed: Attempt): readonly Attempt[] {
  const others = known.filter(({ id }) => id !== changed.id);
  return [...others, changed].sort((one, other) => other.createdAt.localeCompare(one.createdAt));
}
