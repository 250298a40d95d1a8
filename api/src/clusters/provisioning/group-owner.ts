import { PROVISION_TAG } from "./cluster-spec.ts";
import type { ProvisionStore } from "./provision-store.ts";
import { isAttemptAt, type Provision } from "./provision.ts";
import type { ResourceGroup } from "./resource-group-gateway.ts";

/**
 * Whether the group is this provision's to name as left: it made it, also when the reply got lost, or an earlier attempt at
 * the same cluster did that came to nothing either. The group says so itself, by its tag.
 */
export async function isGroupOurs(store: ProvisionStore, provision: Provision, group: ResourceGroup): Promise<boolean> {
  const madeBy = group.tags[PROVISION_TAG];
  if (madeBy === undefined) return false;
  if (madeBy === provision.id) return true;
  if (!isAttemptAt(provision.cluster, madeBy)) return false;
  return (await store.read(madeBy))?.provision.status !== "SUCCEEDED";
}
