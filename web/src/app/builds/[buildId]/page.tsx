import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { buildPageQuery, buildRegistryQuery } from "../../../features/registries/builds/build-documents.ts";
import { BuildView } from "../../../features/registries/builds/build-view.tsx";
import { imageName } from "../../../features/registries/builds/build-words.ts";
import { ApiNotice } from "../../../features/session/api-notice.tsx";
import { dataOf, isUnknownId, queryApi } from "../../../graphql/query-api.ts";
import { decodeSegment } from "../../../lib/routes.ts";

interface BuildPageProps {
  params: Promise<{ buildId: string }>;
}

const readBuild = cache((id: string) => queryApi(buildPageQuery, { id }));

export async function generateMetadata({ params }: BuildPageProps): Promise<Metadata> {
  const id = decodeSegment((await params).buildId);
  const node = id === undefined ? undefined : dataOf(await readBuild(id))?.node;
  return { title: node?.__typename === "AcrBuild" ? imageName(node) : "Build" };
}

// No loading.tsx beside this page: it would send the status line before the answer is known, and an unknown id must be a 404.
export default async function BuildPage({ params }: BuildPageProps) {
  const id = decodeSegment((await params).buildId);
  if (id === undefined) notFound();
  const answer = await readBuild(id);
  if (isUnknownId(answer)) notFound();
  const page = dataOf(answer);
  if (page && page.node?.__typename !== "AcrBuild") notFound();
  const registryId = page?.node?.__typename === "AcrBuild" ? page.node.registryId : undefined;
  const registry =
    registryId === undefined ? undefined : dataOf(await queryApi(buildRegistryQuery, { registryId }))?.registry;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <ApiNotice wasReached={answer.status !== "unreachable"} />
      <BuildView key={id} buildId={id} initial={page} registry={registry ?? undefined} />
    </div>
  );
}
