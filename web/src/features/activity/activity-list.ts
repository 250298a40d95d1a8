import type { ActivityEntry, ActivityPage } from "./activity-documents.ts";

export const ENTRIES_PER_PAGE = 50;
/** How many the dashboard shows. */
export const RECENT_ENTRIES = 5;

/** The entries that have been loaded, newest first, and whether there are older ones. */
export interface ActivityList {
  entries: readonly ActivityEntry[];
  hasMore: boolean;
  /** Where the older ones begin. */
  cursor: string | null;
  /** Ids that came while the page was open: their rows slide in. */
  late: ReadonlySet<string>;
}

export function firstPage({ edges, pageInfo }: ActivityPage): ActivityList {
  return {
    entries: edges.map(({ node }) => node),
    hasMore: pageInfo.hasNextPage,
    cursor: pageInfo.endCursor,
    late: new Set(),
  };
}

/** The list with the page that follows what it has. */
export function appendPage(list: ActivityList, page: ActivityPage): ActivityList {
  const next = firstPage(page);
  return { ...next, entries: merge(list.entries, next.entries), late: list.late };
}

/** The list with entries that have been recorded since; one that is known already changes nothing. */
export function prepend(list: ActivityList, arrived: readonly ActivityEntry[]): ActivityList {
  const known = new Set(list.entries.map(({ id }) => id));
  const added = arrived.filter(({ id }) => !known.has(id));
  if (added.length === 0) return list;
  return {
    ...list,
    entries: merge(list.entries, added),
    late: new Set([...list.late, ...added.map(({ id }) => id)]),
  };
}

/**
 * The list after the newest page was asked for again: what the page has is as it is now. Entries are never changed or taken
 * away, so older ones that were loaded stay, unless there may be others between them and the page.
 */
export function refresh(list: ActivityList | undefined, page: ActivityPage): ActivityList {
  const fresh = firstPage(page);
  const oldest = fresh.entries.at(-1);
  const newest = list?.entries[0];
  const isJoined = list && oldest && newest && newest.sequence >= oldest.sequence;
  if (!isJoined) return fresh;
  return { ...list, entries: merge(list.entries, fresh.entries) };
}

/** Newest first; of the same entry the later word counts, because what it began has gone on. */
function merge(before: readonly ActivityEntry[], next: readonly ActivityEntry[]): readonly ActivityEntry[] {
  const byId = new Map([...before, ...next].map((entry) => [entry.id, entry]));
  return [...byId.values()].sort((one, other) => other.sequence - one.sequence);
}
