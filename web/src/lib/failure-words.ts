/** What happened, in plain words, by category. The server may know more categories than this build. */
const HEADLINES: Readonly<Record<string, string>> = {
  CLUSTER_EXISTS: "A cluster with this name exists already",
  QUOTA: "The subscription's quota is too small",
  SKU_NOT_AVAILABLE: "A VM size can't be had in this location",
  CAPACITY: "Azure has no machines of this size left now",
  ZONE_NOT_AVAILABLE: "A zone can't be had in this location",
  LOCATION_NOT_AVAILABLE: "This location can't be used",
  VERSION_NOT_AVAILABLE: "The Kubernetes version can't be had in this location",
  NAME_INVALID: "A name is not allowed",
  NAME_TAKEN: "A name is taken already",
  FORBIDDEN: "A permission is missing",
  ROLE_ASSIGNMENT: "A role could not be granted",
  PERMISSIONS_INCOMPLETE: "The cluster was created, but its permissions are incomplete",
  RESOURCE_GROUP: "The resource group can't be used",
  LOCKED: "A lock at Azure forbids this",
  POLICY_DENIED: "A policy forbids this",
  PROVIDER_NOT_REGISTERED: "A resource provider is not registered",
  SUBSCRIPTION: "The subscription can't be used",
  SIGN_IN: "A sign-in at Azure does not hold",
  IDENTITY: "An identity can't be used",
  INVALID_REQUEST: "Azure refused the request as invalid",
  NOT_FOUND: "Something that is needed is not there",
  CONFLICT: "Something else is under way on it",
  THROTTLED: "Azure is limiting requests",
  AZURE_UNAVAILABLE: "Azure failed or could not be reached",
  OUTBOUND_CONNECTIVITY: "The nodes can't reach what they need on the internet",
  DNS_RESOLUTION: "A name can't be resolved",
  API_SERVER_UNREACHABLE: "The nodes can't reach the cluster's API server",
  NODES_NOT_READY: "The machines of a node pool did not become ready",
  DRAIN_BLOCKED: "A node could not be emptied",
  UPGRADE_BLOCKED: "The cluster can't be upgraded as it is",
  SUBNET_FULL: "A subnet has too few free addresses",
  NETWORK: "The network does not fit",
  REGISTRY: "A registry refuses",
  CANCELED_OUTSIDE: "It was canceled outside of Slipway",
  DELETED_OUTSIDE: "The cluster was deleted outside of Slipway",
  TIMED_OUT: "Azure didn't finish in time",
  SLIPWAY_ERROR: "Slipway itself failed",
};

/** @param otherwise for what nobody knows */
export function failureHeadline(category: string, otherwise = "The cluster could not be created"): string {
  return HEADLINES[category] ?? otherwise;
}

const FAULTS: Readonly<Record<string, string>> = {
  YOURS: "Something on your side has to change",
  AZURE: "It is Azure's, nothing in the request is wrong",
  PASSING: "It passes by itself, so a later try works",
  SLIPWAY: "It is Slipway's own, its log says more",
};

/** Whose it is, in words; undefined when nobody knows, and for what was done outside, which the headline says. */
export function faultWords(fault: string): string | undefined {
  return FAULTS[fault];
}
