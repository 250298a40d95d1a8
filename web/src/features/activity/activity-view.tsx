"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { errorText } from "../../graphql/error-text.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { Toolbar } from "../../ui/toolbar.tsx";
import type { ActivityEntry, ActivityPage } from "./activity-documents.ts";
import { activityAddress, type ActivityFilter, isFiltered, NO_FILTER, parseAction } from "./activity-filter.ts";
import { ENTRIES_PER_PAGE } from "./activity-list.ts";
import { ActivityRow } from "./activity-row.tsx";
import { ACTION_CHOICES } from "./activity-words.ts";
import { type Activity, useActivity } from "./use-activity.ts";

const ANY_ACTION = { value: "", label: "All actions" };

interface ActivityViewProps {
  initialFilter: ActivityFilter;
  /** The newest entries that match it, as the server read them. */
  initial: ActivityPage | undefined;
}

/** What people have done, newest first and live. The filter stands in the page's address. */
export function ActivityView({ initialFilter, initial }: ActivityViewProps) {
  const [filter, setFilter] = useState(initialFilter);

  function change(part: Partial<ActivityFilter>) {
    const next = { ...filter, ...part };
    setFilter(next);
    window.history.replaceState(window.history.state, "", activityAddress(next));
  }
  return (
    <Card flush>
      <Entries
        key={activityAddress(filter)}
        filter={filter}
        initial={filter === initialFilter ? initial : undefined}
        onChange={change}
      />
    </Card>
  );
}

interface EntriesProps {
  filter: ActivityFilter;
  initial: ActivityPage | undefined;
  onChange(part: Partial<ActivityFilter>): void;
}

function Entries({ filter, initial, onChange }: EntriesProps) {
  const activity = useActivity(filter, initial, ENTRIES_PER_PAGE);
  const { list } = activity;
  return (
    <>
      <ActivityToolbar filter={filter} aboutName={nameOf(filter.about, list?.entries ?? [])} onChange={onChange} />
      {!list ? (
        <NotKnown activity={activity} />
      ) : list.entries.length > 0 ? (
        <ol aria-label="Activity, newest first">
          {list.entries.map((entry) => (
            <ActivityRow
              key={entry.id}
              entry={entry}
              isLate={list.late.has(entry.id)}
              onAbout={filter.about === "" ? (about) => onChange({ about }) : undefined}
            />
          ))}
        </ol>
      ) : (
        <None hasMore={list.hasMore} filter={filter} onClear={() => onChange(NO_FILTER)} />
      )}
      <Foot activity={activity} />
    </>
  );
}

function ActivityToolbar({
  filter,
  aboutName,
  onChange,
}: Pick<EntriesProps, "filter" | "onChange"> & { aboutName: string }) {
  return (
    <Toolbar searches="Activity">
      <div className="w-52 max-sm:w-full">
        <SelectField
          id="activity-action"
          label="Action"
          hideLabel
          value={filter.action}
          options={[ANY_ACTION, ...ACTION_CHOICES]}
          onChange={(action) => onChange({ action: parseAction(action) })}
        />
      </div>
      {filter.about !== "" && (
        <Button onClick={() => onChange({ about: "" })}>
          <span className="max-w-[28ch] truncate">Only {aboutName}</span>
          <X size={14} aria-hidden="true" />
          <span className="sr-only">: show everything</span>
        </Button>
      )}
    </Toolbar>
  );
}

/** As the entries call it: the thing itself, or what began it. */
function nameOf(id: string, entries: readonly ActivityEntry[]): string {
  const itself = entries.find(({ target }) => target.id === id && target.name !== "");
  return itself?.target.name ?? entries.find(({ target }) => target.name !== "")?.target.name ?? "one thing";
}

function NotKnown({ activity: { error, retry } }: { activity: Activity }) {
  const { status } = useConnection();
  if (error) {
    return (
      <div className="p-[18px]">
        <Notice tone="danger" title="The activity can't be listed" action={<Button onClick={retry}>Try again</Button>}>
          {errorText(error)}
        </Notice>
      </div>
    );
  }
  if (status === "offline")
    return <EmptyState title="Not known yet">The activity comes as soon as Slipway can be reached.</EmptyState>;
  return <SkeletonRows rows={6} />;
}

function None({ hasMore, filter, onClear }: { hasMore: boolean; filter: ActivityFilter; onClear(): void }) {
  if (hasMore)
    return (
      <EmptyState title="No match among the newest entries">Older ones have not been looked through yet.</EmptyState>
    );
  if (isFiltered(filter)) {
    return (
      <EmptyState title="Nothing like that yet" action={<Button onClick={onClear}>Show everything</Button>}>
        Nobody has asked for it.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing done yet">
      Whatever anyone asks Slipway to do, such as creating a cluster or building an image, is kept here with its
      outcome.
    </EmptyState>
  );
}

function Foot({ activity: { list, isLoading, loadMore, moreError } }: { activity: Activity }) {
  if (!list?.hasMore) return null;
  const count = list.entries.length;
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 border-t border-line px-[18px] py-3">
      {moreError && (
        <p role="alert" className="text-danger">
          Older entries can&apos;t be read now: {errorText(moreError)}
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
