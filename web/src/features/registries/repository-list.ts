import type { Build } from "./builds/build-documents.ts";
import type { Repository } from "./registry-documents.ts";

/** `newest`: what is being built first, then by when something last happened. */
export type RowOrder = "newest" | "name";

/**
 * The repositories of a registry as a page shows them.
 *
 * Loading: rows come in any order and stand sorted. Settled, once the snapshot is whole: a row keeps its place whatever happens to it;
 * a repository that is new goes on top, or waits in `waiting` while somebody reads further down. One that is deleted stays, faded, until the
 * order is made anew; one that was deleted before it was ever shown is kept out.
 */
export interface RepositoryList {
  byId: ReadonlyMap<string, Repository>;
  /** Versions, by id, at which rows have left: what is not newer must not bring them back. */
  gone: ReadonlyMap<string, number>;
  /** Ids in the order of their rows. */
  order: readonly string[];
  /** What they were sorted by, when that was last done. */
  sortedBy: RowOrder;
  /** Ids of new repositories that have no row yet, newest first. */
  waiting: readonly string[];
  /** Ids that came on top since it settled: only their rows slide in, not those that scrolling brings back. */
  late: ReadonlySet<string>;
  isSettled: boolean;
}

export const NO_REPOSITORIES: RepositoryList = {
  byId: new Map(),
  gone: new Map(),
  order: [],
  sortedBy: "newest",
  waiting: [],
  late: new Set(),
  isSettled: false,
};

/** As many rows as have left are remembered: an older message of one comes soon after, if it comes at all. */
const MOST_GONE = 1000;

/** The list with `arrived` in it. What is not newer than what is known changes nothing, and then the same list comes back. */
export function mergeRepositories(
  list: RepositoryList,
  arrived: readonly Repository[],
  isAtTop: boolean,
): RepositoryList {
  const byId = new Map(list.byId);
  const gone = new Map(list.gone);
  const fresh: string[] = [];
  let isChanged = false;
  for (const repository of arrived) {
    const { id, version } = repository;
    const known = byId.get(id);
    if ((known?.version ?? gone.get(id) ?? -1) >= version) continue;
    isChanged = true;
    gone.delete(id);
    if (isOver(repository)) {
      byId.delete(id);
      gone.set(id, version);
      continue;
    }
    byId.set(id, repository);
    if (!known || known.state === "DELETED") fresh.push(id);
  }
  if (!isChanged) return list;
  const next = withRows(list, byId, gone);
  if (!list.isSettled) return next;
  const shown = new Set([...next.order, ...next.waiting]);
  const added = fresh.filter((id) => !shown.has(id)).toReversed();
  const isThere = (id: string) => byId.has(id) && byId.get(id)?.state !== "DELETED";
  const withNew = { ...next, waiting: [...added, ...next.waiting].filter(isThere) };
  return isAtTop ? showWaiting(withNew) : withNew;
}

/**
 * The list without the rows that stand as they did `before` and of which the registry knows nothing any more: they went while the page was cut
 * off, for longer than anybody tells of it. `known`: the ids of all repositories, asked for after `before`.
 */
export function withoutMissing(
  list: RepositoryList,
  before: RepositoryList["byId"],
  known: ReadonlySet<string>,
): RepositoryList {
  const byId = new Map(list.byId);
  const gone = new Map(list.gone);
  for (const [id, { version }] of before) {
    const row = byId.get(id);
    if (known.has(id) || row?.version !== version || row.state === "DELETED") continue;
    byId.delete(id);
    gone.set(id, version);
  }
  return byId.size === list.byId.size ? list : withRows(list, byId, gone);
}

/** The list with these rows; those that have left give up their places. */
function withRows(list: RepositoryList, byId: RepositoryList["byId"], gone: Map<string, number>): RepositoryList {
  for (const id of gone.keys()) {
    if (gone.size <= MOST_GONE) break;
    gone.delete(id);
  }
  if (!list.isSettled) return { ...list, byId, gone, order: inOrder(byId, list.sortedBy) };
  const isThere = (id: string) => byId.has(id);
  return { ...list, byId, gone, order: list.order.filter(isThere), waiting: list.waiting.filter(isThere) };
}

/** The row of a run whose image was not known has nothing to show any more. */
function isOver({ placeholder, activeBuilds, lastBuild }: Repository): boolean {
  return placeholder && activeBuilds.length === 0 && lastBuild === null;
}

/** From now on rows keep their places. */
export function settle(list: RepositoryList): RepositoryList {
  return list.isSettled ? list : { ...list, isSettled: true };
}

/** Gives the waiting repositories their rows, on top. */
export function showWaiting(list: RepositoryList): RepositoryList {
  if (list.waiting.length === 0) return list;
  const late = new Set([...list.late, ...list.waiting]);
  return { ...list, order: [...list.waiting, ...list.order], waiting: [], late };
}

/** Makes the order anew because somebody asked for it. Deleted ones leave. */
export function sortRows(list: RepositoryList, sortedBy: RowOrder): RepositoryList {
  return { ...list, sortedBy, order: inOrder(list.byId, sortedBy), waiting: [] };
}

/** Whether rows stand elsewhere than sorting them again would put them. */
export function isOutOfOrder(list: RepositoryList): boolean {
  const sorted = inOrder(list.byId, list.sortedBy);
  const shown = list.order.filter((id) => list.byId.get(id)?.state !== "DELETED");
  return list.waiting.length === 0 && shown.length === sorted.length && sorted.some((id, index) => id !== shown[index]);
}

/** Every build that the rows show: those in flight and the last of each. */
export function shownBuilds(list: RepositoryList): readonly Build[] {
  const builds: Build[] = [];
  for (const { activeBuilds, lastBuild } of list.byId.values())
    builds.push(...activeBuilds, ...(lastBuild ? [lastBuild] : []));
  return builds;
}

/** When something last happened to a repository: a build, else its newest tag. `undefined` when nothing is known. */
export function activityOf(repository: Repository): string | undefined {
  const build = repository.activeBuilds[0] ?? repository.lastBuild;
  const times = [build?.finishedAt ?? build?.createdAt, repository.tags[0]?.createdAt].filter(
    (time) => typeof time === "string",
  );
  return times.sort().at(-1);
}

const byName = (one: Repository, other: Repository) => (one.name < other.name ? -1 : 1);

function inOrder(byId: ReadonlyMap<string, Repository>, sortedBy: RowOrder): string[] {
  const shown = [...byId.values()].filter((repository) => repository.state !== "DELETED");
  return (sortedBy === "name" ? shown.sort(byName) : newestFirst(shown)).map(({ id }) => id);
}

function newestFirst(repositories: readonly Repository[]): Repository[] {
  const keyed = repositories.map((repository) => ({
    repository,
    isBuilding: repository.activeBuilds.length > 0,
    at: activityOf(repository) ?? "",
  }));
  keyed.sort(
    (one, other) =>
      Number(other.isBuilding) - Number(one.isBuilding) ||
      (one.at < other.at ? 1 : one.at > other.at ? -1 : 0) ||
      byName(one.repository, other.repository),
  );
  return keyed.map(({ repository }) => repository);
}
