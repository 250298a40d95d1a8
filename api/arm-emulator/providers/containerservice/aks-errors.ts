import { flatError, resourceNotFound, wrappedError, type ArmError } from "../../arm-errors.ts";
import type { OperationError } from "../../async-operations.ts";
import { deployableSizesIn } from "../../compute-catalogue.ts";
import { findEmulatedSubscription } from "../../emulated-subscriptions.ts";
import { AKS_NAMESPACE } from "./managed-cluster.ts";

/**
 * AKS's refusals, in its own words. Sources: the articles under
 * https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/
 */

export function clusterNotFound(name: string, resourceGroup: string): ArmError {
  return resourceNotFound(`${AKS_NAMESPACE}/managedClusters/${name}`, resourceGroup);
}

export function poolNotFound(clusterName: string, poolName: string): ArmError {
  return flatError(
    404,
    "NotFound",
    `Could not find the agent pool '${poolName}' of the managed cluster '${clusterName}'.`,
  );
}

/** @param operationName what runs, e.g. `Creating` */
export function anotherOperation(operationName: string): ArmError {
  return flatError(
    409,
    "OperationNotAllowed",
    `Operation is not allowed: Another operation (${operationName}) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details`,
  );
}

export function anotherPoolOperation(operationName: string): ArmError {
  return flatError(
    409,
    "OperationNotAllowed",
    `Operation is not allowed: Another agentpool operation (${operationName}) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details`,
  );
}

export function nothingToAbort(name: string): ArmError {
  return flatError(
    409,
    "OperationNotAllowed",
    `Operation is not allowed: there is no operation in progress on '${name}' that could be aborted.`,
  );
}

/** @param startedMs when the last operation on the cluster started */
export function notStopped(provisioningState: string, powerState: string, startedMs: number, nowMs: number): ArmError {
  return flatError(
    409,
    "OperationNotAllowed",
    `managed cluster is in Provisioning State(${provisioningState}) and Power State(${powerState}), starting cannot be performed The previous operation started at '${toRfc3339(startedMs)}' and elapsed time is: '${toElapsed(nowMs - startedMs)}' (RFC3339 format)`,
  );
}

/** @param verb what was asked, e.g. `stopping` */
export function notRunning(verb: string, stoppedMs: number, nowMs: number): ArmError {
  return flatError(
    409,
    "OperationNotAllowed",
    `managed cluster is not currently running, ${verb} cannot be performed; The stop operation started at '${toRfc3339(stoppedMs)}' and elapsed time is: '${toElapsed(nowMs - stoppedMs)}' (RFC3339 format)`,
  );
}

export function invalidParameter(parameter: string, reason: string): ArmError {
  return flatError(
    400,
    "InvalidParameter",
    `The value of parameter ${parameter} is invalid. Error details: ${reason}. Please see https://aka.ms/aks-naming-rules for more details.`,
    { target: parameter },
  );
}

export function propertyChangeNotAllowed(property: string): ArmError {
  return flatError(400, "PropertyChangeNotAllowed", `Changing property '${property}' is not allowed.`, {
    target: property,
  });
}

export function versionNotSupported(version: string): ArmError {
  return flatError(
    400,
    "K8sVersionNotSupported",
    `Version ${version} is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`,
  );
}

export function onlyWithLongTermSupport(clusterName: string, version: string): ArmError {
  return flatError(
    400,
    "K8sVersionNotSupported",
    `Managed cluster ${clusterName} is on version ${version}, which is only available for Long-Term Support (LTS). If you intend to onboard to LTS, please ensure the cluster is in Premium tier and LTS support plan (see https://aka.ms/aks/enable-lts). Otherwise, use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`,
  );
}

/** The size does not exist, or the subscription may not use it there: AKS answers both alike. */
export function sizeNotAllowed(vmSize: string, subscriptionId: string, location: string): ArmError {
  const offer = findEmulatedSubscription(subscriptionId)?.compute;
  const sizes = offer ? deployableSizesIn(offer, location).filter((name) => name !== vmSize.toLowerCase()) : [];
  return flatError(
    400,
    "BadRequest",
    `The VM size of ${vmSize} is not allowed in your subscription in location '${location}'. The available VM sizes are '${sizes.join(",")}' For more details, please visit https://aka.ms/aks/quotas-skus-regions`,
  );
}

export function regionalQuotaExceeded(location: string, left: number, requested: number): ArmError {
  return flatError(
    400,
    "ErrCode_InsufficientVCPUQuota",
    `Insufficient regional vcpu quota left for location ${location}. left regional vcpu quota ${left}, requested quota ${requested}. If you want to increase the quota, please follow this instruction: https://learn.microsoft.com/en-us/azure/quotas/view-quotas. Surge nodes would also consume vcpu quota, please consider use smaller maxSurge or use maxUnavailable to proceed upgrade without surge nodes, details: aka.ms/aks/maxUnavailable.`,
  );
}

export function familyQuotaExceeded(family: string, location: string, left: number, requested: number): ArmError {
  return flatError(
    400,
    "ErrCode_InsufficientVCPUQuota",
    `Insufficient vcpu quota requested ${requested}, remaining ${left} for family ${family} for region ${location}.`,
  );
}

/** The name is taken in another location. ARM itself refuses this, so it is wrapped. */
export function existsElsewhere(name: string, resourceGroup: string, location: string, asked: string): ArmError {
  return wrappedError(
    409,
    "InvalidResourceLocation",
    `The resource '${name}' already exists in location '${location}' in resource group '${resourceGroup}'. A resource with the same name cannot be created in location '${asked}'. Please select a new resource name.`,
  );
}

/** https://learn.microsoft.com/azure/aks/use-etags */
export function preconditionFailed(message: string): ArmError {
  return flatError(412, "PreconditionFailed", message);
}

/** How the pool of the `pool-fails` scenario ends: its nodes can't reach the internet. */
export const POOL_FAILURE: OperationError = {
  code: "CreateVMSSAgentPoolFailed",
  message:
    'Unable to establish outbound connection from agents, please see https://learn.microsoft.com/en-us/troubleshoot/azure/azure-kubernetes/error-code-outboundconnfailvmextensionerror and https://aka.ms/aks-required-ports-and-addresses for more information. Details: Code="VMExtensionProvisioningError" Message="VM has reported a failure when processing extension \'vmssCSE\'. Error message: \\"Enable failed: failed to execute command: command terminated with exit status=50\\n[stdout]\\n{ \\"ExitCode\\": \\"50\\", \\"Output\\": \\"\\" }\\n\\n[stderr]\\n\\""',
};

/** How the first try of `failed-then-succeeded` ends: the zone is full for the moment. */
export function allocationFailure(vmSize: string): OperationError {
  const message = `Allocation failed. We do not have sufficient capacity for the requested VM size ${vmSize} in zone 1. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance`;
  return {
    code: "ZonalAllocationFailed",
    message: `Code="ZonalAllocationFailed" Message="${message}"`,
    details: [{ code: "ZonalAllocationFailed", message }],
  };
}

function toRfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** `00:01:40`, or `7 days and 01:16:37`. */
function toElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  return days > 0 ? `${days} days and ${clock}` : clock;
}
