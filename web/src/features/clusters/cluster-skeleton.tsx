"use client";

import { useConnection } from "../../graphql/live-provider.tsx";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

/** The shape of the page while its data is on the way, and the reason when that takes long. */
export function ClusterSkeleton({ problem }: { problem?: string | undefined }) {
  const { status } = useConnection();
  return (
    <div className="grid gap-4">
      <h1 className="sr-only">Cluster</h1>
      {status === "live" && problem ? (
        <Notice tone="danger" title="The cluster can't be shown">
          {problem} Slipway asks again when the connection is renewed; reload to ask now.
        </Notice>
      ) : status === "live" ? (
        <p role="status" className="sr-only">
          Loading the cluster…
        </p>
      ) : (
        <Notice tone="warning" title="Can't reach the Slipway API">
          This page fills by itself as soon as the API answers. What is under way is not affected.
        </Notice>
      )}
      <div className="grid gap-2">
        <Skeleton className="h-3 w-32" />
        <Skeleton className="h-7 w-60" />
      </div>
      <Card>
        <div className="grid gap-4">
          <Skeleton className="h-5 w-3/5" />
          <Skeleton className="h-1.5 w-full" />
          <div className="flex gap-2">
            <Skeleton className="h-7 w-44" />
            <Skeleton className="h-7 w-44" />
          </div>
        </div>
      </Card>
    </div>
  );
}
