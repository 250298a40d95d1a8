import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { buildPageQuery, buildRegistryQuery } from "../../../../features/registries/builds/build-documents.ts";
import { StartBuildView } from "../../../../features/registries/builds/start-build-view.tsx";
import { ApiNotice } from "../../../../features/session/api-notice.tsx";
import { dataOf, isUnknownId, queryApi } from "../../../../graphql/query-api.ts";
import { decodeSegment, routes } from "../../../../lib/routes.ts";
import { InternalLink } from "../../../../ui/internal-link.tsx";

export const metadata: Metadata = { title: "Build images" };

interface NewBuildPageProps {
  params: Promise<{ registryId: string }>;
  searchParams: Promise<Partial<Record<"from" | "image" | "field", string | string[]>>>;
}

export default async function NewBuildPage({ params, searchParams }: NewBuildPageProps) {
  const registryId = decodeSegment((await params).registryId);
  if (registryId === undefined) notFound();
  const { from, image, field } = await searchParams;
  const fromBuildId = typeof from === "string" && from !== "" ? from : undefined;
  const [answer, earlier] = await Promise.all([
    queryApi(buildRegistryQuery, { registryId }),
    fromBuildId === undefined ? undefined : queryApi(buildPageQuery, { id: fromBuildId }),
  ]);
  if (isUnknownId(answer) || (answer.status === "answered" && answer.data.registry === null)) notFound();
  const registry = dataOf(answer)?.registry ?? undefined;
  return (
    <div className="grid gap-5">
      <div>
        <nav aria-label="Breadcrumb" className="text-[12.5px] text-text-3">
          <InternalLink href={routes.registries()} className="rounded-control hover:text-accent hover:underline">
            Registries
          </InternalLink>{" "}
          /{" "}
          <InternalLink
            href={routes.registry(registryId)}
            className="rounded-control hover:text-accent hover:underline"
          >
            {registry?.name ?? "Registry"}
          </InternalLink>{" "}
          / Build
        </nav>
        <h1>Build images</h1>
      </div>
      <ApiNotice wasReached={answer.status !== "unreachable"} />
      <StartBuildView
        registryId={registryId}
        registry={registry}
        image={typeof image === "string" ? image : ""}
        fromBuildId={fromBuildId}
        fieldToChange={typeof field === "string" ? field : undefined}
        earlier={earlier && dataOf(earlier)}
      />
    </div>
  );
}
