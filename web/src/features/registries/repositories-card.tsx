"use client";

import { ArrowUp, LoaderCircle, Plus } from "lucide-react";
import { useMemo } from "react";
import type { CombinedError } from "urql";
import { errorText } from "../../graphql/error-text.ts";
import { routes } from "../../lib/routes.ts";
import { ActionLink } from "../../ui/action-button.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { classNames } from "../../ui/class-names.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-text.tsx";
import type { CancelBuild } from "./builds/use-cancel-build.ts";
import type { Registry, RegistryHead } from "./registry-documents.ts";
import { RepositoriesToolbar } from "./repositories-toolbar.tsx";
import { isOutOfOrder, type RepositoryList, type RowOrder, showWaiting, sortRows } from "./repository-list.ts";
import { RepositoryTable } from "./repository-table.tsx";
import { type StateFilter, visibleRows } from "./repository-words.ts";
import type { RowFilter } from "./row-filter.ts";
import { useRowFilter } from "./use-row-filter.ts";

interface RepositoriesCardProps {
  registry: Registry;
  head: RegistryHead | undefined;
  list: RepositoryList;
  change(with_: (list: RepositoryList) => RepositoryList): void;
  error: CombinedError | undefined;
  cancel: CancelBuild;
  initialFilter: RowFilter;
}

/** The registry's card: what it counts, what it does now, and its repositories. */
export function RepositoriesCard({
  registry,
  head,
  list,
  change,
  error,
  cancel,
  initialFilter,
}: RepositoriesCardProps) {
  const [filter, setFilter] = useRowFilter(initialFilter);
  const rows = useMemo(() => visibleRows(list, filter.words, filter.state), [list, filter]);
  const canSort = useMemo(() => list.isSettled && isOutOfOrder(list), [list]);
  const { builtCount = 0, buildingCount = 0, failedCount = 0 } = head ?? {};
  const isBuilding = buildingCount > 0;
  const isFiltered = filter.words.trim() !== "" || filter.state !== "all";

  const sort = (order: RowOrder) => change((before) => sortRows(before, order));
  const toggle = (state: StateFilter) => setFilter({ state: filter.state === state ? "all" : state });
  return (
    <Card
      title="Repositories"
      flush
      beside={
        <span className="flex flex-wrap items-center gap-2">
          {builtCount > 0 && (
            <CountButton
              isOn={filter.state === "available"}
              onClick={() => toggle("available")}
              className="bg-success-soft text-success"
            >
              {builtCount} built
            </CountButton>
          )}
          {isBuilding && (
            <CountButton
              isOn={filter.state === "building"}
              onClick={() => toggle("building")}
              className="bg-accent-soft text-accent"
            >
              <LoaderCircle size={13} strokeWidth={2.2} aria-hidden="true" className="icon-spin" /> {buildingCount}{" "}
              building
            </CountButton>
          )}
          {failedCount > 0 && (
            <CountButton
              isOn={filter.state === "failed"}
              onClick={() => toggle("failed")}
              className="bg-danger-soft text-danger"
            >
              {failedCount} failed
            </CountButton>
          )}
        </span>
      }
      aside={
        <span className="flex items-center gap-4">
          <Total head={head} count={countRows(list)} list={list} {...(isFiltered && { shown: rows.length })} />
          {!isBuilding && (
            <ActionLink href={routes.newBuild(registry.id)} look="primary">
              <Plus size={16} aria-hidden="true" /> Build images
            </ActionLink>
          )}
        </span>
      }
    >
      {isBuilding && <div aria-hidden="true" className="busy-line" />}
      {error && (
        <div className="px-[18px] pt-3">
          <Notice tone="danger" title="The live updates of this registry are refused">
            {errorText(error)} Slipway keeps asking.
          </Notice>
        </div>
      )}
      {(list.byId.size > 0 || list.isSettled) && (
        <RepositoriesToolbar
          filter={filter}
          onChange={(part) => {
            setFilter(part);
            if (part.order) sort(part.order);
          }}
          {...(canSort && { onSortAgain: () => sort(list.sortedBy) })}
        />
      )}
      <Rows
        isFiltered={isFiltered}
        hasRows={rows.length > 0}
        list={list}
        head={head}
        registry={registry}
        onClear={() => setFilter({ words: "", state: "all" })}
      >
        <RepositoryTable
          registry={registry}
          rows={rows}
          list={list}
          cancel={cancel}
          lastKnownAt={head?.problem?.subject === "IMAGES" ? head.problem.lastKnownAt : null}
        />
      </Rows>
      {list.waiting.length > 0 && (
        <Button
          look="primary"
          className="fixed bottom-5 left-1/2 z-10 -translate-x-1/2 rounded-full shadow-popup"
          onClick={() => {
            change(showWaiting);
            window.scrollTo({ top: 0 });
          }}
        >
          <ArrowUp size={15} aria-hidden="true" /> {list.waiting.length} new
        </Button>
      )}
    </Card>
  );
}

