import { builder } from "../../graphql/builder.ts";
import { RemedyType } from "../../graphql/remedy-type.ts";
import type { Failure, FailureCategory, FailureFault } from "./failure.ts";

const FailureCategoryEnum = builder.enumType("FailureCategory", {
  description: "What kind of failure it is. UNKNOWN keeps Azure's own words; more may follow.",
  values: {
    CLUSTER_EXISTS: { description: "There is a cluster of that name in the resource group already." },
    QUOTA: { description: "The subscription's quota does not allow as many vCPUs, addresses, clusters or roles." },
    SKU_NOT_AVAILABLE: { description: "The VM size is not offered to the subscription in this location." },
    CAPACITY: { description: "Azure has no machines of this size left in this location or zone for now." },
    ZONE_NOT_AVAILABLE: { description: "An availability zone or edge zone is not offered for this." },
    LOCATION_NOT_AVAILABLE: { description: "The location does not offer this to the subscription." },
    VERSION_NOT_AVAILABLE: { description: "The Kubernetes version is not offered in this location." },
    NAME_INVALID: { description: "A name breaks Azure's rules for names." },
    NAME_TAKEN: { description: "A name or DNS name is used by something else already." },
    FORBIDDEN: { description: "An identity lacks a permission at Azure." },
    ROLE_ASSIGNMENT: { description: "A role could not be granted as it was asked for." },
    PERMISSIONS_INCOMPLETE: {
      description: "The cluster exists, but not every role that was asked for could be granted.",
    },
    RESOURCE_GROUP: { description: "The resource group is missing, is being deleted, or can't be used or created." },
    LOCKED: { description: "A lock at Azure forbids the change." },
    POLICY_DENIED: { description: "A policy of the subscription or above it forbids what was asked for." },
    PROVIDER_NOT_REGISTERED: { description: "The subscription has not registered a resource provider that is needed." },
    SUBSCRIPTION: { description: "The subscription is disabled, over its spending limit, or not to be found." },
    SIGN_IN: { description: "A sign-in does not hold: a secret, certificate or token is expired or wrong." },
    IDENTITY: { description: "A managed identity or principal is missing, not known yet, or can't be used." },
    INVALID_REQUEST: { description: "Azure refuses the request as it is, for its values." },
    NOT_FOUND: { description: "Something that the request names is not there." },
    CONFLICT: { description: "Another operation on the same thing is in the way." },
    THROTTLED: { description: "Azure takes no more requests for now." },
    AZURE_UNAVAILABLE: { description: "Azure could not be reached or did not work." },
    OUTBOUND_CONNECTIVITY: {
      description: "The nodes can't reach what they need to start, such as the registry of AKS's images.",
    },
    DNS_RESOLUTION: { description: "A name, that of the cluster's API server for one, can't be resolved." },
    API_SERVER_UNREACHABLE: { description: "The nodes can't connect to the cluster's API server." },
    NODES_NOT_READY: { description: "The machines were made, but did not become ready nodes." },
    DRAIN_BLOCKED: { description: "A node could not be emptied, for a disruption budget for one." },
    UPGRADE_BLOCKED: { description: "AKS does not upgrade the cluster as it is used now." },
    SUBNET_FULL: { description: "A subnet has too few free addresses." },
    NETWORK: { description: "Address ranges overlap, or a network does not fit." },
    REGISTRY: { description: "A registry refuses somebody, or an image can't be pulled from it." },
    CANCELED_OUTSIDE: { description: "The create was canceled at Azure by somebody else than Slipway." },
    DELETED_OUTSIDE: { description: "The cluster was deleted at Azure while it was being created." },
    TIMED_OUT: { description: "It was not done in the time that is allowed for it." },
    SLIPWAY_ERROR: { description: "Slipway itself failed; its log says more." },
    UNKNOWN: { description: "None of the others: Azure's own code and words are all that is known." },
  } as const satisfies Record<FailureCategory, object>,
});

const FailureFaultEnum = builder.enumType("FailureFault", {
  description: "Whose it is: who has to do something about it.",
  values: {
    YOURS: {
      description: "Yours: something in the request, the subscription, its network or its rights has to change.",
    },
    AZURE: { description: "Azure's: nothing in the request is wrong." },
    PASSING: { description: "Nobody's: it passes by itself, so that a later try works." },
    OUTSIDE: {
      description: "Somebody's or something's outside Slipway, such as the portal, the CLI or an automation.",
    },
    SLIPWAY: { description: "Slipway's own." },
    UNKNOWN: { description: "It can't be told." },
  } as const satisfies Record<FailureFault, object>,
});

export const FailureType = builder.objectRef<Failure>("Failure").implement({
  description: "Why something at Azure did not succeed, in plain words and in Azure's own.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "Azure's own error code, or Slipway's." }),
    category: t.field({
      type: FailureCategoryEnum,
      description: "What kind of failure it is.",
      resolve: (failure) => failure.category,
    }),
    summary: t.string({
      description: "What happened, with the names and numbers, in a sentence or two.",
      // Records of an earlier version have Azure's words alone.
      resolve: ({ summary, message }: Partial<Failure>) => summary ?? message ?? "",
    }),
    fault: t.field({
      type: FailureFaultEnum,
      description: "Whose it is.",
      resolve: ({ fault }: Partial<Failure>) => fault ?? "UNKNOWN",
    }),
    message: t.exposeString("message", { description: "Azure's own words for the innermost cause." }),
    correlationId: t.string({
      nullable: true,
      description: "What Azure support asks for: of the request itself, not of a look at how it went.",
      resolve: (failure) => failure.correlationId ?? null,
    }),
    operationId: t.string({
      nullable: true,
      description: "Azure's name of the operation that failed; null when Azure refused the request at once.",
      resolve: (failure) => failure.operationId ?? null,
    }),
    remedies: t.field({
      type: [RemedyType],
      description: "What can be done about it.",
      resolve: (failure) => [...failure.remedies],
    }),
  }),
});
