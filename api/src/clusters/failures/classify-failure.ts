import { innermostCause, type AzureError, type AzureErrorBody } from "../../shared/azure-error.ts";
import { EDIT, failureOf, RETRY, type Failure, type FailureCategory, type Remedy } from "./failure.ts";

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

function allCodes(body: AzureErrorBody): string[] {
  return [body.code, ...(body.details ?? []).flatMap(allCodes)];
}
