import { AzureError } from "../shared/azure-error.ts";
import type { AcrGateway } from "./acr-gateway.ts";
import { applyRun, type AcrBuild } from "./builds/acr-build.ts";
import { isTerminalBuild, type AcrRun } from "./builds/acr-run.ts";
import type { BuildRunRow, BuildRunTable } from "./builds/build-run-table.ts";
import { logTellsImage } from "./builds/log-image.ts";
import { formatBuildId, MOST_BUILDS_PER_WRITE, type RegistryStore } from "./registry-store.ts";
import type { Registry } from "./registry.ts";

const NEWEST_RUNS = 100;
/** A run is created a moment before or after our note of the intent, by two clocks. */
const CLOCK_SLACK_MS = 60_000;
/** Docker names the image when it is built, so that the whole of an ordinary log is looked through. */
const LOG_BYTES = 1024 * 1024;

export interface BuildLook {
  /** Builds that have changed, at most what one write takes. */
  readonly builds: readonly AcrBuild[];
  /** More have changed than one write takes: look again at once. */
  readonly hasMore: boolean;
  /** Something is in flight, so that the next look should come soon. */
  readonly isBusy: boolean;
}

export interface BuildLookDeps {
  readonly acr: AcrGateway;
  readonly store: RegistryStore;
  readonly buildRuns: BuildRunTable;
  readonly now: () => number;
  /** Real milliseconds after which an intent that no run belongs to was never carried out. */
  readonly intentLimitMs: () => number;
  /** This process waits for Azure's answer to the request for this build. */
  readonly isBeingScheduled: (buildId: string) => boolean;
  /** The build table could not be read or written; listings go on without it. */
  readonly onBuildTableError: (error: unknown) => void;
}

/**
 * One look at the builds of a registry. Builds of ours are followed by `runs.get`, whatever the list's window shows; runs
 * that nobody here owns are joined with the build table, or shown by their image once Azure tells it. An intent whose
 * answer got lost is matched with the runs created since that no build owns: by the build table, their output, or their log.
 *
 * `settled` remembers runs that have nothing more to tell, so that they are not looked up in the store again; it may be
 * lost with the process at no other cost.
 */
export async function lookAtBuilds(
  deps: BuildLookDeps,
  registry: Registry,
  settled: Set<string>,
  signal: AbortSignal,
): Promise<BuildLook> {
  const newest = await deps.acr.listRuns(registry, NEWEST_RUNS, signal);
  // Read after the runs: an intent is stored before its run exists, so that no run of ours is taken for somebody else's.
  const active = await deps.store.listActiveBuilds(registry);
  const rows = await readBuildTable(deps, registry);
  const runs = [...newest, ...(await findRecordedRuns(deps, registry, newest, rows, signal))];
  const changed: AcrBuild[] = [];

  for (const build of active) {
    if (build.runId === undefined) continue;
    const run = runs.find((one) => one.runId === build.runId) ?? (await deps.acr.getRun(registry, build.runId, signal));
    // A run that was asked for a moment ago may not be shown everywhere yet.
    const isYoung = deps.now() - Date.parse(build.createdAt) < CLOCK_SLACK_MS;
    const next = run ? applyRun(build, run, deps.now()) : isYoung ? build : lost(build, deps.now());
    if (next !== build) changed.push(next);
  }

  const foreign = await findForeignRuns(deps, registry, runs, settled);
  const intents = active.filter((build) => build.runId === undefined);
  const taken = new Set<string>();
  const isCandidate = (run: AcrRun, intent: AcrBuild): boolean =>
    !taken.has(run.runId) && mayBeRunOf(run, rows.get(run.runId), intent, deps.intentLimitMs());
  for (const intent of intents) {
    if (deps.isBeingScheduled(intent.id)) continue;
    const candidates = foreign.filter((run) => isCandidate(run, intent));
    const found = await findOwnRun(deps, registry, intent, candidates, rows, signal);
    if (found) {
      taken.add(found.runId);
      changed.push(applyRun(intent, found, deps.now()));
    } else if (
      deps.now() - Date.parse(intent.createdAt) > deps.intentLimitMs() &&
      candidates.every((run) => isTerminalBuild(run.status))
    ) {
      changed.push(neverStarted(intent, deps.now()));
    }
  }

  for (const run of foreign) {
    // It may turn out to be the run of an intent whose answer got lost.
    if (taken.has(run.runId) || intents.some((intent) => isCandidate(run, intent))) continue;
    const build = foreignBuild(registry, run, rows.get(run.runId), deps.now());
    if (build) changed.push(build);
    else settled.add(run.runId);
  }

  await tidyRows(deps, registry, rows, active);
  return {
    builds: changed.slice(0, MOST_BUILDS_PER_WRITE),
    hasMore: changed.length > MOST_BUILDS_PER_WRITE,
    isBusy: active.length > 0 || changed.some((build) => !isTerminalBuild(build.status)),
  };
}

