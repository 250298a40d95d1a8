export type FailureCategory =
  | "CLUSTER_EXISTS"
  | "QUOTA"
  | "SKU_NOT_AVAILABLE"
  | "VERSION_NOT_AVAILABLE"
  | "FORBIDDEN"
  | "PERMISSIONS_INCOMPLETE"
  | "RESOURCE_GROUP"
  | "INVALID_REQUEST"
  | "CONFLICT"
  | "THROTTLED"
  | "AZURE_UNAVAILABLE"
  | "CAPACITY"
  | "OUTBOUND_CONNECTIVITY"
  | "NODES_NOT_READY"
  | "CANCELED_OUTSIDE"
  | "DELETED_OUTSIDE"
  | "TIMED_OUT"
  | "SLIPWAY_ERROR"
  | "UNKNOWN";

export interface Remedy {
  readonly kind: "RETRY" | "EDIT" | "COMMAND" | "LINK";
  readonly label: string;
  readonly url?: string;
  readonly command?: string;
}

/** Why a provision did not succeed: Azure's own code and words, what kind of thing it is, and what can be done. */
export interface Failure {
  readonly code: string;
  readonly category: FailureCategory;
  readonly message: string;
  /** Of the request that asked for it, not of a look at how it goes. */
  readonly correlationId?: string;
  /** Azure's own name of the operation that failed. */
  readonly operationId?: string;
  readonly remedies: readonly Remedy[];
}

const MAX_MESSAGE_LENGTH = 4000;
export const RETRY: Remedy = { kind: "RETRY", label: "Try again" };
export const EDIT: Remedy = { kind: "EDIT", label: "Change the input" };

export function failureOf(
  category: FailureCategory,
  code: string,
  message: string,
  more: { readonly remedies?: readonly Remedy[]; readonly correlationId?: string | undefined } = {},
): Failure {
  return {
    category,
    code,
    message: message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message,
    ...(more.correlationId === undefined ? {} : { correlationId: more.correlationId }),
    remedies: more.remedies ?? [RETRY],
  };
}
