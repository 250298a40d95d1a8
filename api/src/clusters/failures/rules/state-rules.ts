import { RETRY, command, edit, link } from "../../../shared/remedy.ts";
import type { Facts } from "../failure-facts.ts";
import { aksGuide, armGuide, withValue, type FailureRule } from "../failure-rule.ts";
import { subscriptionOption } from "../remedies.ts";

const PENDING_GUIDE = aksGuide("create-upgrade-delete/operationnotallowed");

function whenToRetry({ retryAfterSeconds }: Facts): string {
  return retryAfterSeconds === undefined
    ? " It takes them again after a while."
    : ` It takes them again in ${retryAfterSeconds} seconds.`;
}

function shortName(resource: string | undefined): string | undefined {
  return resource?.split("/").at(-1);
}

/** What passes, what is busy, what is not there: the state of Azure and of its resources. */
export const STATE_RULES: readonly FailureRule[] = [
  {
    name: "create-throttled",
    category: "THROTTLED",
    fault: "PASSING",
    codes: ["CreateClusterThrottled"],
    words: /too soon to create another managed cluster/i,
    tell: (facts) => `AKS lets the subscription create its next cluster only after a pause.${whenToRetry(facts)}`,
    remedies: () => [RETRY, link("Limits of AKS", "https://aka.ms/aks/throttling")],
    source: aksGuide("create-upgrade-delete/error-code-aksrequeststhrottled"),
  },
  {
    name: "throttled",
    category: "THROTTLED",
    fault: "PASSING",
    codes: [
      "Throttled",
      "TooManyRequests",
      "SubscriptionRequestsThrottled",
      "ResourceRequestsThrottled",
      "RequestsThrottled",
      "AKSRequestsThrottled",
      "SubscriptionThrottled",
      "OperationThrottled",
      "RateLimitExceeded",
      "TOOMANYREQUESTS",
      "Http429",
      "RetryableErrorDueToThrottling",
    ],
    words:
      /request limit has been exceeded|too many requests|request (?:is|was|has been) (?:being )?throttled|rate limit (?:is |was |has been )?exceeded|number of (?:\w+ )?requests for subscription .{0,80}exceeded/i,
    tell: (facts) =>
      `Azure takes no more requests of this kind${withValue(" (", facts.handler, ")")} for now: there were too many.${whenToRetry(facts)}`,
    remedies: () => [RETRY, link("Limits of requests", armGuide("management/request-limits-and-throttling"))],
    source: armGuide("management/request-limits-and-throttling"),
  },
  {
    name: "group-deletion-blocked",
    category: "CONFLICT",
    fault: "PASSING",
    codes: ["ResourceGroupDeletionBlocked", "ResourceGroupDeletionFailed"],
    words: /deletion of resource group \S+ failed|not in (?:a )?terminal state/i,
    when: ({ groupToDelete }) => groupToDelete !== undefined,
    tell: (facts) =>
      `The resource group '${facts.groupToDelete ?? ""}' could not be deleted, because ${withValue("'", facts.resource, "'", "something in it")} can't be: it is still busy, or protected. Delete that first.`,
    remedies: (facts) => [
      command(
        "See what is in the group",
        ...[
          "az",
          "resource",
          "list",
          ...subscriptionOption(facts),
          "--resource-group",
          facts.groupToDelete ?? "<resource group>",
          "--output",
          "table",
        ],
      ),
      RETRY,
    ],
    source: armGuide("management/delete-resource-group"),
  },
  {
    name: "group-being-deleted",
    category: "RESOURCE_GROUP",
    fault: "PASSING",
    codes: ["ResourceGroupBeingDeleted", "ResourceGroupDeletionInProgress"],
    words: /resource group \S+ is in deprovisioning state|resource group \S+ is (?:currently )?being deleted/i,
    tell: (facts) =>
      `The resource group${withValue(" '", facts.resourceGroup, "'")} is being deleted. Wait until it is gone, or choose another one.`,
    remedies: () => [RETRY, edit("Choose another resource group", "resourceGroup")],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
  {
    name: "group-not-found",
    category: "RESOURCE_GROUP",
    fault: "YOURS",
    codes: ["ResourceGroupNotFound"],
    words: /resource group \S+ could not be found/i,
    tell: (facts) => `The resource group${withValue(" '", facts.resourceGroup, "'")} is not there.`,
    remedies: (facts) => [
      edit("Choose another resource group", "resourceGroup"),
      command(
        "Create the group",
        ...[
          "az",
          "group",
          "create",
          ...subscriptionOption(facts),
          "--name",
          facts.resourceGroup ?? "<resource group>",
          "--location",
          facts.location ?? "<location>",
        ],
      ),
      RETRY,
    ],
    source: armGuide("troubleshooting/error-not-found"),
  },
  {
    name: "group-invalid",
    category: "RESOURCE_GROUP",
    fault: "YOURS",
    codes: ["InvalidResourceGroup", "InvalidResourceGroupLocation", "ResourceGroupLocationMismatch"],
    words: /resource group already exists in location/i,
    tell: (facts) =>
      `The resource group${withValue(" '", facts.resourceGroup, "'")} ${withValue("is in ", facts.otherLocation, " already, and stays there", "can't be used for this, or is in another location")}.`,
    remedies: () => [
      edit("Choose another resource group", "resourceGroup"),
      edit("Choose another location", "location"),
    ],
    source: armGuide("management/manage-resource-groups-portal"),
  },
  {
    name: "not-running",
    category: "CONFLICT",
    fault: "YOURS",
    words: /managed cluster is not currently running|cluster is (?:in )?(?:the )?stopped(?: state)?/i,
    tell: (facts) =>
      facts.attempted?.toLowerCase() === "stopping"
        ? "The cluster is stopped already."
        : `The cluster is stopped${withValue(", and ", facts.attempted, " needs one that runs")}. Start it first.`,
    remedies: (facts, { clusterName = "<cluster>" }) => [
      command(
        "Start the cluster",
        ...[
          "az",
          "aks",
          "start",
          ...subscriptionOption(facts),
          "--resource-group",
          facts.resourceGroup ?? "<resource group>",
          "--name",
          clusterName,
        ],
      ),
      RETRY,
    ],
    source: PENDING_GUIDE,
  },
  {
    name: "busy-state",
    category: "CONFLICT",
    fault: "PASSING",
    words:
      /is in provisioning ?state\(|operation is not allowed while|because (?:the )?(?:cluster|resource)(?: \S+){0,3} is in (?:the )?\S+ (?:provisioning )?state/i,
    tell: (facts) =>
      `The cluster is ${facts.provisioningState ?? "busy"}${withValue(" and ", facts.powerState)}${withValue(", so ", facts.attempted, " can't begin")}. Wait until that has ended.`,
    remedies: () => [RETRY, link("Operations in each other's way", "https://aka.ms/aks-pending-operation")],
    source: PENDING_GUIDE,
  },
  {
    name: "cluster-failed",
    category: "CONFLICT",
    fault: "YOURS",
    words: /cluster is in (?:a |the )?failed (?:provisioning )?state/i,
    tell: () =>
      "The cluster is Failed: the last thing that was done to it did not succeed. Bring it back to what it is meant to be, then try again.",
    remedies: (facts, { clusterName = "<cluster>" }) => [
      command(
        "Bring it back",
        ...["az", "aks", "update", ...subscriptionOption(facts)],
        ...["--resource-group", facts.resourceGroup ?? "<resource group>", "--name", clusterName],
      ),
      RETRY,
    ],
    source: aksGuide("create-upgrade-delete/cluster-node-virtual-machine-failed-state"),
  },
  {
    name: "another-operation",
    category: "CONFLICT",
    fault: "PASSING",
    codes: [
      "AnotherOperationInProgress",
      "OperationInProgress",
      "OperationPreempted",
      "ConcurrentOperationInProgress",
      "PutOperationInProgress",
      "EtagMismatch",
      "PreconditionFailed",
      "ConcurrentMutatingOperationConflict",
    ],
    words:
      /another (?:\w+ )?operation .{0,160}in progress|(?:an?|the) (?:existing |other )?operation is (?:already |still |currently )?(?:in progress|running)|\bin[- ]progress (?:\w+ ){0,5}operation|preempted by/i,
    tell: (facts) =>
      `Another operation${withValue(" (", facts.operation, ")")} on it is under way. Try again once that has ended.`,
    remedies: () => [RETRY, link("Operations in each other's way", "https://aka.ms/aks-pending-operation")],
    source: PENDING_GUIDE,
  },
  {
    name: "dependency-busy",
    category: "CONFLICT",
    fault: "PASSING",
    codes: ["ReferencedResourceNotProvisioned", "ResourceNotProvisioned", "ParentResourceNotReady"],
    words: /is not in succeeded state|not in (?:a )?terminal (?:provisioning )?state/i,
    tell: (facts) =>
      `${withValue("'", shortName(facts.resource), "'", "Something")} that this depends on is not ready${withValue(": it is ", facts.provisioningState)}${withValue(" (", facts.operation, ")")}. Try again when that has ended.`,
    remedies: () => [RETRY],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
  {
    name: "canceled",
    category: "CANCELED_OUTSIDE",
    fault: "OUTSIDE",
    codes: ["OperationCanceled", "Canceled", "OperationAborted", "DeploymentCanceled", "ProvisioningCanceled"],
    words: /operation (?:was|has been) (?:canceled|cancelled|aborted)/i,
    tell: () => "The operation was canceled at Azure, outside Slipway.",
    remedies: () => [RETRY],
    source: "https://learn.microsoft.com/azure/aks/manage-abort-operations",
  },
  {
    name: "node-group-exists",
    category: "NAME_TAKEN",
    fault: "YOURS",
    codes: ["NodeResourceGroupAlreadyExists"],
    words: /node resource group \S+ already exists/i,
    tell: (facts) =>
      `The cluster would put its machines into the resource group${withValue(" '", facts.nodeResourceGroup, "'")}, which exists already. Choose another name for the cluster, or delete that group.`,
    remedies: (facts) => [
      edit("Choose another name", "clusterName"),
      command(
        "See what is in the group",
        ...["az", "resource", "list", ...subscriptionOption(facts)],
        ...["--resource-group", facts.nodeResourceGroup ?? "<resource group>", "--output", "table"],
      ),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/aks/faq",
  },
  {
    name: "name-taken",
    category: "NAME_TAKEN",
    fault: "YOURS",
    codes: [
      "DnsRecordInUse",
      "DnsNameInUse",
      "DomainNameLabelInUse",
      "DNSPrefixInUse",
      "ResourceExistsInAnotherGroup",
      "InvalidResourceLocation",
      "AlreadyExists",
      "StorageAccountAlreadyTaken",
      "AlreadyInUse",
    ],
    words:
      /(?:dns|name|record|label|fqdn|prefix).{0,120}(?:is |has been )?already (?:in use|used|taken|exists?)|already exists in (?:location|resource group)|(?:name|resource) \S+ (?:is )?already (?:in use|taken|exists)/i,
    tell: (facts) =>
      `The name${withValue(" '", facts.name ?? facts.resource, "'")} is taken already${withValue(" in ", facts.location)}. Choose another one.`,
    remedies: () => [edit("Choose another name", "clusterName")],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
  {
    name: "not-found",
    category: "NOT_FOUND",
    fault: "YOURS",
    codes: [
      "ResourceNotFound",
      "RunNotFound",
      "BlobNotFound",
      "NotFound",
      "ParentResourceNotFound",
      "AgentPoolNotFound",
      "ManagedClusterNotFound",
      "OperationNotFound",
      "Http404",
      "Request_ResourceNotFound",
      "InvalidResourceReference",
    ],
    words:
      /(?:the )?resource \S+ (?:under resource group \S+ )?was not found|could not find (?:the )?agent ?pool|referenced by .{1,200}? was not found/i,
    tell: (facts) =>
      `${withValue("'", facts.runId ?? facts.resource ?? facts.pool, "'", "Something that is named in the request")} is not there: it is gone, was never made, or has another name.`,
    remedies: () => [RETRY, link("When something is not found", armGuide("troubleshooting/error-not-found"))],
    source: armGuide("troubleshooting/error-not-found"),
  },
  {
    name: "azure-unavailable",
    category: "AZURE_UNAVAILABLE",
    fault: "PASSING",
    codes: [
      "ServiceUnavailable",
      "ServerBusy",
      "InternalServerError",
      "InternalOperationError",
      "InternalExecutionError",
      "NetworkingInternalOperationError",
      "DnsRecordCreateFailed",
      "EtcdServerError",
      "GatewayTimeout",
      "BadGateway",
      "ServerTimeout",
      "RetryableError",
      "Http500",
      "Http502",
      "Http503",
      "Http504",
      "ECONNREFUSED",
      "ECONNRESET",
      "ENOTFOUND",
      "EAI_AGAIN",
      "ETIMEDOUT",
      "RequestTimedOut",
      "ConnectionLost",
      "UnreadableAnswer",
    ],
    words:
      /service is (?:currently |temporarily )?unavailable|unexpected (?:internal )?error occurred|internal server error|an internal (?:execution )?error|azure (?:can't be reached|did not answer)/i,
    tell: () =>
      "Azure itself failed or could not be reached: nothing in the request is wrong. It usually works again within minutes.",
    remedies: () => [RETRY, link("State of Azure", "https://status.azure.com")],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
  {
    name: "timed-out",
    category: "TIMED_OUT",
    fault: "AZURE",
    codes: [
      "OperationTimedOut",
      "ProvisioningTimeout",
      "DeploymentTimeout",
      "ProvisionTimedOut",
      "OperationTimeout",
      "ContextDeadlineExceeded",
      "Timeout",
    ],
    words:
      /context deadline exceeded|did not (?:complete|finish|end) (?:with)?in (?:the )?(?:allotted |allowed |given )?time|(?:operation|request|provisioning|deployment) (?:has |was )?timed out/i,
    tell: () =>
      "It was not done in the time that Azure allows. It may still be going on: look at it in the portal before you ask again.",
    remedies: () => [link("State of Azure", "https://status.azure.com"), RETRY],
    source: aksGuide("create-upgrade-delete/troubleshoot-aks-cluster-creation-issues"),
  },
];