/** Removes the rows of builds that have ended. Asks Azure for nothing. */
export async function tidyBuildTable(deps: BuildLookDeps, registry: Registry): Promise<void> {
  await tidyRows(deps, registry, await readBuildTable(deps, registry), []);
}

/** Whether the run could have come of the intent, by all that is known without reading its log. */
function mayBeRunOf(run: AcrRun, row: BuildRunRow | undefined, intent: AcrBuild, intentLimitMs: number): boolean {
  if (row && row.buildId !== "") return row.buildId === intent.id;
  if (run.outputImages.length > 0 && !hasPushed(run, intent)) return false;
  const intendedMs = Date.parse(intent.createdAt);
  const createdMs = run.createdAt === undefined ? intendedMs : Date.parse(run.createdAt);
  return createdMs >= intendedMs - CLOCK_SLACK_MS && createdMs <= intendedMs + intentLimitMs + CLOCK_SLACK_MS;
}

function hasPushed(run: AcrRun, { image, tag }: AcrBuild): boolean {
  return run.outputImages.some((output) => output.repository === image && output.tag === tag);
}

/** Runs that the build table knows, nobody here owns and the newest ones don't hold. */
async function findRecordedRuns(
  deps: BuildLookDeps,
  registry: Registry,
  newest: readonly AcrRun[],
  rows: ReadonlyMap<string, BuildRunRow>,
  signal: AbortSignal,
): Promise<readonly AcrRun[]> {
  const listed = new Set(newest.map((run) => run.runId));
  const found: AcrRun[] = [];
  for (const [runId, row] of rows) {
    if (listed.has(runId) || (await deps.store.readBuildIdOfRun(registry, runId)) !== undefined) continue;
    const run = await deps.acr.getRun(registry, runId, signal);
    if (run) found.push(run);
    else if (deps.now() - Date.parse(row.createdAt) > CLOCK_SLACK_MS) await pruneRow(deps, registry, runId);
  }
  return found;
}

async function pruneRow(deps: BuildLookDeps, registry: Registry, runId: string): Promise<void> {
  try {
    await deps.buildRuns.prune(registry, runId);
  } catch (error) {
    deps.onBuildTableError(error);
  }
}

async function readBuildTable(deps: BuildLookDeps, registry: Registry): Promise<ReadonlyMap<string, BuildRunRow>> {
  try {
    return await deps.buildRuns.list(registry);
  } catch (error) {
    deps.onBuildTableError(error);
    return new Map();
  }
}

/** Runs that no build here owns. */
async function findForeignRuns(
  deps: BuildLookDeps,
  registry: Registry,
  runs: readonly AcrRun[],
  settled: Set<string>,
): Promise<AcrRun[]> {
  const foreign: AcrRun[] = [];
  for (const run of runs) {
    if (settled.has(run.runId)) continue;
    const owner = await deps.store.readBuildIdOfRun(registry, run.runId);
    if (owner === undefined) foreign.push(run);
    else if (isTerminalBuild(run.status)) settled.add(run.runId);
  }
  return foreign;
}