/** Repositories that have rows. */
function countRows(list: RepositoryList): number {
  let count = 0;
  for (const { state, placeholder } of list.byId.values()) if (state !== "DELETED" && !placeholder) count += 1;
  return count;
}

function CountButton({
  isOn,
  onClick,
  className,
  children,
}: {
  isOn: boolean;
  onClick(): void;
  className: string;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={classNames(
        "chip inline-flex min-h-6 items-center gap-1.5 rounded-[14px] px-[11px] py-0.5 text-[12.5px] font-semibold hover:underline",
        className,
        isOn && "ring-2 ring-current",
      )}
    >
      {children}
    </button>
  );
}

interface TotalProps {
  head: RegistryHead | undefined;
  count: number;
  list: RepositoryList;
  /** Rows that the filter leaves. */
  shown?: number;
}

function Total({ head, count, list, shown }: TotalProps) {
  if (!head) return null;
  if (!list.isSettled && count < head.repositoryCount)
    return (
      <span className="tabular-nums">
        Loading {count} of {head.repositoryCount}…
      </span>
    );
  if (!head.listingComplete) {
    return (
      <span
        className="text-warning tabular-nums"
        title="Azure has not told all repositories yet: there may be more than are shown."
      >
        {count} so far · listing incomplete
      </span>
    );
  }
  if (head.problem?.subject === "IMAGES" && head.problem.lastKnownAt) {
    return (
      <span>
        last known, from <TimeAgo iso={head.problem.lastKnownAt} />
      </span>
    );
  }
  const { repositoryCount } = head;
  return (
    <span className="tabular-nums">
      {shown !== undefined && `${shown} shown · `}
      {repositoryCount === 1 ? "1 repository" : `${repositoryCount} repositories`}
    </span>
  );
}

interface RowsProps {
  isFiltered: boolean;
  hasRows: boolean;
  list: RepositoryList;
  head: RegistryHead | undefined;
  registry: Registry;
  onClear(): void;
  children: React.ReactNode;
}

/** The table, or the right words in its place: loading, unreachable, empty and no match are four different things. */
function Rows({ isFiltered, hasRows, list, head, registry, onClear, children }: RowsProps) {
  if (hasRows) return children;
  if (isFiltered && list.byId.size > 0) {
    return (
      <EmptyState title="No repository matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
        No name, tag or state is what you look for.
      </EmptyState>
    );
  }
  if (!list.isSettled) return <SkeletonRows rows={5} />;
  if (head && (!head.reachable || !head.listingComplete)) {
    return (
      <EmptyState title="Not known yet">
        Azure has not told yet what is in this registry. The rows come by themselves.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing in this registry yet"
      action={
        <ActionLink href={routes.newBuild(registry.id)} look="primary">
          <Plus size={16} aria-hidden="true" /> Build images
        </ActionLink>
      }
    >
      Build an image from a Git repository, or push one to {registry.loginServer}: it is shown here as it happens.
    </EmptyState>
  );
}
