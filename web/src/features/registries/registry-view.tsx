"use client";

import { useMemo } from "react";
import { cutTitle, isConnectionCut } from "../../graphql/connection-monitor.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { useQueryOnConnect } from "../../graphql/use-live.ts";
import { routes } from "../../lib/routes.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { TimeOfDay } from "../../ui/time-text.tsx";
import { CancelBuildDialog } from "./builds/cancel-build-dialog.tsx";
import { useCancelBuild } from "./builds/use-cancel-build.ts";
import { type Registry, type RegistryHead, registryPageQuery, type Repository } from "./registry-documents.ts";
import { RegistryHeader } from "./registry-header.tsx";
import { RegistryProblem } from "./registry-problem.tsx";
import { RepositoriesCard } from "./repositories-card.tsx";
import { shownBuilds } from "./repository-list.ts";
import type { RowFilter } from "./row-filter.ts";
import { useBuildMilestones } from "./use-build-milestones.ts";
import { useRegistry } from "./use-registry.ts";

interface RegistryViewProps {
  registryId: string;
  /** What the server read, as far as it could. */
  registry: Registry | undefined;
  head: RegistryHead | undefined;
  rows: readonly Repository[] | undefined;
  filter: RowFilter;
}

/** One registry, live: its card and the table of its repositories. */
export function RegistryView({
  registryId,
  registry: initial,
  head: initialHead,
  rows,
  filter: initialFilter,
}: RegistryViewProps) {
  const { data } = useQueryOnConnect(
    registryPageQuery,
    { id: registryId },
    { initial: initial && { registry: initial }, reconcile: false },
  );
  const { head, list, change, error } = useRegistry(registryId, initialHead, rows, initialFilter.order);
  const cancel = useCancelBuild();
  useBuildMilestones(
    useMemo(() => shownBuilds(list), [list]),
    list.isSettled,
  );

  if (data && !data.registry) return <UnknownRegistry />;
  const registry = data?.registry;
  if (!registry) {
    return (
      <Card title="Registry" flush>
        <SkeletonRows rows={5} />
      </Card>
    );
  }
  return (
    <div className="grid gap-4">
      <RegistryHeader registry={registry} />
      <StaleNotice head={head} />
      {head && <RegistryProblem head={head} />}
      <RepositoriesCard
        registry={registry}
        head={head}
        list={list}
        change={change}
        error={error}
        cancel={cancel}
        initialFilter={initialFilter}
      />
      <CancelBuildDialog cancel={cancel} />
    </div>
  );
}

function StaleNotice({ head }: { head: RegistryHead | undefined }) {
  const { status } = useConnection();
  if (!isConnectionCut(status)) return null;
  return (
    <Notice tone="warning" title={cutTitle(status)}>
      {head?.observedAt ? (
        <>
          These rows are the last known ones, as of <TimeOfDay iso={head.observedAt} />.{" "}
        </>
      ) : null}
      Builds go on at Azure; the page catches up by itself.
    </Notice>
  );
}

function UnknownRegistry() {
  return (
    <Card>
      <EmptyState
        title="There is no such registry"
        action={<LinkButton href={routes.registries()}>Back to registries</LinkButton>}
      >
        It may have been deleted, or Slipway&apos;s identity may not read it.
      </EmptyState>
    </Card>
  );
}
