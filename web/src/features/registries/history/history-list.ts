import type { Build } from "../builds/build-documents.ts";
import { isDropped } from "../builds/build-words.ts";
import type { HistoryPage } from "./history-documents.ts";
import { type HistoryFilter, matches } from "./history-filter.ts";

export const BUILDS_PER_PAGE = 50;

/** The builds that have been loaded, newest first, and whether there are older ones. */
export interface HistoryList {
  builds: readonly Build[];
  hasMore: boolean;
  /** Where the older ones begin. */
  cursor: string | null;
  /** Ids that came while the page was open: their rows slide in. */
  late: ReadonlySet<string>;
}

export function firstPage({ edges, pageInfo }: HistoryPage): HistoryList {
  return {
    builds: edges.map(({ node }) => node),
    hasMore: pageInfo.hasNextPage,
    cursor: pageInfo.endCursor,
    late: new Set(),
  };
}

/** The list with the page that follows what it has. */
export function appendPage(list: HistoryList, page: HistoryPage): HistoryList {
  const known = new Set(list.builds.map((build) => build.id));
  const next = firstPage(page);
  return { ...next, builds: [...list.builds, ...next.builds.filter(({ id }) => !known.has(id))], late: list.late };
}

/**
 * The list after these builds have started or changed. One that doesn't match the filter any more leaves; one that is older than what has been
 * loaded waits for its page. What is not newer than what is known changes nothing, and then the same list comes back.
 */
export function mergeChanged(list: HistoryList, changed: readonly Build[], filter: HistoryFilter): HistoryList {
  const byId = new Map(list.builds.map((build) => [build.id, build]));
  const oldest = list.builds.at(-1);
  const late = new Set(list.late);
  let isChanged = false;
  for (const build of changed) {
    const known = byId.get(build.id);
    if (known && known.version >= build.version) continue;
    const isListed =
      !isDropped(build) && matches(build, filter) && (known || !list.hasMore || (oldest && order(build, oldest) < 0));
    if (!isListed && !known) continue;
    isChanged = true;
    if (!isListed) byId.delete(build.id);
    else {
      byId.set(build.id, build);
      if (!known) late.add(build.id);
    }
  }
  return isChanged ? { ...list, builds: [...byId.values()].sort(order), late } : list;
}

/** Newest first, as the API has it. */
function order(one: Build, other: Build): number {
  return Date.parse(other.createdAt) - Date.parse(one.createdAt) || (one.id < other.id ? -1 : 1);
}
