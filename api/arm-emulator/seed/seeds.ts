import type { World } from "../provider.ts";
import { seedDemo } from "./demo.ts";
import { seedEmpty } from "./empty.ts";
import { seedLarge } from "./large.ts";

/** The worlds that the emulator can begin with. */
const SEEDS = { demo: seedDemo, empty: seedEmpty, large: seedLarge } as const satisfies Record<
  string,
  (world: World) => void
>;

export type SeedName = keyof typeof SEEDS;
export const SEED_NAMES = Object.keys(SEEDS) as SeedName[];

/** Fills an empty world. */
export function plantSeed(name: SeedName, world: World): void {
  SEEDS[name](world);
}
