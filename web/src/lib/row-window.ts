/** Which rows of a long list are in view, and how much room the others take above and below. `end` is exclusive. */
export interface RowWindow {
  start: number;
  end: number;
  before: number;
  after: number;
}

/** Heights of `count` rows added up: entry `n` is the top of row `n`, the last one the height of all. */
export function rowOffsets(count: number, heightOf: (index: number) => number): Float64Array {
  const offsets = new Float64Array(count + 1);
  for (let index = 0; index < count; index += 1) offsets[index + 1] = (offsets[index] ?? 0) + heightOf(index);
  return offsets;
}

/** The row at a height, counted from the top of the list. */
export function rowAt(offsets: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows that a view from `top` on with this height shows, and `overscan` more on either side. */
export function rowWindow(offsets: Float64Array, top: number, height: number, overscan: number): RowWindow {
  const count = offsets.length - 1;
  if (count === 0) return { start: 0, end: 0, before: 0, after: 0 };
  const total = offsets[count] ?? 0;
  const start = Math.max(0, rowAt(offsets, top) - overscan);
  const end = Math.min(count, rowAt(offsets, top + height) + 1 + overscan);
  return { start, end, before: offsets[start] ?? 0, after: total - (offsets[end] ?? 0) };
}
