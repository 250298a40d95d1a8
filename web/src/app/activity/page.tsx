import type { Metadata } from "next";
import { activityQuery } from "../../features/activity/activity-documents.ts";
import { parseActivityFilter, queryOf } from "../../features/activity/activity-filter.ts";
import { ENTRIES_PER_PAGE } from "../../features/activity/activity-list.ts";
import { ActivityView } from "../../features/activity/activity-view.tsx";
import { ApiNotice } from "../../features/session/api-notice.tsx";
import { dataOf, queryApi } from "../../graphql/query-api.ts";

export const metadata: Metadata = { title: "Activity" };

interface ActivityPageProps {
  searchParams: Promise<{ action?: string | string[]; about?: string | string[] }>;
}

export default async function ActivityPage({ searchParams }: ActivityPageProps) {
  const filter = parseActivityFilter(await searchParams);
  const answer = await queryApi(activityQuery, { ...queryOf(filter), first: ENTRIES_PER_PAGE });
  return (
    <div className="grid gap-4">
      <h1>Activity</h1>
      <ApiNotice wasReached={answer.status !== "unreachable"} />
      <ActivityView initialFilter={filter} initial={dataOf(answer)?.activity} />
    </div>
  );
}
