import { isTerminalBuild, type AcrBuildStatus, type AcrRun } from "./acr-run.ts";
import type { BuildFailure } from "./failures/build-failure.ts";

/** What was asked for, without the values of secret build arguments: those go to Azure and nowhere else. */
export interface AcrBuildInput {
  readonly gitUrl: string;
  readonly ref?: string;
  readonly contextPath?: string;
  readonly dockerfile: string;
  readonly platform: string;
  readonly buildArgs: readonly { readonly name: string; readonly value?: string; readonly isSecret: boolean }[];
  readonly timeoutSeconds: number;
}

/**
 * One ACR run that builds `image:tag`: our intent, joined with what Azure says of the run. Stored before Azure is asked, so
 * that no crash can lose it. Its life: UNKNOWN without a run id (asked, no answer yet) → ACR's own words → terminal.
 * A run that was started elsewhere has no input; until Azure tells its image, `image` is the name of its task or run
 * (`runName`), and when Azure never does, it stays so.
 */
export interface AcrBuild {
  readonly id: string;
  readonly registryArmId: string;
  readonly image: string;
  readonly tag: string;
  readonly runId?: string;
  /** What its step is called, if the request could name it: the first lines of its log repeat it. */
  readonly stepId?: string;
  /** Id of the build that this run turned out to be: this record of it is over. */
  readonly replacedBy?: string;
  /** Azure has refused it, so that it never was. Told once, not stored. */
  readonly isWithdrawn?: true;
  readonly status: AcrBuildStatus;
  readonly startedBy?: string;
  readonly input?: AcrBuildInput;
  /** How many runs of the registry wait before it; only while it waits itself. */
  readonly runsAhead?: number;
  /** ISO times: asked for here, then ACR's own. */
  readonly createdAt: string;
  readonly queuedAt?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly observedAt: string;
  readonly digest?: string;
  /** ACR's own reason, or ours. */
  readonly error?: string;
  /** The same by its log, for people; undefined when that says nothing we know. */
  readonly failure?: BuildFailure;
  /** The row that joins run and image is in the build table. */
  readonly isRecorded: boolean;
  /** The registry's sequence at its last stored change; 0 before the first. */
  readonly version: number;
}

/** Stands for the image of a run that nobody here knows it of. It has a space, which no repository's name has. */
export function runName(run: Pick<AcrRun, "runId" | "taskName">): string {
  return run.taskName === undefined ? `run ${run.runId}` : `task ${run.taskName}`;
}

/** A name that `runName` gave, not one of a repository. */
export function isRunName(name: string): boolean {
  return name.includes(" ");
}

/** Ended without an image, and nobody wanted that. */
export function hasFailed({ status }: Pick<AcrBuild, "status">): boolean {
  return status === "FAILED" || status === "ERROR" || status === "TIMEOUT";
}

export function imageName(build: Pick<AcrBuild, "image" | "tag">): string {
  return build.tag === "" ? build.image : `${build.image}:${build.tag}`;
}

/** The build with what a run says of it; the same object when it says nothing new. A terminal state is never left. */
export function applyRun(build: AcrBuild, run: AcrRun, nowMs: number): AcrBuild {
  if (isTerminalBuild(build.status)) return build;
  const output =
    run.outputImages.find((one) => one.repository === build.image && one.tag === build.tag) ?? run.outputImages[0];
  const isForeign = build.input === undefined && build.startedBy === undefined;
  const next: AcrBuild = {
    ...build,
    ...(isForeign && output ? { image: output.repository, tag: output.tag ?? "" } : {}),
    runId: run.runId,
    status: run.status === "UNKNOWN" ? build.status : run.status,
    // A time once known stays: conversions between Azure's clock and ours differ by milliseconds.
    queuedAt: build.queuedAt ?? run.createdAt ?? build.createdAt,
    ...firstOf("startedAt", build.startedAt, run.startedAt),
    ...firstOf("finishedAt", build.finishedAt, run.finishedAt),
    ...(run.error === undefined ? {} : { error: run.error }),
    ...(output?.digest === undefined ? {} : { digest: output.digest }),
  };
  if (JSON.stringify(next) === JSON.stringify(build)) return build;
  const now = new Date(nowMs).toISOString();
  return {
    ...next,
    observedAt: now,
    ...(isTerminalBuild(next.status) && next.finishedAt === undefined ? { finishedAt: now } : {}),
  };
}

const PROGRESS: readonly AcrBuildStatus[] = ["UNKNOWN", "QUEUED", "STARTED", "RUNNING"];

/**
 * What to store when two writers have found something out: `next` was computed from what may be old by now. A terminal state
 * is never left, a run id never lost and progress never taken back. Undefined when what is stored stays as it is.
 */
export function laterOf(stored: AcrBuild | undefined, next: AcrBuild): AcrBuild | undefined {
  if (!stored) return next;
  if (isTerminalBuild(stored.status) || stored.replacedBy !== undefined) return undefined;
  if (stored.runId !== undefined && stored.runId !== next.runId) return undefined;
  const isBehind = !isTerminalBuild(next.status) && PROGRESS.indexOf(next.status) < PROGRESS.indexOf(stored.status);
  return isBehind ? { ...stored, isRecorded: stored.isRecorded || next.isRecorded } : next;
}

function firstOf<K extends string>(
  name: K,
  known: string | undefined,
  found: string | undefined,
): { readonly [P in K]?: string } {
  const value = known ?? found;
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: string };
}

/** Seconds it has been queued and running, or took in all. */
export function elapsedSeconds(build: AcrBuild, nowMs: number): number {
  const from = Date.parse(build.startedAt ?? build.queuedAt ?? build.createdAt);
  const to = build.finishedAt === undefined ? nowMs : Date.parse(build.finishedAt);
  return Math.max(0, Math.floor((to - from) / 1000));
}
