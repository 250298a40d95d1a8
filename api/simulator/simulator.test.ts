import { describe, expect, test } from "vitest";
import { runSeed } from "./run-seed.ts";

const SEEDS = 500;
const SEEDS_A_TEST = 50;
const TIMEOUT_MS = 120_000;

describe(`provisions keep every promise through crashes, pauses, lost replies and Azure's moods in ${SEEDS} seeds`, () => {
  test.each(Array.from({ length: SEEDS / SEEDS_A_TEST }, (_, n) => n * SEEDS_A_TEST + 1))(
    `from seed %d on`,
    async (from) => {
      for (let seed = from; seed < from + SEEDS_A_TEST; seed++) {
        const { violations } = await runSeed(seed);
        expect(violations, `pnpm chaos --seed ${seed} --trace shows how`).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );
});

test.each([3, 8, 21])("seed %d gives the same run twice, call by call", async (seed) => {
  const tell = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await runSeed(seed, { onTrace: (line) => lines.push(line) });
    return lines;
  };
  const first = await tell();
  expect(first.length).toBeGreaterThan(100);
  expect(await tell()).toEqual(first);
});
