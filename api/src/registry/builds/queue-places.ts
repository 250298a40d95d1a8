import type { AcrBuild } from "./acr-build.ts";

/**
 * The builds that are to be stored: those that have changed, and those whose place in the registry's queue has by that. ACR
 * starts runs in the order they came; it tells nobody's place, so that it is counted from what is in flight.
 * @param active as they are stored
 */
export function withQueuePlaces(
  active: readonly AcrBuild[],
  changed: readonly AcrBuild[],
  nowMs: number,
): readonly AcrBuild[] {
  const builds = new Map([...changed, ...active].map((build) => [build.id, build]));
  for (const build of changed) builds.set(build.id, build);
  const queue = [...builds.values()].filter(({ status }) => status === "QUEUED").sort(byArrival);
  const places = new Map(queue.map((build, at) => [build.id, at]));
  const now = new Date(nowMs).toISOString();
  const news = new Set(changed.map(({ id }) => id));
  return [...builds.values()].flatMap((build) => {
    const runsAhead = places.get(build.id);
    if (build.runsAhead === runsAhead) return news.has(build.id) ? [build] : [];
    const { runsAhead: _before, ...rest } = build;
    return [{ ...rest, observedAt: now, ...(runsAhead === undefined ? {} : { runsAhead }) }];
  });
}

function byArrival(a: AcrBuild, b: AcrBuild): number {
  return (
    (a.queuedAt ?? a.createdAt).localeCompare(b.queuedAt ?? b.createdAt) ||
    a.createdAt.localeCompare(b.createdAt) ||
    a.id.localeCompare(b.id)
  );
}
