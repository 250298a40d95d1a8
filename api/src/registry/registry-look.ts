import type { AcrGateway } from "./acr-gateway.ts";
import { runName, type AcrBuild } from "./builds/acr-build.ts";
import { isTerminalBuild, type AcrRun } from "./builds/acr-run.ts";
import type { BuildRunRow, BuildRunTable } from "./builds/build-run-table.ts";
import { findRecordedRuns, readBuildTable, tidyRows } from "./builds/build-table-upkeep.ts";
import { followRun } from "./builds/follow-run.ts";
import { mayBeRunOf, resolveIntent } from "./builds/lost-reply.ts";
import { withQueuePlaces } from "./builds/queue-places.ts";
import { createRunsById } from "./builds/runs-by-id.ts";
import { foreignBuildId, MOST_BUILDS_PER_WRITE, type RegistryStore } from "./registry-store.ts";
import type { Registry } from "./registry.ts";

const NEWEST_RUNS = 100;
/** So long Azure's answer to a request may take to come and be stored, by another process too: its run is no one else's. */
export const ANSWER_MS = 5_000;

export interface BuildLook {
  /** Builds that have changed, at most what one write takes. */
  readonly builds: readonly AcrBuild[];
  /** More have changed than one write takes: look again at once. */
  readonly hasMore: boolean;
  /** Something is in flight, so that the next look should come soon. */
  readonly isBusy: boolean;
  /** Real milliseconds that Azure asked to be left alone for when it was asked for one of the runs. */
  readonly retryAfterMs: number | undefined;
}

export interface BuildLookDeps {
  readonly acr: AcrGateway;
  readonly store: RegistryStore;
  readonly buildRuns: BuildRunTable;
  readonly now: () => number;
  /** Real milliseconds after which an intent that no run belongs to was never carried out. */
  readonly intentLimitMs: () => number;
  /** Somebody may be waiting for Azure's answer to the request for this build, and is about to store it. */
  readonly isBeingScheduled: (build: Pick<AcrBuild, "id" | "createdAt">) => boolean;
  /** The build table could not be read or written; listings go on without it. */
  readonly onBuildTableError: (error: unknown) => void;
}

/** What looks have learned of runs. May be lost with the process at no other cost than asking again. */
export interface RunMemory {
  /** Runs that have nothing more to tell, so that they are not looked up in the store again. */
  readonly settled: Set<string>;
  /** Step that a run began with, by run id. */
  readonly firstSteps: Map<string, string>;
  /** How often the log of a run that has ended was asked for in vain. */
  readonly logTries: Map<string, number>;
  /** When Azure first did not know a run that it has not shown since. */
  readonly missingSince: Map<string, number>;
}

export function newRunMemory(): RunMemory {
  return { settled: new Set(), firstSteps: new Map(), logTries: new Map(), missingSince: new Map() };
}

/**
 * One look at the builds of a registry. Builds of ours are followed by `runs.get`, whatever the list's window shows; runs
 * that nobody here owns are joined with the build table, or shown by their image once Azure tells it, and by the name of their
 * task or run before. An intent whose answer got lost is matched with the runs created since that no build of ours owns
 * (`builds/lost-reply.ts`); others see such a run meanwhile, and its record gives way when it turns out to be the intent's.
 */
