import { innermostCause, type AzureError, type AzureErrorBody } from "../../shared/azure-error.ts";

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
  readonly correlationId?: string;
  readonly remedies: readonly Remedy[];
}

const MAX_MESSAGE_LENGTH = 4000;
const RETRY: Remedy = { kind: "RETRY", label: "Try again" };
const EDIT: Remedy = { kind: "EDIT", label: "Change the input" };

/** Ordered: the first rule that fits decides. Codes are Azure's; the texts are from its public error references. */
const RULES: readonly {
  readonly category: FailureCategory;
  readonly code?: RegExp;
  readonly message?: RegExp;
  readonly remedies: readonly Remedy[];
}[] = [
  {
    category: "QUOTA",
    code: /InsufficientVCPUQuota|QuotaExceeded/i,
    remedies: [{ kind: "LINK", label: "View quotas", url: "https://aka.ms/quotas/view-quotas" }, EDIT, RETRY],
  },
  {
    category: "QUOTA",
    message: /exceeding (approved|quota)|quota (limit|left)|insufficient .*quota/i,
    remedies: [{ kind: "LINK", label: "View quotas", url: "https://aka.ms/quotas/view-quotas" }, EDIT, RETRY],
  },
  {
    category: "SKU_NOT_AVAILABLE",
    code: /SkuNotAvailable|VMSizeNotSupported|InvalidVMSize/i,
    remedies: [
      EDIT,
      { kind: "LINK", label: "Sizes and regions of AKS", url: "https://aka.ms/aks/quotas-skus-regions" },
    ],
  },
  {
    category: "SKU_NOT_AVAILABLE",
    message: /VM size of .* is not allowed|SKU .*not available/i,
    remedies: [
      EDIT,
      { kind: "LINK", label: "Sizes and regions of AKS", url: "https://aka.ms/aks/quotas-skus-regions" },
    ],
  },
  {
    category: "CAPACITY",
    code: /AllocationFailed|Overconstrained(Zonal)?Allocation|OutOfCapacity/i,
    remedies: [RETRY, EDIT],
  },
  {
    category: "OUTBOUND_CONNECTIVITY",
    message: /outbound connection from agents/i,
    remedies: [
      { kind: "LINK", label: "What nodes must reach", url: "https://aka.ms/aks-required-ports-and-addresses" },
      RETRY,
    ],
  },
  {
    category: "NODES_NOT_READY",
    code: /CreateVMSSAgentPoolFailed|VMExtensionProvisioning|VMExtensionError/i,
    remedies: [
      {
        kind: "LINK",
        label: "When nodes don't become ready",
        url: "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/troubleshoot-aks-cluster-creation-issues",
      },
      RETRY,
    ],
  },
  {
    category: "VERSION_NOT_AVAILABLE",
    code: /K8sVersionNotSupported|AgentPoolK8sVersionNotSupported|UnsupportedKubernetesVersion/i,
    remedies: [EDIT, { kind: "LINK", label: "Supported versions", url: "https://aka.ms/supported-version-list" }],
  },
  {
    category: "FORBIDDEN",
    code: /AuthorizationFailed|LinkedAuthorizationFailed|Forbidden|AuthenticationFailed|ExpiredAuthenticationToken/i,
    remedies: [RETRY],
  },
  {
    category: "RESOURCE_GROUP",
    code: /ResourceGroup(NotFound|BeingDeleted)|InvalidResourceGroup/i,
    remedies: [RETRY, EDIT],
  },
  { category: "THROTTLED", code: /Throttled|TooManyRequests/i, remedies: [RETRY] },
  { category: "INVALID_REQUEST", code: /Invalid|BadRequest|RequestDisallowedByPolicy|NotAllowed$/i, remedies: [EDIT] },
];

/** Facts of a failing Azure answer or ARM operation, classified. An unknown code keeps Azure's words. */
export function classifyFailure(
  body: AzureErrorBody,
  facts: { readonly correlationId?: string | undefined; readonly category?: FailureCategory } = {},
): Failure {
  const cause = innermostCause(body);
  const codes = allCodes(body);
  const rule = RULES.find((candidate) =>
    candidate.code ? codes.some((code) => candidate.code?.test(code)) : candidate.message?.test(cause.message),
  );
  return failureOf(
    facts.category ?? rule?.category ?? "UNKNOWN",
    cause.code || body.code,
    cause.message || body.message,
    {
      remedies: rule?.remedies ?? [RETRY],
      correlationId: facts.correlationId,
    },
  );
}

export function classifyAzureError(error: AzureError): Failure {
  const failure = classifyFailure(error.body, { correlationId: error.correlationId });
  // OperationNotAllowed is Azure's word for "not now" as well as for "never"; with a conflict it is "not now".
  if (error.kind === "conflict" && failure.category === "INVALID_REQUEST")
    return { ...failure, category: "CONFLICT", remedies: [RETRY] };
  if (failure.category !== "UNKNOWN") return failure;
  switch (error.kind) {
    case "transient":
    case "lost-reply":
      return { ...failure, category: "AZURE_UNAVAILABLE" };
    case "forbidden":
      return { ...failure, category: "FORBIDDEN" };
    case "conflict":
      return { ...failure, category: "CONFLICT" };
    default:
      return failure;
  }
}

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

function allCodes(body: AzureErrorBody): string[] {
  return [body.code, ...(body.details ?? []).flatMap(allCodes)];
}
