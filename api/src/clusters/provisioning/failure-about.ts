import type { FailureAbout } from "../failures/failure-facts.ts";
import type { Provision } from "./provision.ts";

/** What a failure of this provision is about. */
export function failureAbout(provision: Provision): FailureAbout {
  const { cluster, location, kubernetesVersion, nodePoolSpecs } = provision;
  const { subscriptionId, resourceGroup, name: clusterName } = cluster;
  return { subscriptionId, resourceGroup, clusterName, location, kubernetesVersion, nodePools: nodePoolSpecs };
}
