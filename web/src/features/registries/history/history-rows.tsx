"use client";

import { useEffect, useEffectEvent, useMemo } from "react";
import { errorText } from "../../../graphql/error-text.ts";
import { useConnection } from "../../../graphql/live-provider.tsx";
import { routes } from "../../../lib/routes.ts";
import { ActionLink } from "../../../ui/action-button.tsx";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useBuildMilestones } from "../use-build-milestones.ts";
import type { HistoryPage } from "./history-documents.ts";
import { type HistoryFilter } from "./history-filter.ts";
import { HistoryTable } from "./history-table.tsx";
import { type BuildHistory, useBuildHistory } from "./use-build-history.ts";

interface HistoryRowsProps {
  registryId: string;
  filter: HistoryFilter;
  initial: HistoryPage | undefined;
  /** Told the images of the builds that are loaded. */
  onImages(images: readonly string[]): void;
  /** Takes the filter away; left out when there is none. */
  onClear?(): void;
}

/** The builds that match one filter. Loading, none, none so far and refused are four different things. */
export function HistoryRows({ registryId, filter, initial, onImages, onClear }: HistoryRowsProps) {
  const history = useBuildHistory(registryId, filter, initial);
  const { list } = history;
  const builds = list?.builds;
  useBuildMilestones(builds ?? [], builds !== undefined);

  const images = useMemo(() => [...new Set(builds?.map((build) => build.image))].sort(), [builds]);
  const tellImages = useEffectEvent(() => {
    // One image alone is what the filter holds already: it offers no choice.
    if (filter.image === "") onImages(images);
  });
  useEffect(() => tellImages(), [images]);

  if (!list) return <Unknown history={history} />;
  if (list.builds.length === 0 && !list.hasMore)
    return <None registryId={registryId} filter={filter} onClear={onClear} />;
  return (
    <>
      {list.builds.length > 0 ? (
        <HistoryTable list={list} />
      ) : (
        <EmptyState title="No match among the newest builds">Older ones have not been looked through yet.</EmptyState>
      )}
      <Foot history={history} />
    </>
  );
}

function Unknown({ history: { error, retry } }: { history: BuildHistory }) {
  const { status } = useConnection();
  if (error) {
    return (
      <div className="p-[18px]">
        <Notice tone="danger" title="The builds can't be listed" action={<Button onClick={retry}>Try again</Button>}>
          {errorText(error)}
        </Notice>
      </div>
    );
  }
  if (status === "offline")
    return <EmptyState title="Not known yet">The builds come as soon as Slipway can be reached.</EmptyState>;
  return <SkeletonRows rows={6} />;
}

function None({
  registryId,
  filter,
  onClear,
}: Pick<HistoryRowsProps, "registryId" | "filter"> & { onClear: HistoryRowsProps["onClear"] }) {
  if (onClear) {
    return (
      <EmptyState title="No build matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
        {filter.image ? `Of ${filter.image}, by its whole name, ` : ""}
        {filter.image ? "there is no such build." : "No build of this registry stands so."}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No builds yet"
      action={
        <ActionLink href={routes.newBuild(registryId)} look="primary">
          Build images
        </ActionLink>
      }
    >
      Every build of this registry is kept here, also those that were started outside Slipway.
    </EmptyState>
  );
}

function Foot({ history: { list, isLoading, loadMore, moreError } }: { history: BuildHistory }) {
  if (!list?.hasMore) return null;
  const count = list.builds.length;
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 border-t border-line px-[18px] py-3">
      {moreError && (
        <p role="alert" className="text-danger">
          Older builds can&apos;t be read now: {errorText(moreError)}
        </p>
      )}
      <Button aria-busy={isLoading} onClick={() => void loadMore()}>
        {isLoading ? "Loading…" : moreError ? "Try again" : count > 0 ? "Load more" : "Look further back"}
      </Button>
      <span role="status" className="text-[12.5px] text-text-3 tabular-nums">
        {count > 0 && `${count} shown`}
      </span>
    </div>
  );
}
