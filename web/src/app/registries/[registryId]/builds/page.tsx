import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { buildRegistryQuery } from "../../../../features/registries/builds/build-documents.ts";
import { BuildHistoryView } from "../../../../features/registries/history/build-history-view.tsx";
import { buildHistoryQuery } from "../../../../features/registries/history/history-documents.ts";
import { parseHistoryFilter, queryOf } from "../../../../features/registries/history/history-filter.ts";
import { BUILDS_PER_PAGE } from "../../../../features/registries/history/history-list.ts";
import { ApiNotice } from "../../../../features/session/api-notice.tsx";
import { dataOf, isUnknownId, queryApi } from "../../../../graphql/query-api.ts";
import { decodeSegment } from "../../../../lib/routes.ts";

export const metadata: Metadata = { title: "Build history" };

interface BuildHistoryPageProps {
  params: Promise<{ registryId: string }>;
  searchParams: Promise<{ image?: string | string[]; state?: string | string[] }>;
}

// No loading.tsx beside this page: it would send the status line before the answer is known, and an unknown id must be a 404.
export default async function BuildHistoryPage({ params, searchParams }: BuildHistoryPageProps) {
  const registryId = decodeSegment((await params).registryId);
  if (registryId === undefined) notFound();
  const filter = parseHistoryFilter(await searchParams);
  const [answer, builds] = await Promise.all([
    queryApi(buildRegistryQuery, { registryId }),
    queryApi(buildHistoryQuery, { registryId, ...queryOf(filter), first: BUILDS_PER_PAGE }),
  ]);
  if (isUnknownId(answer) || (answer.status === "answered" && answer.data.registry === null)) notFound();
  return (
    <div className="grid gap-4">
      <ApiNotice wasReached={answer.status !== "unreachable"} />
      <BuildHistoryView
        key={registryId}
        registryId={registryId}
        registry={dataOf(answer)?.registry ?? undefined}
        initialFilter={filter}
        initial={dataOf(builds)?.builds}
      />
    </div>
  );
}
