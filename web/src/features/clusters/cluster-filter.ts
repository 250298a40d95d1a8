import { parseSort, type Sort, sorted } from "../../lib/sort.ts";
import type { Cluster } from "./cluster-documents.ts";

/** Which clusters are shown and in which order, as it stands in the page's address; an empty text means any. */
export type ClusterFilter = { search: string; status: string; location: string; sort: string };

export const CLUSTER_SORTS = ["name", "status", "version", "location", "group"] as const;
export type ClusterSortKey = (typeof CLUSTER_SORTS)[number];
export const USUAL_SORT: Sort<ClusterSortKey> = { key: "name", isDescending: false };

/** What wants somebody first, then what moves, then what rests. */
const BY_URGENCY = [
  "FAILED",
  "CANCELED",
  "UNKNOWN",
  "CANCELING",
  "DELETING",
  "CREATING",
  "UPDATING",
  "STARTING",
  "STOPPING",
  "READY",
  "STOPPED",
];

const VALUES: Record<ClusterSortKey, (cluster: Cluster) => string | number> = {
  name: ({ name }) => name,
  status: ({ status }) => BY_URGENCY.indexOf(status),
  version: ({ kubernetesVersion }) => kubernetesVersion,
  location: ({ location }) => location,
  group: ({ resourceGroup }) => resourceGroup,
};

/** Reads a filter from the query of a page's address. */
export function parseClusterFilter(query: Record<string, string | string[] | undefined>): ClusterFilter {
  const textOf = (name: string) => (typeof query[name] === "string" ? query[name] : "");
  return { search: textOf("search"), status: textOf("status"), location: textOf("location"), sort: textOf("sort") };
}

export function sortOf({ sort }: Pick<ClusterFilter, "sort">): Sort<ClusterSortKey> {
  return parseSort(sort, CLUSTER_SORTS, USUAL_SORT);
}

export function isFiltered({ search, status, location }: ClusterFilter): boolean {
  return search !== "" || status !== "" || location !== "";
}

/** The clusters that match; every word of the search stands in the name, the group or a pool's name. */
export function filterClusters(clusters: readonly Cluster[], filter: ClusterFilter): readonly Cluster[] {
  const words = filter.search.toLowerCase().split(/\s+/);
  return clusters.filter(({ name, resourceGroup, nodePools, status, location }) => {
    const text = [name, resourceGroup, ...nodePools.map((pool) => pool.name)].join(" ").toLowerCase();
    return (
      (filter.status === "" || status.toLowerCase() === filter.status.toLowerCase()) &&
      (filter.location === "" || location === filter.location) &&
      words.every((word) => text.includes(word))
    );
  });
}

export function sortClusters(
  clusters: readonly Cluster[],
  { key, isDescending }: Sort<ClusterSortKey>,
): readonly Cluster[] {
  return sorted(clusters, VALUES[key], isDescending);
}
