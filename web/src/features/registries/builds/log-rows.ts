import type { LogStep } from "./log-steps.ts";

/** What a row of the viewer shows: a line by its index, or the head of step `n` as `-1 - n`. */
export type LogRow = number;

export function stepOfRow(row: LogRow): number | undefined {
  return row < 0 ? -1 - row : undefined;
}

/**
 * The rows of a log: each step has a head, and its lines below it unless it is folded. Folding a step of ACR Tasks folds docker's steps within it
 * too. A log of one part has no heads.
 */
export function logRows(lineCount: number, steps: readonly LogStep[], folded: ReadonlySet<number>): Int32Array {
  if (steps.length < 2) return Int32Array.from({ length: lineCount }, (_, index) => index);
  const rows = new Int32Array(lineCount + steps.length);
  let count = 0;
  let isOuterFolded = false;
  steps.forEach(({ first, isInner }, at) => {
    if (isInner && isOuterFolded) return;
    rows[count++] = -1 - at;
    if (!isInner) isOuterFolded = folded.has(at);
    if (folded.has(at)) return;
    const end = steps[at + 1]?.first ?? lineCount;
    for (let index = first; index < end; index += 1) rows[count++] = index;
  });
  return rows.subarray(0, count);
}

/** The steps that have this line: docker's, if it is in one, and the step of ACR Tasks. */
export function stepsOfLine(steps: readonly LogStep[], index: number): readonly number[] {
  const at = steps.findLastIndex(({ first }) => first <= index);
  return at === -1 ? [] : withOuter(steps, at);
}

/** A step, and the one it stands within. */
export function withOuter(steps: readonly LogStep[], at: number): readonly number[] {
  if (!steps[at]?.isInner) return [at];
  const outer = steps.findLastIndex(({ isInner }, before) => before < at && !isInner);
  return outer === -1 ? [at] : [at, outer];
}

/** How many lines a step has, with those of the steps within it. */
export function linesOfStep(steps: readonly LogStep[], at: number, lineCount: number): number {
  const step = steps[at];
  if (!step) return 0;
  const next = steps.find(({ isInner }, after) => after > at && (step.isInner || !isInner));
  return (next?.first ?? lineCount) - step.first;
}
