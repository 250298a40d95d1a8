import type { LogLine } from "./build-log.ts";

/** A part of a log that belongs together: a step of ACR Tasks, one of docker's steps within it, or what comes before the first. */
export interface LogStep {
  name: string;
  /** Index of its first line; it ends where the next one begins. */
  first: number;
  /** Docker's steps stand below the step of ACR Tasks that runs them. */
  isInner: boolean;
  state: "running" | "succeeded" | "failed";
  /** Whole time it took, where the log tells. */
  seconds: number | undefined;
  /** Name by which ACR Tasks speaks of it, and the time of its first line. */
  id: string | undefined;
  startedMs: number;
}

const EXECUTING = /^Executing step ID: ([^\s.]+)\./;
const INNER = /^Step \d+\/\d+ : /;
const MARKED = /^Step ID: (\S+) marked as (\w+) \(elapsed time in seconds: ([\d.]+)\)/;
const FAILED = /^failed to run step ID: ([^\s:]+):/;
const ENDED = /^Run ID: \S+ (was successful|failed) after/;

/**
 * The steps after one more line, in the wording of ACR Tasks (https://github.com/Azure/acr-builder) and of docker's classic builder; the same
 * array when the line says nothing of them.
 */
export function noteStep(steps: readonly LogStep[], line: LogLine, index: number): readonly LogStep[] {
  const text = line.text.slice(line.stampLength);
  const executing = EXECUTING.exec(text);
  if (executing) {
    const atMs = timeOf(line);
    return [
      ...closed(steps, atMs),
      stepOf({ name: nameOf(executing[1] ?? ""), id: executing[1], first: index, startedMs: atMs }),
    ];
  }
  if (index === 0) return [stepOf({ name: "Preparation", first: 0, startedMs: timeOf(line) })];
  if (INNER.test(text))
    return [
      ...settled(steps, ({ isInner }) => isInner, "succeeded"),
      stepOf({ name: text, first: index, isInner: true }),
    ];
  const marked = MARKED.exec(text);
  if (marked) {
    const state = marked[2] === "successful" ? "succeeded" : "failed";
    return steps.map((step) => (step.id === marked[1] ? { ...step, state, seconds: Number(marked[3]) } : step));
  }
  if (FAILED.test(text)) return settled(steps, () => true, "failed");
  const ended = ENDED.exec(text);
  if (ended) return settled(steps, () => true, ended[1] === "failed" ? "failed" : "succeeded");
  return steps;
}

/** The one to be opened when a build has failed: the innermost that failed. */
export function failedStep(steps: readonly LogStep[]): number | undefined {
  const at = steps.findLastIndex(({ state }) => state === "failed");
  return at === -1 ? undefined : at;
}

/** Slipway names the step of a build after the build; people know it as ACR's own `build`. */
function nameOf(stepId: string): string {
  return /^slipway-[\da-f-]{36}$/.test(stepId) ? "build" : stepId;
}

function stepOf(part: Pick<LogStep, "name" | "first"> & Partial<LogStep>): LogStep {
  return { isInner: false, state: "running", seconds: undefined, id: undefined, startedMs: Number.NaN, ...part };
}

/** Whatever ran has gone through, now that the next one of ACR Tasks begins. */
function closed(steps: readonly LogStep[], atMs: number): readonly LogStep[] {
  return steps.map((step) => {
    if (step.state !== "running") return step;
    const seconds = (atMs - step.startedMs) / 1000;
    return { ...step, state: "succeeded", seconds: Number.isNaN(seconds) ? undefined : seconds };
  });
}

function settled(
  steps: readonly LogStep[],
  isMeant: (step: LogStep) => boolean,
  state: LogStep["state"],
): readonly LogStep[] {
  return steps.map((step) => (step.state === "running" && isMeant(step) ? { ...step, state } : step));
}

function timeOf({ text, stampLength }: LogLine): number {
  if (stampLength === 0) return Number.NaN;
  const stamp = text.slice(0, stampLength).trim().replaceAll("/", "-").replace(" ", "T");
  return Date.parse(stamp.endsWith("Z") ? stamp : `${stamp}Z`);
}
