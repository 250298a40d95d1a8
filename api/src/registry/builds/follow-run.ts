import type { AcrGateway } from "../acr-gateway.ts";
import type { Registry } from "../registry.ts";
import { applyRun, hasFailed, imageName, isRunName, type AcrBuild } from "./acr-build.ts";
import { isTerminalBuild, type AcrRun } from "./acr-run.ts";
import { classifyBuildFailure } from "./failures/classify-build-failure.ts";
import { builtImageOf, readEndedLog } from "./run-log.ts";

/** Looks at the log of a run that has ended, when Azure does not give it or has not written its end. */
const MOST_LOG_TRIES = 3;

/**
 * The build with what its run says now; the same object when that is nothing new. The log of a run that ended is read for what
 * Azure does not tell: why it failed, and what it built when there is no image to see it by. A terminal state is stored once, so
 * that it waits for that, a look or two at most.
 * @param logTries how often a log was asked for in vain, by run id
 */
export async function followRun(
  deps: { readonly acr: AcrGateway; readonly now: () => number },
  registry: Registry,
  build: AcrBuild,
  run: AcrRun | "gone",
  logTries: Map<string, number>,
  signal: AbortSignal,
): Promise<AcrBuild> {
  if (run === "gone") return lost(build, deps.now());
  const next = applyRun(build, run, deps.now());
  if (next === build || !isTerminalBuild(next.status) || !(isRunName(next.image) || hasFailed(next))) return next;
  const log = await readEndedLog(deps.acr, registry, run.runId, signal);
  const tries = (logTries.get(run.runId) ?? 0) + 1;
  logTries.set(run.runId, tries);
  if (log?.isComplete !== true && tries < MOST_LOG_TRIES) return build;
  logTries.delete(run.runId);
  const text = log?.text ?? "";
  const ended = { ...next, ...(isRunName(next.image) ? builtImageOf(text, registry.loginServer) : undefined) };
  if (!hasFailed(ended)) return ended;
  const image = isRunName(ended.image) ? undefined : imageName(ended);
  const failure = classifyBuildFailure(text, ended.error, { ...registry, input: ended.input, image });
  return failure === undefined ? ended : { ...ended, failure };
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
