"use client";

import { Download, X } from "lucide-react";
import { useState } from "react";
import { errorText } from "../../graphql/error-text.ts";
import { useConnection } from "../../graphql/live-provider.tsx";
import { useSession } from "../../graphql/session.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { Toolbar } from "../../ui/toolbar.tsx";
import type { ActivityEntry, ActivityPage } from "./activity-documents.ts";
import {
  activityAddress,
  type ActivityFilter,
  isFiltered,
  NO_FILTER,
  parseAction,
  parseOutcome,
  parseScope,
} from "./activity-filter.ts";
import { ENTRIES_PER_PAGE } from "./activity-list.ts";
import { ActivityRow } from "./activity-row.tsx";
import { ACTION_CHOICES, isAccess, OUTCOME_CHOICES, SCOPE_CHOICES } from "./activity-words.ts";
import { type Activity, useActivity } from "./use-activity.ts";

const ANY_ACTION = { value: "", label: "All actions" };
const ANY_OUTCOME = { value: "", label: "All outcomes" };
const ALL = { value: "", label: "Everything" };

interface ActivityViewProps {
  initialFilter: ActivityFilter;
  /** The newest entries that match it, as the server read them. */
  initial: ActivityPage | undefined;
  /** Where administrators get a copy of all of it. */
  exportUrl: string;
}

/** What people have done, newest first and live. The filter stands in the page's address. */
export function ActivityView({ initialFilter, initial, exportUrl }: ActivityViewProps) {
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
        exportUrl={exportUrl}
        onChange={change}
      />
    </Card>
  );
}

interface EntriesProps {
  filter: ActivityFilter;
  initial: ActivityPage | undefined;
  exportUrl: string;
  onChange(part: Partial<ActivityFilter>): void;
}

function Entries({ filter, initial, exportUrl, onChange }: EntriesProps) {
  const activity = useActivity(filter, initial, ENTRIES_PER_PAGE);
  const { list } = activity;
  return (
    <>
      <ActivityToolbar
        filter={filter}
        aboutName={nameOf(filter.about, list?.entries ?? [])}
        exportUrl={exportUrl}
        onChange={onChange}
      />
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
  exportUrl,
  onChange,
}: Pick<EntriesProps, "filter" | "exportUrl" | "onChange"> & { aboutName: string }) {
  const isAdmin = useSession().session?.viewer.roles.includes("Slipway.Admin") ?? false;
  const actions = ACTION_CHOICES.filter(({ value }) => isAdmin || !isAccess(value));
  return (
    <Toolbar searches="Activity">
      <div className="w-52 max-sm:w-full">
        <SelectField
          id="activity-action"
          label="Action"
          hideLabel
          value={filter.action}
          options={[ANY_ACTION, ...actions]}
          onChange={(action) => onChange({ action: parseAction(action) })}
        />
      </div>
      <div className="w-44 max-sm:w-full">
        <SelectField
          id="activity-outcome"
          label="Outcome"
          hideLabel
          value={filter.outcome}
          options={[ANY_OUTCOME, ...OUTCOME_CHOICES]}
          onChange={(outcome) => onChange({ outcome: parseOutcome(outcome) })}
        />
      </div>
      {isAdmin && (
        <div className="w-52 max-sm:w-full">
          <SelectField
            id="activity-scope"
            label="Part of the activity"
            hideLabel
            value={filter.scope}
            options={[ALL, ...SCOPE_CHOICES]}
            onChange={(scope) => onChange({ scope: parseScope(scope) })}
          />
        </div>
      )}
      {filter.about !== "" && (
        <Button onClick={() => onChange({ about: "" })}>
          <span className="max-w-[28ch] truncate">Only {aboutName}</span>
          <X size={14} aria-hidden="true" />
          <span className="sr-only">: show everything</span>
        </Button>
      )}
      {isAdmin && (
        <a href={exportUrl} download className="link ml-auto inline-flex min-h-8 items-center gap-1.5 text-[13px]">
          <Download size={14} aria-hidden="true" />
          Download all (JSON lines)
        </a>
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
