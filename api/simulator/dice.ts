import { createRandom } from "../src/shared/seeded-random.fixture.ts";

/** All chance of one run. The same seed throws the same, as long as it is asked in the same order. */
export interface Dice {
  /** True in that share (0 to 1) of throws. */
  chance(share: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(among: readonly T[]): T;
  /** 0 to 1, for ports that want jitter. */
  random(): number;
}

export function createDice(seed: number): Dice {
  const random = createRandom(seed);
  return {
    chance: (share) => random() < share,
    between: (low, high) => low + Math.floor(random() * (high - low + 1)),
    pick<T>(among: readonly T[]): T {
      const picked = among[Math.floor(random() * among.length)];
      if (picked === undefined) throw new Error("There is nothing to pick from.");
      return picked;
    },
    random,
  };
}
