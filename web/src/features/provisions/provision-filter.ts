import { parseSort, type Sort, sorted } from "../../lib/sort.ts";
import type { ProvisionSummary } from "./provision-documents.ts";

/** Which ended provisions are shown and in which order, as it stands in the page's address. */
export type ProvisionFilter = { result: string; provisions: string };

export const PROVISION_SORTS = ["cluster", "result", "took", "started", "by"] as const;
export type ProvisionSortKey = (typeof PROVISION_SORTS)[number];
export const NEWEST_FIRST: Sort<ProvisionSortKey> = { key: "started", isDescending: true };

const VALUES: Record<ProvisionSortKey, (provision: ProvisionSummary) => string | number> = {
  cluster: ({ clusterName }) => clusterName,
  result: ({ status }) => status,
  took: ({ progress }) => progress.elapsedSeconds,
  started: ({ createdAt }) => Date.parse(createdAt),
  by: ({ startedBy }) => startedBy,
};

/** Reads a filter from the query of a page's address. */
export function parseProvisionFilter(query: Record<string, string | string[] | undefined>): ProvisionFilter {
  const textOf = (name: string) => (typeof query[name] === "string" ? query[name] : "");
  return { result: textOf("result"), provisions: textOf("provisions") };
}

export function provisionSortOf({ provisions }: Pick<ProvisionFilter, "provisions">): Sort<ProvisionSortKey> {
  return parseSort(provisions, PROVISION_SORTS, NEWEST_FIRST);
}

/** The ended provisions that match, in the chosen order. */
export function arrangeProvisions(
  ended: readonly ProvisionSummary[],
  filter: ProvisionFilter,
): readonly ProvisionSummary[] {
  const { key, isDescending } = provisionSortOf(filter);
  const matching = ended.filter(
    ({ status }) => filter.result === "" || status.toLowerCase() === filter.result.toLowerCase(),
  );
  return sorted(matching, VALUES[key], isDescending);
}
