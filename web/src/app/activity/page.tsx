import type { Metadata } from "next";
import { headers } from "next/headers";
import { readApiAddress, resolveSameHost } from "../../config/api-address.ts";
import { activityQuery } from "../../features/activity/activity-documents.ts";
import { parseActivityFilter, queryOf } from "../../features/activity/activity-filter.ts";
import { ENTRIES_PER_PAGE } from "../../features/activity/activity-list.ts";
import { ActivityView } from "../../features/activity/activity-view.tsx";
import { ApiNotice } from "../../features/session/api-notice.tsx";
import { dataOf, queryApi } from "../../graphql/query-api.ts";

export const metadata: Metadata = { title: "Activity" };

interface ActivityPageProps {
  searchParams: Promise<Record<string, string | string[]>>;
}

export default async function ActivityPage({ searchParams }: ActivityPageProps) {
  const filter = parseActivityFilter(await searchParams);
  const { hostname } = new URL(`http://${(await headers()).get("host") ?? "localhost"}`);
  const exportUrl = resolveSameHost(`${readApiAddress().publicUrl}/activity.jsonl`, hostname);
  const answer = await queryApi(activityQuery, { ...queryOf(filter), first: ENTRIES_PER_PAGE });
  return (
    <div className="grid gap-4">
      <h1>Activity</h1>
      <ApiNotice wasReached={answer.status !== "unreachable"} />
      <ActivityView initialFilter={filter} initial={dataOf(answer)?.activity} exportUrl={exportUrl} />
    </div>
  );
}
