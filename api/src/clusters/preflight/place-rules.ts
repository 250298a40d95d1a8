import { edit } from "../../shared/remedy.ts";
import type { Cluster } from "../cluster.ts";
import type { ResourceGroup } from "../provisioning/resource-group-gateway.ts";
import { fail, pass, willWait, type Verdict } from "./check.ts";

const CHOOSE_ANOTHER_NAME = edit("Choose another name", "clusterName");

/** A group may stand elsewhere than its cluster: its location is only where Azure keeps its record. */
export function judgeResourceGroup(name: string, group: ResourceGroup | undefined, location: string): Verdict {
  if (!group) return pass(`Resource group '${name}' does not exist yet; it is created in ${location}.`);
  if (group.provisioningState === "Deleting")
    return willWait(
      `The resource group '${name}' is being deleted. Slipway waits until it is gone and then makes it anew.`,
      [edit("Choose another resource group", "resourceGroup")],
    );
  if (group.location.toLowerCase() === location.toLowerCase())
    return pass(`Resource group '${name}' exists in ${group.location} and is used as it is.`);
  return pass(
    `Resource group '${name}' exists in ${group.location} and is used as it is; the cluster itself is made in ${location}.`,
  );
}

/** Whether the name is free. `blocker` is what is under way for it. */
export function judgeCluster(
  name: string,
  resourceGroup: string,
  existing: Cluster | undefined,
  blocker: { readonly message: string } | undefined,
): Verdict {
  if (blocker) return fail(blocker.message, [CHOOSE_ANOTHER_NAME]);
  if (!existing) return pass(`The name '${name}' is free in resource group '${resourceGroup}'.`);
  if (existing.provisioningState === "Deleting")
    return willWait(
      `The cluster '${name}' in resource group '${resourceGroup}' is being deleted. Slipway waits until it is gone.`,
      [CHOOSE_ANOTHER_NAME],
    );
  return fail(
    `The cluster '${name}' exists already in resource group '${resourceGroup}'. Choose another name, or use the cluster that is there.`,
    [CHOOSE_ANOTHER_NAME],
  );
}
