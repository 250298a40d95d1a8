import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { clusterPageQuery } from "../../../features/clusters/cluster-page-documents.ts";
import { ClusterView } from "../../../features/clusters/cluster-view.tsx";
import { dataOf, queryApi } from "../../../graphql/query-api.ts";
import { decodeSegment } from "../../../lib/routes.ts";

interface ClusterPageProps {
  params: Promise<{ clusterId: string }>;
}

const readCluster = cache((id: string) => queryApi(clusterPageQuery, { id }));

export async function generateMetadata({ params }: ClusterPageProps): Promise<Metadata> {
  const id = decodeSegment((await params).clusterId);
  const page = id === undefined ? undefined : dataOf(await readCluster(id));
  return { title: page?.cluster?.name ?? "Cluster" };
}

// No loading.tsx beside this page: it would send the status line before the answer is known, and an unknown id must be a 404.
export default async function ClusterPage({ params }: ClusterPageProps) {
  const id = decodeSegment((await params).clusterId);
  if (id === undefined) notFound();
  const answer = await readCluster(id);
  if (answer.status === "answered" && answer.data.cluster === null) notFound();
  return <ClusterView key={id} clusterId={id} initial={dataOf(answer)} />;
}
