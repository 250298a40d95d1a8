import type { Mutation } from "./mutation.ts";
import { runSeed } from "./run-seed.ts";

/** What the seeds say of one missing protection. */
export interface GateRow {
  readonly name: string;
  readonly seeds: number;
  /** Seeds that broke a rule. */
  readonly caught: number;
  readonly firstSeed: number | undefined;
  /** How often each rule was the first to break. */
  readonly rules: ReadonlyMap<string, number>;
}

/** Runs seeds without a protection. @param most stops after so many have caught it */
export async function runGate(mutation: Mutation, from: number, count: number, most = Infinity): Promise<GateRow> {
  const rules = new Map<string, number>();
  let firstSeed: number | undefined;
  let [seeds, caught] = [0, 0];
  for (let seed = from; seed < from + count && caught < most; seed++) {
    const [first] = (await runSeed(seed, { mutation })).violations;
    seeds++;
    if (!first) continue;
    caught++;
    firstSeed ??= seed;
    rules.set(first.rule, (rules.get(first.rule) ?? 0) + 1);
  }
  return { name: mutation.name, seeds, caught, firstSeed, rules };
}
