import { hasEnded, isDropped } from "../builds/build-words.ts";
import type { FlyingBuild } from "./in-flight-documents.ts";

/** How long a build that has ended is still shown with its outcome. */
const OUTCOME_MS = 60_000;

interface KnownBuild {
  build: FlyingBuild;
  /** The connection that told of it last. */
  epoch: number;
}

/** The builds that the dashboard has been told of. */
export type InFlightList = ReadonlyMap<string, KnownBuild>;

/** The list with what a connection told. Each build at its newest version. */
export function mergeBuilds(list: InFlightList, arrived: readonly FlyingBuild[], epoch: number): InFlightList {
  const next = new Map(list);
  for (const build of arrived) {
    const known = list.get(build.id)?.build;
    if (isDropped(build)) {
      next.delete(build.id);
      continue;
    }
    next.set(build.id, { build: known && known.version > build.version ? known : build, epoch });
  }
  return next;
}

/** The list after a connection has told of every build in flight: one that it didn't tell of has ended unseen. */
export function dropUntold(list: InFlightList, epoch: number): InFlightList {
  return new Map([...list].filter(([, known]) => known.epoch === epoch || hasEnded(known.build.status)));
}

/** The rows at this server time, newest first: what is in flight, and for a moment how it ended. */
export function shownInFlight(list: InFlightList, nowMs: number): readonly FlyingBuild[] {
  return [...list.values()]
    .map(({ build }) => build)
    .filter(({ status, observedAt }) => !hasEnded(status) || nowMs - Date.parse(observedAt) < OUTCOME_MS)
    .sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt) || (one.id < other.id ? -1 : 1));
}
