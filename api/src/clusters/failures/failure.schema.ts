import { builder } from "../../graphql/builder.ts";
import type { Failure, FailureCategory, Remedy } from "./failure.ts";

const FailureCategoryEnum = builder.enumType("FailureCategory", {
  description: "What kind of failure it is. UNKNOWN keeps Azure's own words; more may follow.",
  values: {
    CLUSTER_EXISTS: { description: "There is a cluster of that name in the resource group already." },
    QUOTA: { description: "The subscription's quota does not allow as many cores, machines or clusters." },
    SKU_NOT_AVAILABLE: { description: "The VM size is not offered to the subscription in this location." },
    VERSION_NOT_AVAILABLE: { description: "The Kubernetes version is not offered in this location." },
    FORBIDDEN: { description: "Slipway's identity lacks a permission at Azure." },
    PERMISSIONS_INCOMPLETE: {
      description: "The cluster exists, but not every role that was asked for could be granted.",
    },
    RESOURCE_GROUP: { description: "The resource group is missing, is being deleted, or can't be used or created." },
    INVALID_REQUEST: { description: "Azure refuses the request as it is, for its values or by a policy." },
    CONFLICT: { description: "Another operation on the same thing is in the way." },
    THROTTLED: { description: "Azure takes no more requests for now." },
    AZURE_UNAVAILABLE: { description: "Azure could not be reached or did not work." },
    CAPACITY: { description: "Azure has no machines of this size left in this location or zone for now." },
    OUTBOUND_CONNECTIVITY: {
      description: "The nodes can't reach what they need to start, such as the registry of AKS's images.",
    },
    NODES_NOT_READY: { description: "The machines were made, but did not become ready nodes." },
    CANCELED_OUTSIDE: { description: "The create was canceled at Azure by somebody else than Slipway." },
    DELETED_OUTSIDE: { description: "The cluster was deleted at Azure while it was being created." },
    TIMED_OUT: { description: "It was not done in the time that is allowed for it." },
    SLIPWAY_ERROR: { description: "Slipway itself failed; its log says more." },
    UNKNOWN: { description: "None of the others: Azure's own code and words are all that is known." },
  } as const satisfies Record<FailureCategory, object>,
});

const RemedyKindEnum = builder.enumType("RemedyKind", {
  description: "Whether a remedy is to try again, to change the input, to run a command or to open a page.",
  values: {
    RETRY: { description: "Ask for the same again." },
    EDIT: { description: "Change the input, then ask again." },
    COMMAND: { description: "Run a command in a terminal." },
    LINK: { description: "Open a page." },
  } as const satisfies Record<Remedy["kind"], object>,
});

const RemedyType = builder.objectRef<Remedy>("Remedy").implement({
  description: "Something that can be done about a failure.",
  fields: (t) => ({
    kind: t.field({ type: RemedyKindEnum, description: "What to do with it.", resolve: (remedy) => remedy.kind }),
    label: t.exposeString("label", { description: "Words for a button or link." }),
    url: t.string({ nullable: true, description: "Page to open, for LINK.", resolve: (remedy) => remedy.url ?? null }),
    command: t.string({
      nullable: true,
      description: "Command to copy, for COMMAND.",
      resolve: (remedy) => remedy.command ?? null,
    }),
  }),
});

export const FailureType = builder.objectRef<Failure>("Failure").implement({
  description: "Why a provision did not succeed.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "Azure's own error code, or Slipway's." }),
    category: t.field({
      type: FailureCategoryEnum,
      description: "What kind of failure it is.",
      resolve: (failure) => failure.category,
    }),
    message: t.exposeString("message", { description: "Azure's own words, innermost cause first." }),
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
