import { RETRY, type Remedy } from "../../shared/remedy.ts";

export type FailureCategory =
  | "CLUSTER_EXISTS"
  | "QUOTA"
  | "SKU_NOT_AVAILABLE"
  | "CAPACITY"
  | "ZONE_NOT_AVAILABLE"
  | "LOCATION_NOT_AVAILABLE"
  | "VERSION_NOT_AVAILABLE"
  | "NAME_INVALID"
  | "NAME_TAKEN"
  | "RESOURCE_GROUP"
  | "LOCKED"
  | "FORBIDDEN"
  | "ROLE_ASSIGNMENT"
  | "PERMISSIONS_INCOMPLETE"
  | "POLICY_DENIED"
  | "PROVIDER_NOT_REGISTERED"
  | "SUBSCRIPTION"
  | "SIGN_IN"
  | "IDENTITY"
  | "CONFLICT"
  | "THROTTLED"
  | "OUTBOUND_CONNECTIVITY"
  | "DNS_RESOLUTION"
  | "API_SERVER_UNREACHABLE"
  | "NODES_NOT_READY"
  | "DRAIN_BLOCKED"
  | "UPGRADE_BLOCKED"
  | "SUBNET_FULL"
  | "NETWORK"
  | "REGISTRY"
  | "NOT_FOUND"
  | "INVALID_REQUEST"
  | "AZURE_UNAVAILABLE"
  | "TIMED_OUT"
  | "CANCELED_OUTSIDE"
  | "DELETED_OUTSIDE"
  | "SLIPWAY_ERROR"
  | "UNKNOWN";

/** Whose it is: who has to do something about it. */
export type FailureFault = "YOURS" | "AZURE" | "PASSING" | "OUTSIDE" | "SLIPWAY" | "UNKNOWN";

/** Why something at Azure did not succeed: in our words and in Azure's, what kind of thing it is, and what can be done. */
export interface Failure {
  readonly code: string;
  readonly category: FailureCategory;
  /** What happened, with the names and numbers, in a sentence or two. */
  readonly summary: string;
  readonly fault: FailureFault;
  /** Azure's own words. */
  readonly message: string;
  /** Of the request that asked for it, not of a look at how it goes. */
  readonly correlationId?: string;
  /** Azure's own name of the operation that failed. */
  readonly operationId?: string;
  readonly remedies: readonly Remedy[];
}

const MAX_MESSAGE_LENGTH = 4000;

/** A failure that Slipway found out itself: its words are the message and the summary at once. */
export function failureOf(
  category: FailureCategory,
  code: string,
  message: string,
  more: {
    readonly summary?: string;
    readonly fault?: FailureFault;
    readonly remedies?: readonly Remedy[];
    readonly correlationId?: string | undefined;
    readonly operationId?: string | undefined;
  } = {},
): Failure {
  return {
    category,
    code,
    summary: shortened(more.summary ?? message),
    fault: more.fault ?? USUAL_FAULTS[category] ?? "YOURS",
    message: shortened(message),
    ...(more.correlationId === undefined ? {} : { correlationId: more.correlationId }),
    ...(more.operationId === undefined ? {} : { operationId: more.operationId }),
    remedies: more.remedies ?? [RETRY],
  };
}

const USUAL_FAULTS: Partial<Record<FailureCategory, FailureFault>> = {
  CANCELED_OUTSIDE: "OUTSIDE",
  DELETED_OUTSIDE: "OUTSIDE",
  CLUSTER_EXISTS: "YOURS",
  TIMED_OUT: "AZURE",
  AZURE_UNAVAILABLE: "PASSING",
  CAPACITY: "AZURE",
  CONFLICT: "PASSING",
  THROTTLED: "PASSING",
  SLIPWAY_ERROR: "SLIPWAY",
  UNKNOWN: "UNKNOWN",
};

function shortened(text: string): string {
  return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
}
