import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { provisionPageQuery } from "../../../features/provisions/provision-documents.ts";
import { ProvisionView } from "../../../features/provisions/provision-view.tsx";
import { dataOf, queryApi } from "../../../graphql/query-api.ts";
import { decodeSegment } from "../../../lib/routes.ts";

interface ProvisionPageProps {
  params: Promise<{ provisionId: string }>;
}

const readProvision = cache((id: string) => queryApi(provisionPageQuery, { id }));

export async function generateMetadata({ params }: ProvisionPageProps): Promise<Metadata> {
  const id = decodeSegment((await params).provisionId);
  const page = id === undefined ? undefined : dataOf(await readProvision(id));
  return { title: page?.provision?.clusterName ?? "Provision" };
}

// No loading.tsx beside this page: it would send the status line before the answer is known, and an unknown id must be a 404.
export default async function ProvisionPage({ params }: ProvisionPageProps) {
  const id = decodeSegment((await params).provisionId);
  if (id === undefined) notFound();
  const answer = await readProvision(id);
  if (answer.status === "answered" && answer.data.provision === null) notFound();
  if (answer.status === "refused" && answer.codes.some((code) => ID_REFUSALS.has(code))) notFound();
  return <ProvisionView key={id} provisionId={id} initial={dataOf(answer)} />;
}

/** What the API may say to an id that is none of its own. */
const ID_REFUSALS = new Set(["NOT_FOUND", "BAD_USER_INPUT", "INVALID_INPUT", "INVALID_ID"]);
