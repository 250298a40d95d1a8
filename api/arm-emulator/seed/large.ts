import type { World } from "../provider.ts";
import { putRegistry } from "../providers/containerregistry/registry.ts";
import { DEMO } from "./demo-names.ts";
import { plantImage } from "./demo-registry.ts";
import { seedDemo } from "./demo.ts";

const REPOSITORIES = 5000;
const TAGS_PER_REPOSITORY = 4;
const HOUR_MS = 3_600_000;

/** The `demo` world with a second registry, of 5,000 repositories and 20,000 tags, to measure listings with. */
export function seedLarge(world: World): void {
  seedDemo(world);
  const registry = putRegistry(world, {
    subscriptionId: DEMO.subscriptionId,
    ...DEMO.largeRegistry,
    location: "westeurope",
    sku: "Premium",
    tags: { team: "platform" },
    createdMs: world.now() - 900 * 24 * HOUR_MS,
  });
  for (let index = 0; index < REPOSITORIES; index++) {
    const repository = `team-${String(index % 50).padStart(2, "0")}/service-${String(index).padStart(4, "0")}`;
    for (let version = 0; version < TAGS_PER_REPOSITORY; version++) {
      const hoursAgo = index + (TAGS_PER_REPOSITORY - version) * 24;
      const atMs = world.now() - hoursAgo * HOUR_MS;
      plantImage(world, { registry: registry.name, repository, tag: `1.${version}.0`, atMs });
    }
  }
}
