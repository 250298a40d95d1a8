"use client";

import { routes } from "../../lib/routes.ts";
import { Card } from "../../ui/card.tsx";
import { InternalLink } from "../../ui/internal-link.tsx";
import type { ActivityPage } from "./activity-documents.ts";
import { NO_FILTER } from "./activity-filter.ts";
import { RECENT_ENTRIES } from "./activity-list.ts";
import { ActivityRow } from "./activity-row.tsx";
import { useActivity } from "./use-activity.ts";

const CHANGES = { ...NO_FILTER, scope: "CHANGES" } as const;

/** The newest entries of the activity, live. Left out while there is none: a new Slipway has nothing to tell. */
export function RecentActivity({ initial }: { initial: ActivityPage | undefined }) {
  const { list } = useActivity(CHANGES, initial, RECENT_ENTRIES);
  const newest = list?.entries.slice(0, RECENT_ENTRIES) ?? [];
  if (newest.length === 0) return null;
  return (
    <Card
      title="Recent activity"
      aside={
        <InternalLink href={routes.activity()} className="link inline-flex min-h-6 items-center">
          All activity
        </InternalLink>
      }
      flush
    >
      <ol>
        {newest.map((entry) => (
          <ActivityRow key={entry.id} entry={entry} isLate={list?.late.has(entry.id) ?? false} compact />
        ))}
      </ol>
    </Card>
  );
}
