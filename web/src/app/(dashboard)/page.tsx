import { Plus } from "lucide-react";
import { activityQuery } from "../../features/activity/activity-documents.ts";
import { RECENT_ENTRIES } from "../../features/activity/activity-list.ts";
import { RecentActivity } from "../../features/activity/recent-activity.tsx";
import { clusterListQuery } from "../../features/clusters/cluster-documents.ts";
import { parseClusterFilter } from "../../features/clusters/cluster-filter.ts";
import { ClustersSection } from "../../features/clusters/clusters-section.tsx";
import { AttentionList } from "../../features/provisions/attention-list.tsx";
import { attentionQuery, provisionListQuery } from "../../features/provisions/provision-documents.ts";
import { parseProvisionFilter } from "../../features/provisions/provision-filter.ts";
import { LISTED_PROVISIONS, ProvisionListProvider } from "../../features/provisions/provision-list.tsx";
import { mergeSummaries } from "../../features/provisions/provision-state.ts";
import { RecentProvisions } from "../../features/provisions/recent-provisions.tsx";
import { ProvisionsUnderWay } from "../../features/provisions/under-way.tsx";
import { BuildsInFlight } from "../../features/registries/in-flight/builds-in-flight.tsx";
import { buildsInFlightQuery } from "../../features/registries/in-flight/in-flight-documents.ts";
import { RegistriesCard } from "../../features/registries/registries-card.tsx";
import { registryListQuery } from "../../features/registries/registry-documents.ts";
import { ApiNotice } from "../../features/session/api-notice.tsx";
import { dataOf, queryApi } from "../../graphql/query-api.ts";
import { routes } from "../../lib/routes.ts";
import { ActionLink } from "../../ui/action-button.tsx";

interface DashboardPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function DashboardPage({ searchParams }: DashboardPageProps) {
  const query = await searchParams;
  const [clusters, provisions, attention, builds, registries, activity] = await Promise.all([
    queryApi(clusterListQuery, {}),
    queryApi(provisionListQuery, { first: LISTED_PROVISIONS }),
    queryApi(attentionQuery, { first: LISTED_PROVISIONS }),
    queryApi(buildsInFlightQuery, {}),
    queryApi(registryListQuery, {}),
    queryApi(activityQuery, { first: RECENT_ENTRIES, scope: "CHANGES" }),
  ]);
  const waiting = dataOf(attention)?.provisions.edges ?? [];
  const listed = dataOf(provisions)?.provisions.edges;
  const summaries =
    listed &&
    mergeSummaries(
      [],
      [...listed, ...waiting].map((edge) => edge.node),
    );
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center gap-3">
        <h1>Clusters</h1>
        <ActionLink href={routes.newCluster()} look="primary" className="ml-auto">
          <Plus size={16} aria-hidden="true" /> Create cluster
        </ActionLink>
      </div>
      <ApiNotice wasReached={clusters.status !== "unreachable"} />
      <ProvisionListProvider initial={summaries}>
        <ProvisionsUnderWay />
        <AttentionList />
        <BuildsInFlight initial={dataOf(builds)?.buildsInFlight} />
        <ClustersSection initial={dataOf(clusters)?.clusters} initialFilter={parseClusterFilter(query)} />
        <RegistriesCard initial={dataOf(registries)?.registries} />
        <RecentProvisions initialFilter={parseProvisionFilter(query)} />
      </ProvisionListProvider>
      <RecentActivity initial={dataOf(activity)?.activity} />
    </div>
  );
}
