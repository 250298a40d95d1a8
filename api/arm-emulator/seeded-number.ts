import { createHash } from "node:crypto";

/** A whole number in [low, high], always the same for the same seed: durations that differ and repeat. */
export function seededNumber(seed: string, low: number, high: number): number {
  const word = createHash("sha256").update(seed).digest().readUInt32BE(0);
  return low + (word % (high - low + 1));
}
