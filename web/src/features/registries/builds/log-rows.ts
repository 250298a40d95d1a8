import type { LogStep } from "./log-steps.ts";

/** What a row of the viewer shows: a line by its index, or the head of step `n` as `-1 - n`. */
export type LogRow = number;

export function stepOfRow(row: LogRow): number | undefined {
  return row < 0 ? -1 - row : undefined;
}

/** The rows of a log: each step has a head, and its lines below it unless it is folded. A log of one part has no heads. */
export function logRows(lineCount: number, steps: readonly LogStep[], folded: ReadonlySet<number>): Int32Array {
  if (steps.length < 2) return Int32Array.from({ length: lineCount }, (_, index) => index);
  const rows = new Int32Array(lineCount + steps.length);
  let count = 0;
  steps.forEach(({ first }, at) => {
    rows[count++] = -1 - at;
    if (folded.has(at)) return;
    const end = steps[at + 1]?.first ?? lineCount;
    for (let index = first; index < end; index += 1) rows[count++] = index;
  });
  return rows.subarray(0, count);
}

/** The step that has this line. */
export function stepOfLine(steps: readonly LogStep[], index: number): number | undefined {
  const at = steps.findLastIndex(({ first }) => first <= index);
  return steps.length < 2 || at === -1 ? undefined : at;
}

export function linesOfStep(steps: readonly LogStep[], at: number, lineCount: number): number {
  return (steps[at + 1]?.first ?? lineCount) - (steps[at]?.first ?? lineCount);
}
