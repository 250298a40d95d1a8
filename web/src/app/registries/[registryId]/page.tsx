import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import {
  registryHeadQuery,
  registryPageQuery,
  registryRowsQuery,
} from "../../../features/registries/registry-documents.ts";
import { RegistryView } from "../../../features/registries/registry-view.tsx";
import { parseRowFilter } from "../../../features/registries/row-filter.ts";
import { ApiNotice } from "../../../features/session/api-notice.tsx";
import { dataOf, isUnknownId, queryApi } from "../../../graphql/query-api.ts";
import { decodeSegment } from "../../../lib/routes.ts";

interface RegistryPageProps {
  params: Promise<{ registryId: string }>;
  searchParams: Promise<Parameters<typeof parseRowFilter>[0]>;
}

/** More rows than this come over the socket alone, where they stream in: in the page they would be sent twice and hold it up. */
const MOST_RENDERED_ROWS = 200;

const readRegistry = cache((id: string) => queryApi(registryPageQuery, { id }));

export async function generateMetadata({ params }: RegistryPageProps): Promise<Metadata> {
  const id = decodeSegment((await params).registryId);
  const page = id === undefined ? undefined : dataOf(await readRegistry(id));
  return { title: page?.registry?.name ?? "Registry" };
}

// No loading.tsx beside this page: it would send the status line before the answer is known, and an unknown id must be a 404.
export default async function RegistryPage({ params, searchParams }: RegistryPageProps) {
  const id = decodeSegment((await params).registryId);
  if (id === undefined) notFound();
  const [answer, headAnswer] = await Promise.all([readRegistry(id), queryApi(registryHeadQuery, { id })]);
  if (answer.status === "answered" && answer.data.registry === null) notFound();
  if (isUnknownId(answer)) notFound();
  const head = dataOf(headAnswer)?.registry ?? undefined;
  const rows =
    head && head.repositoryCount <= MOST_RENDERED_ROWS ? dataOf(await queryApi(registryRowsQuery, { id })) : undefined;
  return (
    <div className="grid gap-4">
      <ApiNotice wasReached={answer.status !== "unreachable"} />
      <RegistryView
        key={id}
        registryId={id}
        registry={dataOf(answer)?.registry ?? undefined}
        head={head}
        rows={rows?.registry?.repositories}
        filter={parseRowFilter(await searchParams)}
      />
    </div>
  );
}
