import type { World } from "../provider.ts";
export function seedDemo(_world: World): void {}
