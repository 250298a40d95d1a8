import { AzureError } from "../../../shared/azure-error.ts";
import { portalUrl } from "../../../shared/portal-url.ts";
import { describeTrouble, waitOutTrouble } from "../../azure-trouble.ts";
import type { Cluster, ClusterRef } from "../../cluster.ts";
import { classifyAzureError } from "../../failures/classify-failure.ts";
import type { Failure } from "../../failures/failure.ts";
import { failureAbout } from "../failure-about.ts";
import { leftoversOf } from "../leftovers.ts";
import { ownNodePoolErrors } from "../node-pool-errors.ts";
import type { ProvisionFindings } from "../provision-change.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionLook, ProvisionMove } from "../provision-job.ts";
import type { ProvisionPhase } from "../provision-steps.ts";
import type { Provision } from "../provision.ts";

/** What a look at the cluster itself tells. */
export type ClusterFacts = Pick<
  ProvisionFindings,
  "clusterState" | "nodePools" | "nodePoolErrors" | "portalUrl" | "nodeResourceGroup"
>;

export function clusterFacts(cluster: Cluster): ClusterFacts {
  const { provisioningState, nodePools, armId, nodeResourceGroup } = cluster;
  return {
    clusterState: provisioningState,
    nodePools,
    nodePoolErrors: ownNodePoolErrors(cluster),
    portalUrl: portalUrl(armId),
    ...(nodeResourceGroup === undefined ? {} : { nodeResourceGroup }),
  };
}

/** The provision that a look is about. */
export async function readProvision(deps: ProvisionDeps, look: ProvisionLook): Promise<Provision> {
  const stored = await deps.store.read(look.input.provisionId);
  if (!stored)
    throw new Error(`The provision '${look.input.provisionId}' is gone from the store although its job runs.`);
  return stored.provision;
}

/**
 * Runs one look that asks Azure. Trouble that may pass (throttling, outages) becomes another look later, with the reason in
 * the progress, not before Azure's Retry-After and within a bound; everything else Azure says no to is a failure now.
 */
export async function facingAzure(
  deps: ProvisionDeps,
  look: ProvisionLook,
  phase: ProvisionPhase,
  attempt: () => Promise<ProvisionMove>,
): Promise<ProvisionMove> {
  try {
    const move = await attempt();
    const { trouble: _over, ...checkpoint } = move.checkpoint;
    return { ...move, checkpoint };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    if (error.kind !== "transient" && error.kind !== "lost-reply") return failWith(deps, look, phase, error);
    return waitOut(deps, look, phase, error);
  }
}

/** Another look after trouble that may pass; a failure when it has lasted too long. */
export async function waitOut(
  deps: ProvisionDeps,
  look: ProvisionLook,
  phase: ProvisionPhase,
  error: AzureError,
): Promise<ProvisionMove> {
  const next = waitOutTrouble(error, look.checkpoint.trouble, deps);
  if (next === "lasted-too-long") return failWith(deps, look, phase, error);
  const { trouble, delayMs, reason, nextTryAtMs, retry } = next;
  return {
    kind: "again",
    delayMs,
    retry,
    checkpoint: { ...look.checkpoint, trouble },
    changes: deps.publisher.publish(look.input.provisionId, {
      status: "RUNNING",
      phase,
      message: reason,
      retry: {
        reason: describeTrouble(error),
        nextTryAt: new Date(nextTryAtMs).toISOString(),
        attempts: trouble.attempts,
      },
      notes: trouble.attempts === 1 ? [reason] : [],
    }),
  };
}

async function failWith(
  deps: ProvisionDeps,
  look: ProvisionLook,
  phase: ProvisionPhase,
  error: AzureError,
): Promise<ProvisionMove> {
  return fail(deps, look, phase, classifyAzureError(error, failureAbout(await readProvision(deps, look))));
}

/**
 * Ends the provision with its cause, with what else the look has found, and with what the attempt leaves at Azure: a group
 * that it made, and the cluster from the moment on that Azure has accepted it, unless it is known to be gone or another's.
 * The job goes on and watches what becomes of it.
 */
export async function fail(
  deps: ProvisionDeps,
  look: ProvisionLook,
  phase: ProvisionPhase,
  failure: Failure,
  findings: ClusterFacts & { readonly status?: "FAILED" | "CANCELED"; readonly isClusterLeft?: boolean } = {},
): Promise<ProvisionMove> {
  const { isClusterLeft = look.checkpoint.submitted, status = "FAILED", ...facts } = findings;
  const { cluster, armRequest, nodeResourceGroup } = await readProvision(deps, look);
  const told = phase === "ARM_CREATE_OR_UPDATE" ? { ...failure, ...armRequest } : failure;
  return {
    kind: "next",
    step: "watching_afterwards",
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(look.input.provisionId, {
      ...facts,
      status,
      phase,
      message: null,
      failure: isClusterLeft ? withoutBlindRetry(told, cluster) : told,
      leftovers: leftoversOf(cluster, {
        isClusterLeft,
        nodeResourceGroup: facts.nodeResourceGroup ?? nodeResourceGroup,
        isGroupOurs: look.checkpoint.groupIsOurs,
      }),
      notes: [`${status === "CANCELED" ? "Canceled" : "Failed"}: ${failure.message}`],
    }),
  };
}

/** Trying again under the same name meets the cluster that is left: it has to go first. */
function withoutBlindRetry(failure: Failure, { subscriptionId, resourceGroup, name }: ClusterRef): Failure {
  const retry = failure.remedies.find((remedy) => remedy.kind === "RETRY");
  if (!retry) return failure;
  const command = `az aks delete --subscription ${subscriptionId} --resource-group ${resourceGroup} --name ${name}`;
  const others = failure.remedies.filter((remedy) => remedy !== retry);
  return {
    ...failure,
    remedies: [
      ...others,
      { kind: "COMMAND", label: "Delete the cluster that is left, then try again", command },
      retry,
    ],
  };
}
