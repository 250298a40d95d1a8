import type { Metadata } from "next";
import { systemHealthQuery } from "../../features/health/health-documents.ts";
import { HealthView } from "../../features/health/health-view.tsx";
import { ApiNotice } from "../../features/session/api-notice.tsx";
import { dataOf, queryApi } from "../../graphql/query-api.ts";

export const metadata: Metadata = { title: "Health" };

export default async function HealthPage() {
  const answer = await queryApi(systemHealthQuery, {});
  return (
    <div className="grid gap-4">
      <h1>Health</h1>
      <ApiNotice wasReached={answer.status !== "unreachable"} />
      <HealthView initial={dataOf(answer)?.systemHealth} />
    </div>
  );
}