async function findOwnRun(
  deps: BuildLookDeps,
  registry: Registry,
  intent: AcrBuild,
  candidates: readonly AcrRun[],
  rows: ReadonlyMap<string, BuildRunRow>,
  signal: AbortSignal,
): Promise<AcrRun | undefined> {
  for (const run of candidates) {
    if (rows.get(run.runId)?.buildId === intent.id || hasPushed(run, intent)) return run;
    if (run.outputImages.length === 0 && (await logNames(deps, registry, run, intent, signal))) return run;
  }
  return undefined;
}

async function logNames(
  deps: BuildLookDeps,
  registry: Registry,
  run: AcrRun,
  intent: AcrBuild,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const chunk = await deps.acr.readLog(await deps.acr.getLogUrl(registry, run.runId, signal), 0, LOG_BYTES, signal);
    return chunk.kind === "chunk" && logTellsImage(new TextDecoder().decode(chunk.bytes), registry.loginServer, intent);
  } catch (error) {
    // A log that can't be read says nothing; the next look tries again.
    if (error instanceof AzureError) return false;
    throw error;
  }
}

function foreignBuild(
  registry: Registry,
  run: AcrRun,
  row: { readonly image: string; readonly tag: string } | undefined,
  nowMs: number,
): AcrBuild | undefined {
  const output = run.outputImages[0];
  // A run that ended without an image, and that nobody has recorded, is not about any repository.
  if (!output && !row && isTerminalBuild(run.status)) return undefined;
  const now = new Date(nowMs).toISOString();
  const build: AcrBuild = {
    id: formatBuildId(registry, `run-${run.runId}`),
    registryArmId: registry.armId,
    image: output?.repository ?? row?.image ?? run.taskName ?? `run ${run.runId}`,
    tag: output?.tag ?? row?.tag ?? "",
    status: "UNKNOWN",
    createdAt: run.createdAt ?? now,
    observedAt: now,
    isRecorded: row !== undefined,
    version: 0,
  };
  return applyRun(build, run, nowMs);
}

function lost(build: AcrBuild, nowMs: number): AcrBuild {
  const now = new Date(nowMs).toISOString();
  return {
    ...build,
    status: "ERROR",
    finishedAt: now,
    observedAt: now,
    error: `Azure no longer knows the run ${build.runId}.`,
  };
}

function neverStarted(build: AcrBuild, nowMs: number): AcrBuild {
  const now = new Date(nowMs).toISOString();
  return {
    ...build,
    status: "ERROR",
    finishedAt: now,
    observedAt: now,
    error: "Azure gave no answer to the request, and none of its runs can be told to be this build. Build again.",
  };
}

/** Rows of runs in flight that are missing are written, rows of ended ones removed: the table does not grow without bound. */
async function tidyRows(
  deps: BuildLookDeps,
  registry: Registry,
  rows: ReadonlyMap<string, unknown>,
  active: readonly AcrBuild[],
): Promise<void> {
  try {
    for (const build of active) {
      const { runId } = build;
      if (runId !== undefined && build.input !== undefined && !rows.has(runId))
        await deps.buildRuns.record(registry, { ...build, runId });
    }
    const activeRuns = new Set(active.map((build) => build.runId));
    for (const runId of rows.keys()) {
      if (activeRuns.has(runId)) continue;
      const owner = await deps.store.readBuildIdOfRun(registry, runId);
      const build = owner === undefined ? undefined : await deps.store.readBuild(owner);
      if (build && isTerminalBuild(build.status)) await deps.buildRuns.prune(registry, runId);
    }
  } catch (error) {
    deps.onBuildTableError(error);
  }
}
