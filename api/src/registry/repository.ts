import { hasFailed, isRunName, type AcrBuild } from "./builds/acr-build.ts";
import { isTerminalBuild, type AcrBuildStatus } from "./builds/acr-run.ts";
import type { AcrTag } from "./registry.ts";

/** In flight for one repository and shown with it; there may be more. */
const MOST_ACTIVE_BUILDS = 40;
const FAILED_RUN_MS = 24 * 60 * 60_000;

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

/**
 * One image repository with its newest tags and every build in flight for it, also one that has not pushed yet. A run whose
 * image nobody knows has a row of its own, named by `runName`, that is no repository: it goes when the image is told or the
 * run has ended well, and a day after it has failed.
 */
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
  const builds = isRunName(name)
    ? mergeRunBuilds(before, findings, Date.parse(now))
    : mergeBuilds(before, findings.builds ?? []);
  const isGone = findings.isGone === true || (isRunName(name) && builds.last === undefined);
  const isListed = findings.tags !== undefined;
  const next: Omit<AcrRepository, "version"> = {
    registryArmId,
    name,
    tags: isGone ? [] : findings.tags ? keepKnown(findings.tags, before?.tags ?? []) : (before?.tags ?? []),
    tagCount: isGone ? 0 : (findings.tagCount ?? before?.tagCount ?? 0),
    ...(isListed
      ? { tagsObservedAt: now }
      : before?.tagsObservedAt === undefined
        ? {}
        : { tagsObservedAt: before.tagsObservedAt }),
    activeBuilds: builds.active,
    ...(builds.last === undefined ? {} : { lastBuild: builds.last }),
    observedAt: now,
    ...(isGone && builds.active.length === 0 ? { deletedAt: before?.deletedAt ?? now } : {}),
  };
  if (!before && isRunName(name) && next.deletedAt !== undefined) return undefined;
  return before && isSame(before, next) ? undefined : next;
}

/**
 * A build in flight decides (the newest); else AVAILABLE when there are tags; else the last build's outcome; a deleted one
 * says so; UNKNOWN when nothing can be said.
 */
export function repositoryState(repository: Omit<AcrRepository, "version">): AcrRepositoryState {
  const newest = repository.activeBuilds[0];
  if (newest) return inFlight(newest.status);
  // Nothing was deleted: the run has found its place, or ended with nothing to show.
  if (repository.deletedAt !== undefined) return isRunName(repository.name) ? "UNKNOWN" : "DELETED";
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

/** What one repository adds to the counts of its registry. */
export interface RepositoryCounts {
  /** Repositories that Azure has, with images or without; missing in what was stored before they were counted so. */
  readonly listed?: number;
  /** Repositories that have images. */
  readonly built: number;
  /** Builds in flight. */
  readonly building: number;
  /** Repositories, and runs of which nobody knows the image, whose last build failed. */
  readonly failed: number;
}

export const NO_REPOSITORIES: Required<RepositoryCounts> = { listed: 0, built: 0, building: 0, failed: 0 };

function countRepository(repository: AcrRepository | undefined): Required<RepositoryCounts> {
  if (!repository || repository.deletedAt !== undefined) return NO_REPOSITORIES;
  return {
    listed: repository.tagsObservedAt === undefined ? 0 : 1,
    built: repository.tags.length > 0 || repository.tagCount > 0 ? 1 : 0,
    building: repository.activeBuilds.length,
    failed: repository.lastBuild && hasFailed(repository.lastBuild) ? 1 : 0,
  };
}

/** The counts after these repositories have changed. */
export function addCounts(
  counts: Required<RepositoryCounts>,
  after: readonly AcrRepository[],
  before: readonly (AcrRepository | undefined)[],
): Required<RepositoryCounts> {
  const sum = { ...counts };
  const add = (part: Required<RepositoryCounts>, sign: 1 | -1): void => {
    sum.listed += sign * part.listed;
    sum.built += sign * part.built;
    sum.building += sign * part.building;
    sum.failed += sign * part.failed;
  };
  for (const repository of after) add(countRepository(repository), 1);
  for (const repository of before) add(countRepository(repository), -1);
  return sum;
}

/** The repository as it would be without these builds. */
export function withoutBuilds(repository: AcrRepository, ids: ReadonlySet<string>): AcrRepository {
  const { lastBuild, ...rest } = repository;
  return {
    ...rest,
    activeBuilds: repository.activeBuilds.filter((build) => !ids.has(build.id)),
    ...(lastBuild === undefined || ids.has(lastBuild.id) ? {} : { lastBuild }),
  };
}

/** Whether the row is no repository's: a run's whose image nobody knows, or of an image whose build did not come about. */
export function isPlaceholder(repository: AcrRepository): boolean {
  return isRunName(repository.name) || isNothing(repository);
}

function isNothing({ tagsObservedAt, tagCount, activeBuilds, lastBuild, deletedAt }: AcrRepository): boolean {
  const isUnlisted = tagsObservedAt === undefined && tagCount === 0 && deletedAt === undefined;
  return isUnlisted && activeBuilds.length === 0 && lastBuild === undefined;
}

/** Whether a placeholder has nothing to show any more. */
export function isOver(repository: AcrRepository): boolean {
  return isNothing(repository) || (isRunName(repository.name) && repository.deletedAt !== undefined);
}

/** Whether a failed run whose image nobody knows has been shown for long enough. */
export function isOldRun(repository: AcrRepository, nowMs: number): boolean {
  const { name, lastBuild } = repository;
  return isRunName(name) && lastBuild !== undefined && nowMs - Date.parse(lastBuild.createdAt) > FAILED_RUN_MS;
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

/** Of runs whose image nobody knows, only a failure of the last day is worth a row after the end. */
function mergeRunBuilds(
  before: AcrRepository | undefined,
  findings: RepositoryFindings,
  nowMs: number,
): ReturnType<typeof mergeBuilds> {
  const { active, last } = mergeBuilds(before, findings.builds ?? []);
  const isShown =
    last !== undefined &&
    findings.isGone !== true &&
    hasFailed(last) &&
    nowMs - Date.parse(last.createdAt) <= FAILED_RUN_MS;
  return { active, last: isShown ? last : undefined };
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
