import type { AcrBuild } from "./builds/acr-build.ts";
import { isTerminalBuild, type AcrBuildStatus } from "./builds/acr-run.ts";
import type { AcrTag } from "./registry.ts";

/** In flight for one repository and shown with it; there may be more. */
const MOST_ACTIVE_BUILDS = 40;

export type AcrRepositoryState =
  | "AVAILABLE"
  | "QUEUED"
  | "STARTED"
  | "RUNNING"
  | "FAILED"
  | "CANCELED"
  | "ERROR"
  | "TIMEOUT"
  | "DELETED"
  | "UNKNOWN";

/** One image repository with its newest tags and every build in flight for it, also one that has not pushed yet. */
export interface AcrRepository {
  readonly registryArmId: string;
  readonly name: string;
  /** The registry's sequence at its last change. */
  readonly version: number;
  readonly tags: readonly AcrTag[];
  readonly tagCount: number;
  /** When the tags were last listed; undefined before the first listing. */
  readonly tagsObservedAt?: string;
  readonly activeBuilds: readonly AcrBuild[];
  readonly lastBuild?: AcrBuild;
  /** ISO time. */
  readonly observedAt: string;
  readonly deletedAt?: string;
}

/** What is newly known of a repository. What is left out stays. */
export interface RepositoryFindings {
  readonly tags?: readonly AcrTag[];
  readonly tagCount?: number;
  readonly builds?: readonly AcrBuild[];
  readonly isGone?: boolean;
}

/** The repository with what was found; undefined when that changes nothing. `version` is set by the store. */
export function applyRepositoryFindings(
  registryArmId: string,
  name: string,
  before: AcrRepository | undefined,
  findings: RepositoryFindings,
  now: string,
): Omit<AcrRepository, "version"> | undefined {
  const builds = mergeBuilds(before, findings.builds ?? []);
  const isListed = findings.tags !== undefined;
  const next: Omit<AcrRepository, "version"> = {
    registryArmId,
    name,
    tags: findings.isGone ? [] : findings.tags ? keepKnown(findings.tags, before?.tags ?? []) : (before?.tags ?? []),
    tagCount: findings.isGone ? 0 : (findings.tagCount ?? before?.tagCount ?? 0),
    ...(isListed
      ? { tagsObservedAt: now }
      : before?.tagsObservedAt === undefined
        ? {}
        : { tagsObservedAt: before.tagsObservedAt }),
    activeBuilds: builds.active,
    ...(builds.last === undefined ? {} : { lastBuild: builds.last }),
    observedAt: now,
    ...(findings.isGone && builds.active.length === 0 ? { deletedAt: before?.deletedAt ?? now } : {}),
  };
  return before && isSame(before, next) ? undefined : next;
}

/**
 * A build in flight decides (the newest); else AVAILABLE when there are tags; else the last build's outcome; a deleted one
 * says so; UNKNOWN when nothing can be said.
 */
export function repositoryState(repository: Omit<AcrRepository, "version">): AcrRepositoryState {
  const newest = repository.activeBuilds[0];
  if (newest) return inFlight(newest.status);
  if (repository.deletedAt !== undefined) return "DELETED";
  if (repository.tags.length > 0 || repository.tagCount > 0) return "AVAILABLE";
  switch (repository.lastBuild?.status) {
    case "FAILED":
    case "CANCELED":
    case "ERROR":
    case "TIMEOUT":
      return repository.lastBuild.status;
    default:
      return "UNKNOWN";
  }
}

function inFlight(status: AcrBuildStatus): AcrRepositoryState {
  return status === "QUEUED" || status === "STARTED" || status === "RUNNING" ? status : "UNKNOWN";
}

function mergeBuilds(
  before: AcrRepository | undefined,
  found: readonly AcrBuild[],
): { readonly active: readonly AcrBuild[]; readonly last: AcrBuild | undefined } {
  const byId = new Map([...(before?.activeBuilds ?? []), ...found].map((build) => [build.id, build]));
  const newestFirst = [...byId.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const ended = [
    ...newestFirst.filter((build) => isTerminalBuild(build.status)),
    ...(before?.lastBuild ? [before.lastBuild] : []),
  ];
  const last = ended.sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  return {
    active: newestFirst
      .filter((build) => !isTerminalBuild(build.status))
      .slice(0, MOST_ACTIVE_BUILDS)
      .map(withoutInput),
    last: last && withoutInput(last),
  };
}

/** What was asked for is kept with the build alone: a record has room for 32 Ki characters. */
function withoutInput({ input: _input, ...build }: AcrBuild): AcrBuild {
  return build;
}

/** The same tag on the same digest keeps the time that was known first. */
function keepKnown(found: readonly AcrTag[], known: readonly AcrTag[]): readonly AcrTag[] {
  return found.map((tag) => known.find((one) => one.name === tag.name && one.digest === tag.digest) ?? tag);
}

/** The times of looks alone are no change. */
function isSame(a: Omit<AcrRepository, "version">, b: Omit<AcrRepository, "version">): boolean {
  const essence = ({
    name,
    tags,
    tagCount,
    activeBuilds,
    lastBuild,
    deletedAt,
  }: Omit<AcrRepository, "version">): string =>
    JSON.stringify([name, tags, tagCount, activeBuilds, lastBuild, deletedAt]);
  return essence(a) === essence(b);
}
