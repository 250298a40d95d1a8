/** Median and 95th percentile, to one decimal. */
export function summarise(values: readonly number[]): {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
} {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => Math.round((sorted[Math.round(share * (sorted.length - 1))] ?? NaN) * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95) };
}

export function median(values: readonly number[]): number {
  return summarise(values).p50;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}
