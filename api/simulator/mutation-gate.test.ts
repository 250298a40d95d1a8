import { expect, test } from "vitest";
import { runGate } from "./mutation-gate.ts";
import { MUTATIONS } from "./mutations.ts";

/** The weakest protection shows in two of a hundred seeds: missed by all of these once in some thousand changes. */
const MOST_SEEDS = 400;
const TIMEOUT_MS = 120_000;

test.each(MUTATIONS)(
  "the seeds notice: $name",
  async (mutation) => {
    const { caught, seeds } = await runGate(mutation, 1, MOST_SEEDS, 1);
    expect(caught, `Nothing was noticed in ${seeds} seeds.`).toBe(1);
  },
  TIMEOUT_MS,
);
