import { familyLimit, regionalLimit, VM_FAMILIES } from "./compute-catalogue.ts";
import { findEmulatedSubscription } from "./emulated-subscriptions.ts";
import type { World } from "./provider.ts";
import { coresInUse } from "./providers/containerservice/cluster-facts.ts";

/** vCPUs of one quota: a family's, or all of a location's. */
export type Quota = {
  readonly used: number;
  readonly limit: number;
  /** Never negative. */
  readonly left: number;
};

export type LocationQuota = {
  readonly regional: Quota;
  /** By family name, every family of the catalogue. */
  readonly families: ReadonlyMap<string, Quota>;
};

/** What a subscription has used and may still use in a location, clusters that are being made or have failed included. */
export function quotaIn(world: World, subscriptionId: string, location: string): LocationQuota {
  const used = coresInUse(world, subscriptionId, location);
  const offer = findEmulatedSubscription(subscriptionId)?.compute;
  const total = [...used.values()].reduce((sum, count) => sum + count, 0);
  return {
    regional: toQuota(total, offer === undefined ? 0 : regionalLimit(offer, location)),
    families: new Map(
      VM_FAMILIES.map(({ name }) => [
        name,
        toQuota(used.get(name) ?? 0, offer === undefined ? 0 : familyLimit(offer, location, name)),
      ]),
    ),
  };
}

function toQuota(used: number, limit: number): Quota {
  return { used, limit, left: Math.max(0, limit - used) };
}
