import type { RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import { isTerminalBuild, type AcrRun } from "./acr-run.ts";
import type { BuildRunRow, BuildRunTable } from "./build-run-table.ts";
import type { RunsById } from "./runs-by-id.ts";

export interface BuildTableDeps {
  readonly store: RegistryStore;
  readonly buildRuns: BuildRunTable;
  /** The build table could not be read or written; listings go on without it. */
  readonly onBuildTableError: (error: unknown) => void;
}

export async function readBuildTable(
  deps: BuildTableDeps,
  registry: Registry,
): Promise<ReadonlyMap<string, BuildRunRow>> {
  try {
    return await deps.buildRuns.list(registry);
  } catch (error) {
    deps.onBuildTableError(error);
    return new Map();
  }
}

/** Runs that the build table knows, nobody here owns and the newest ones don't hold. */
export async function findRecordedRuns(
  deps: BuildTableDeps,
  registry: Registry,
  newest: readonly AcrRun[],
  rows: ReadonlyMap<string, BuildRunRow>,
  byId: RunsById,
): Promise<readonly AcrRun[]> {
  const listed = new Set(newest.map((run) => run.runId));
  const found: AcrRun[] = [];
  for (const runId of rows.keys()) {
    if (listed.has(runId) || (await deps.store.readBuildIdOfRun(registry, runId)) !== undefined) continue;
    const run = await byId.read(runId);
    if (run === "gone") await pruneRow(deps, registry, runId);
    else if (run !== "untold") found.push(run);
  }
  return found;
}

async function pruneRow(deps: BuildTableDeps, registry: Registry, runId: string): Promise<void> {
  try {
    await deps.buildRuns.prune(registry, runId);
  } catch (error) {
    deps.onBuildTableError(error);
  }
}

/** Removes the rows of builds that have ended. Asks Azure for nothing. */
export async function tidyBuildTable(deps: BuildTableDeps, registry: Registry): Promise<void> {
  await tidyRows(deps, registry, await readBuildTable(deps, registry), []);
}

/** Rows of runs in flight that are missing are written, rows of ended ones removed: the table does not grow without bound. */
export async function tidyRows(
  deps: BuildTableDeps,
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
