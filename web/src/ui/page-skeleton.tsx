import { Card } from "./card.tsx";
import { Notice } from "./notice.tsx";
import { Skeleton } from "./skeleton.tsx";

interface PageSkeletonProps {
  /** What the page is of, as one word in a sentence: `cluster`. */
  what: string;
  /** The API answers; what is missing is on its way. */
  isLive: boolean;
  /** Why it can't be shown though the API answers. */
  problem?: string | undefined;
}

/** The shape of a page about one thing while its data is on the way, and the reason when that takes long. */
export function PageSkeleton({ what, isLive, problem }: PageSkeletonProps) {
  return (
    <div className="grid gap-4">
      <h1 className="sr-only capitalize">{what}</h1>
      {isLive && problem ? (
        <Notice tone="danger" title={`The ${what} can't be shown`}>
          {problem} Slipway asks again when the connection is renewed; reload to ask now.
        </Notice>
      ) : isLive ? (
        <p role="status" className="sr-only">
          Loading the {what}…
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
