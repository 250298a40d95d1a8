import type { Metadata } from "next";
import { createFormQuery, earlierInputQuery } from "../../../features/clusters/cluster-documents.ts";
import { CreateClusterView } from "../../../features/clusters/create-cluster-view.tsx";
import { dataOf, queryApi } from "../../../graphql/query-api.ts";
import { routes } from "../../../lib/routes.ts";
import { InternalLink } from "../../../ui/internal-link.tsx";

export const metadata: Metadata = { title: "Create a cluster" };

interface NewClusterPageProps {
  searchParams: Promise<{ from?: string | string[]; field?: string | string[] }>;
}

export default async function NewClusterPage({ searchParams }: NewClusterPageProps) {
  const { from, field } = await searchParams;
  const fromProvisionId = typeof from === "string" && from !== "" ? from : undefined;
  const [choices, earlier] = await Promise.all([
    queryApi(createFormQuery, {}),
    fromProvisionId === undefined ? undefined : queryApi(earlierInputQuery, { provisionId: fromProvisionId }),
  ]);
  return (
    <div className="grid gap-5">
      <div>
        <nav aria-label="Breadcrumb" className="text-[12.5px] text-text-3">
          <InternalLink
            href={routes.home()}
            className="inline-flex min-h-6 items-center rounded-control hover:text-accent hover:underline"
          >
            Clusters
          </InternalLink>{" "}
          / New
        </nav>
        <h1>Create a cluster</h1>
      </div>
      <CreateClusterView
        choices={dataOf(choices)}
        fromProvisionId={fromProvisionId}
        fieldToChange={typeof field === "string" ? field : undefined}
        earlier={(earlier && dataOf(earlier)?.provision) ?? undefined}
      />
    </div>
  );
}
