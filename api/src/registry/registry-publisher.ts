import type { ChangeHints } from "../events/change-hints.ts";
import type { RegistryChange } from "./registry-store.ts";
import { registryKey, type Registry } from "./registry.ts";

export function registryTopic(registry: Pick<Registry, "name">): string {
  return `registry:${registryKey(registry)}`;
}

export function repositoriesTopic(registry: Pick<Registry, "name">): string {
  return `repositories:${registryKey(registry)}`;
}

/** Tells the live channel of a stored change. */
export function publishRegistryChange(hints: ChangeHints, registry: Registry, change: RegistryChange): void {
  for (const repository of change.repositories)
    hints.publish(repositoriesTopic(registry), { sequence: repository.version, state: repository });
  hints.publish(registryTopic(registry), { sequence: change.head.sequence, state: { registry, head: change.head } });
}