export async function lookAtBuilds(
  deps: BuildLookDeps,
  registry: Registry,
  memory: RunMemory,
  signal: AbortSignal,
): Promise<BuildLook> {
  const newest = await deps.acr.listRuns(registry, NEWEST_RUNS, signal);
  // Read after the runs: an intent is stored before its run exists, so that no run of ours is taken for somebody else's.
  const active = await deps.store.listActiveBuilds(registry);
  const rows = await readBuildTable(deps, registry);
  const byId = createRunsById(deps, registry, memory.missingSince, signal);
  const runs = [...newest, ...(await findRecordedRuns(deps, registry, newest, rows, byId))];
  const intents = active.filter((build) => build.runId === undefined);
  const { unknown, foreign } = await findForeignRuns(deps, registry, runs, memory, intents.length > 0);
  const changed: AcrBuild[] = [];

  const taken = new Set<string>();
  for (const intent of intents) {
    if (deps.isBeingScheduled(intent)) continue;
    const known = { runs: foreign.filter((run) => !taken.has(run.runId)), rows, firstSteps: memory.firstSteps };
    const resolved = await resolveIntent(deps, registry, intent, known, signal);
    if (!resolved) continue;
    changed.push(resolved.build);
    if (resolved.run) taken.add(resolved.run.runId);
  }

  for (const build of active) {
    const { runId } = build;
    if (runId === undefined || taken.has(runId)) continue;
    const run = runs.find((one) => one.runId === runId) ?? (await byId.read(runId));
    if (run === "untold") continue;
    const next = await followRun(deps, registry, build, run, memory.logTries, signal);
    if (next !== build) changed.push(next);
  }

  const awaited = intents.filter((intent) => isAwaited(deps, intent));
  for (const run of unknown) {
    // A registry that is seen for the first time may have a hundred logs to read: some with each look.
    if (changed.length > MOST_BUILDS_PER_WRITE) break;
    const row = rows.get(run.runId);
    if (taken.has(run.runId) || awaited.some((intent) => mayBeRunOf(run, row, intent, deps))) continue;
    const found = newForeignBuild(registry, run, row, deps.now());
    const build = await followRun(deps, registry, found, run, memory.logTries, signal);
    // The same when its log is to be asked for once more.
    if (build !== found) changed.push(build);
  }

  await tidyRows(deps, registry, rows, active);
  const placed = withQueuePlaces(active, changed, deps.now());
  return {
    builds: placed.slice(0, MOST_BUILDS_PER_WRITE),
    hasMore: placed.length > MOST_BUILDS_PER_WRITE,
    isBusy: active.length > 0 || changed.some((build) => !isTerminalBuild(build.status)),
    retryAfterMs: byId.retryAfterMs(),
  };
}

/** A run of this intent may be what Azure is about to answer: nobody else's for a moment. */
function isAwaited(deps: BuildLookDeps, intent: AcrBuild): boolean {
  return deps.isBeingScheduled(intent) || deps.now() - Date.parse(intent.createdAt) < ANSWER_MS;
}

/** Runs that no build of ours owns: those of which there is no record at all, and besides those that have one of their own. */
async function findForeignRuns(
  deps: BuildLookDeps,
  registry: Registry,
  runs: readonly AcrRun[],
  { settled }: RunMemory,
  isAnyWanted: boolean,
): Promise<{ readonly unknown: readonly AcrRun[]; readonly foreign: readonly AcrRun[] }> {
  const unknown: AcrRun[] = [];
  const foreign: AcrRun[] = [];
  for (const run of runs) {
    if (settled.has(run.runId) && !isAnyWanted) continue;
    const owner = await deps.store.readBuildIdOfRun(registry, run.runId);
    if (owner === undefined) unknown.push(run);
    if (owner === undefined || owner === foreignBuildId(registry, run.runId)) foreign.push(run);
    if (owner !== undefined && isTerminalBuild(run.status)) settled.add(run.runId);
  }
  return { unknown, foreign };
}

function newForeignBuild(
  registry: Registry,
  run: AcrRun,
  row: Pick<BuildRunRow, "image" | "tag"> | undefined,
  nowMs: number,
): AcrBuild {
  const now = new Date(nowMs).toISOString();
  return {
    id: foreignBuildId(registry, run.runId),
    registryArmId: registry.armId,
    image: row?.image ?? runName(run),
    tag: row?.tag ?? "",
    status: "UNKNOWN",
    createdAt: run.createdAt ?? now,
    observedAt: now,
    isRecorded: row !== undefined,
    version: 0,
  };
}
