import type { ChangeHints } from "../events/change-hints.ts";
import type { RegistryChange } from "./registry-store.ts";
import { registryKey, type Registry } from "./registry.ts";

/** Builds of every registry. */
export const BUILDS_TOPIC = "builds";

export function registryTopic(registry: Pick<Registry, "name">): string {
  return `registry:${registryKey(registry)}`;
}

export function repositoriesTopic(registry: Pick<Registry, "name">): string {
  return `repositories:${registryKey(registry)}`;
}

/** Builds of one registry. */
export function buildsTopic(registry: Pick<Registry, "name">): string {
  return `builds:${registryKey(registry)}`;
}

/** One build. */
export function buildTopic(id: string): string {
  return `build:${id}`;
}

/** Tells the live channel of a stored change. */
export function publishRegistryChange(hints: ChangeHints, registry: Registry, change: RegistryChange): void {
  for (const build of change.builds) {
    const hint = { sequence: build.version, state: build };
    for (const topic of [buildTopic(build.id), buildsTopic(registry), BUILDS_TOPIC]) hints.publish(topic, hint);
  }
  for (const repository of change.repositories)
    hints.publish(repositoriesTopic(registry), { sequence: repository.version, state: repository });
  hints.publish(registryTopic(registry), { sequence: change.head.sequence, state: { registry, head: change.head } });
}
