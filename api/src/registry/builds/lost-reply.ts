import type { AcrGateway } from "../acr-gateway.ts";
import type { Registry } from "../registry.ts";
import { applyRun, type AcrBuild } from "./acr-build.ts";
import { isTerminalBuild, type AcrRun } from "./acr-run.ts";
import type { BuildRunRow } from "./build-run-table.ts";
import { firstStepOf, logNamesImage, readRunLog } from "./run-log.ts";

/** A run is created a moment before or after our note of the intent, by two clocks. */
const CLOCK_SLACK_MS = 60_000;
/** Times the limit of an intent: a run that could be it may wait in Azure's queue for that long and tell nothing. */
const QUEUE_PATIENCE = 6;

export interface LostReplyDeps {
  readonly acr: AcrGateway;
  readonly now: () => number;
  /** Real milliseconds after which an intent that no run belongs to was never carried out. */
  readonly intentLimitMs: () => number;
}

/** What is known of a look's runs. */
export interface KnownRuns {
  /** Those that no build of ours owns. */
  readonly runs: readonly AcrRun[];
  readonly rows: ReadonlyMap<string, BuildRunRow>;
  /** Step that a run began with, by run id, as far as logs have told. */
  readonly firstSteps: Map<string, string>;
}

/**
 * What becomes of an intent whose answer got lost; undefined while nobody can say. A run is ours when its row in the build
 * table says so, or when its log begins with the step that we named, or, where we could not name one, by what it pushed or its
 * log says it built. A run that began with another step is not ours, whatever else it is.
 */
export async function resolveIntent(
  deps: LostReplyDeps,
  registry: Registry,
  intent: AcrBuild,
  known: KnownRuns,
  signal: AbortSignal,
): Promise<{ readonly build: AcrBuild; readonly run?: AcrRun } | undefined> {
  const open: AcrRun[] = [];
  for (const run of known.runs.filter((one) => mayBeRunOf(one, known.rows.get(one.runId), intent, deps))) {
    const isOurs = await isRunOf(deps, registry, run, intent, known, signal);
    if (isOurs === true) return { build: applyRun(intent, run, deps.now()), run };
    if (isOurs === undefined) open.push(run);
  }
  const ageMs = deps.now() - Date.parse(intent.createdAt);
  if (ageMs <= deps.intentLimitMs()) return undefined;
  const isQueued = open.some((run) => !isTerminalBuild(run.status));
  if (isQueued && ageMs <= QUEUE_PATIENCE * deps.intentLimitMs()) return undefined;
  return { build: neverStarted(intent, open, deps.now()) };
}

/** Whether the run could have come of the intent, by all that is known without reading its log. */
export function mayBeRunOf(
  run: AcrRun,
  row: BuildRunRow | undefined,
  intent: AcrBuild,
  deps: Pick<LostReplyDeps, "intentLimitMs">,
): boolean {
  if (row && row.buildId !== "") return row.buildId === intent.id;
  if (run.outputImages.length > 0 && !hasPushed(run, intent)) return false;
  const intendedMs = Date.parse(intent.createdAt);
  const createdMs = run.createdAt === undefined ? intendedMs : Date.parse(run.createdAt);
  return createdMs >= intendedMs - CLOCK_SLACK_MS && createdMs <= intendedMs + deps.intentLimitMs() + CLOCK_SLACK_MS;
}

function hasPushed(run: AcrRun, { image, tag }: AcrBuild): boolean {
  return run.outputImages.some((output) => output.repository === image && output.tag === tag);
}

/** Undefined while that can't be told. */
async function isRunOf(
  deps: LostReplyDeps,
  registry: Registry,
  run: AcrRun,
  intent: AcrBuild,
  { rows, firstSteps }: KnownRuns,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  if (rows.get(run.runId)?.buildId === intent.id) return true;
  if (intent.stepId === undefined && hasPushed(run, intent)) return true;
  if (run.status === "QUEUED") return undefined;
  const part = intent.stepId === undefined ? "all" : "beginning";
  const known = intent.stepId === undefined ? undefined : firstSteps.get(run.runId);
  const log = known === undefined ? await readRunLog(deps.acr, registry, run.runId, part, signal) : undefined;
  const step = known ?? (log === undefined ? undefined : firstStepOf(log));
  if (step !== undefined) firstSteps.set(run.runId, step);
  if (intent.stepId === undefined) {
    if (log !== undefined && logNamesImage(log, registry.loginServer, intent)) return true;
    // A step that another Slipway named, or another build of ours.
    return step?.startsWith("slipway-") ? false : undefined;
  }
  if (step !== undefined) return step === intent.stepId;
  return hasPushed(run, intent) ? true : undefined;
}

function neverStarted(build: AcrBuild, open: readonly AcrRun[], nowMs: number): AcrBuild {
  const now = new Date(nowMs).toISOString();
  const perhaps = open.map((run) => `${run.runId} (${run.error ?? run.status.toLowerCase()})`);
  const reason =
    perhaps.length === 0
      ? "none of its runs is this build"
      : `it can't be told whether ${perhaps.join(" or ")} is this build: see there first`;
  return {
    ...build,
    status: "ERROR",
    finishedAt: now,
    observedAt: now,
    error: `Azure gave no answer to the request, and ${reason}. Build again.`,
  };
}
