import type { JobStep } from "../../../jobs/define-job.ts";
import type { AzureErrorBody } from "../../../shared/azure-error.ts";
import { AzureError, UntrustedOperationError } from "../../../shared/azure-error.ts";
import type { ArmOperationLook, SubmittedArmOperation } from "../../aks-gateway.ts";
import { describeTrouble } from "../../azure-trouble.ts";
import type { Cluster } from "../../cluster.ts";
import { classifyFailure } from "../../failures/classify-failure.ts";
import { failureOf } from "../../failures/failure.ts";
import { isOurs, toClusterSpec } from "../cluster-spec.ts";
import { failureAbout } from "../failure-about.ts";
import { nodePoolErrors } from "../node-pool-errors.ts";
import { armShare } from "../pace.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput, ProvisionLook, ProvisionMove } from "../provision-job.ts";
import type { Provision } from "../provision.ts";
import { clusterExists } from "./creating-cluster.ts";
import { clusterFacts, facingAzure, fail, readProvision, waitOut, type ClusterFacts } from "./facing-azure.ts";
import { deletedOutside, missing } from "./missing-cluster.ts";
import { createOperationBudget, type OperationBudget } from "./operation-budget.ts";
import { waitForOther, withoutConflict } from "./waiting-for-other.ts";
import { LOOK_EVERY_MS, WATCH_LIMIT_MS, watchedSoFar } from "./watched-time.ts";

const PHASE = "ARM_CREATE_OR_UPDATE";
/** Azure's time after which the operation is asked although its budget has no room: a create that fails may show nowhere else. */
const OPERATION_EVERY_MS = 60_000;
/** Looks in a row at which the operation could not be asked; then the cluster alone tells, as if Azure had forgotten it. */
const UNASKED_LOOKS = 6;

/**
 * Step 3: asks Azure for the cluster once, then watches until it is ready. Two sub-states, told by `submitted`:
 * - not submitted: PUT with If-None-Match. Whatever the answer, the resource is the truth: a cluster with our tag is ours,
 *   also when the reply got lost or an earlier process had sent the request;
 * - submitted: each look asks the cluster for its state and its pools', and the ARM operation for the verdict as soon as the
 *   cluster has left the states that pass or a pool has failed, at the first look, once a minute, and whenever the budget of
 *   its subscription has room. Without an operation (lost reply, forgotten by Azure) the cluster's own provisioningState is
 *   the verdict.
 */
export function createClusterStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  const budget = createOperationBudget(deps);
  return {
    name: "arm_create_or_update",
    run: (look) =>
      facingAzure(deps, look, PHASE, async () => {
        const provision = await readProvision(deps, look);
        return look.checkpoint.submitted ? watch(deps, budget, look, provision) : submit(deps, look, provision);
      }),
  };
}

async function submit(deps: ProvisionDeps, look: ProvisionLook, provision: Provision): Promise<ProvisionMove> {
  // Written down first, so that whoever cancels knows for sure when Azure was never asked.
  if (!look.checkpoint.asked) return { kind: "again", delayMs: 0, checkpoint: { ...look.checkpoint, asked: true } };
  try {
    const submitted = await deps.aks.submitCluster(provision.cluster, toClusterSpec(provision), look.signal);
    return accepted(deps, look, provision, { submitted, note: "Azure accepted the cluster" });
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return refused(deps, look, provision, error);
  }
}

/** Whatever the answer was, the resource tells. */
async function refused(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  error: AzureError,
): Promise<ProvisionMove> {
  const replyLost = look.checkpoint.replyLost || error.kind === "lost-reply";
  const after = { ...look, checkpoint: { ...look.checkpoint, replyLost, asked: replyLost } };
  const groupLags = error.kind === "not-found" && /ResourceGroupNotFound/i.test(error.code);
  if (groupLags || error.kind === "transient") return waitOut(deps, after, PHASE, error);
  if (error.kind !== "conflict" && error.kind !== "lost-reply") throw error;
  const existing = await lookAfterRefusal(deps, look, provision);
  if (existing instanceof AzureError) return waitOut(deps, after, PHASE, existing);
  if (!existing)
    return error.kind === "conflict" ? waitForOther(deps, after, PHASE, { error }) : waitOut(deps, after, PHASE, error);
  if (isOurs(existing, provision.id))
    return accepted(deps, look, provision, { note: "Azure had accepted the cluster already; watching it" });
  if (existing.provisioningState === "Deleting") return waitForOther(deps, after, PHASE, { error, cluster: existing });
  return fail(deps, look, PHASE, clusterExists(provision.cluster.name, provision.cluster.resourceGroup));
}

/** An outage now must not make us forget that a reply got lost. */
async function lookAfterRefusal(deps: ProvisionDeps, look: ProvisionLook, provision: Provision) {
  try {
    return await deps.aks.getCluster(provision.cluster, look.signal);
  } catch (error) {
    if (error instanceof AzureError && (error.kind === "transient" || error.kind === "lost-reply")) return error;
    throw error;
  }
}

function accepted(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  found: { readonly submitted?: SubmittedArmOperation; readonly note: string },
): ProvisionMove {
  const { state: armOperation, ...armRequest } = found.submitted ?? {};
  return {
    kind: "again",
    delayMs: 0,
    checkpoint: {
      ...withoutConflict(look.checkpoint),
      submitted: true,
      ...(armOperation === undefined ? {} : { armOperation }),
    },
    changes: deps.publisher.publish(provision.id, {
      phase: PHASE,
      within: 0,
      armStarted: true,
      armRequest,
      message: null,
      notes: look.checkpoint.conflict ? ["The other operation has ended", found.note] : [found.note],
    }),
  };
}

async function watch(
  deps: ProvisionDeps,
  budget: OperationBudget,
  look: ProvisionLook,
  provision: Provision,
): Promise<ProvisionMove> {
  const cluster = await deps.aks.getCluster(provision.cluster, look.signal);
  const { subscriptionId } = provision.cluster;
  const isAsked = isOperationDue(look.checkpoint, cluster) || budget.hasRoom(subscriptionId);
  if (isAsked && look.checkpoint.armOperation !== undefined) budget.spend(subscriptionId);
  const verdict = isAsked ? await lookAtOperation(deps, look, provision) : ({ status: "not-due" } as const);
  const facts = cluster ? clusterFacts(cluster) : {};
  if (verdict.status === "failed") return failed(deps, look, provision, verdict.error, cluster);
  if (verdict.status === "canceled") return canceled(deps, look, provision);
  if (!cluster) return missing(deps, look, PHASE, provision);
  if (!isOurs(cluster, provision.id)) {
    const exists = clusterExists(provision.cluster.name, provision.cluster.resourceGroup);
    return fail(deps, look, PHASE, exists, { isClusterLeft: false });
  }
  switch (cluster.provisioningState) {
    case "Succeeded":
      return {
        kind: "next",
        step: "ensuring_rbac",
        checkpoint: { ...withoutOperation(look.checkpoint), missingLooks: 0 },
        changes: deps.publisher.publish(provision.id, {
          phase: "ENSURING_RBAC",
          ...facts,
          within: 0,
          message: null,
          armFinished: true,
        }),
      };
    case "Failed":
      // The operation has the cause; until it ends, or when there is none, the state alone decides only without an operation.
      if (verdict.status === "unknown")
        return failed(
          deps,
          look,
          provision,
          {
            code: "ProvisioningFailed",
            message: `Azure reports the cluster '${provision.cluster.name}' as Failed and gives no cause.`,
          },
          cluster,
        );
      break;
    case "Canceled":
      if (verdict.status === "unknown") return canceledOutside(deps, look, provision, facts);
      break;
  }
  return goOn(deps, look, provision, facts, verdict);
}

/** Whether the operation must be asked. Whatever has settled, or is gone, is explained by it alone. */
function isOperationDue({ watchedMs, operationAskedAtMs }: ProvisionCheckpoint, cluster: Cluster | undefined): boolean {
  const { provisioningState = "Gone" } = cluster ?? {};
  const isSettled = ["Gone", "Succeeded", "Failed", "Canceled", "Deleting"].includes(provisioningState);
  // A pool that has failed is the first sign of a create that fails; the operation has the cause and the end.
  const hasFailed = cluster?.nodePools.some((pool) => pool.provisioningState === "Failed") ?? false;
  return (
    isSettled || hasFailed || operationAskedAtMs === undefined || watchedMs - operationAskedAtMs >= OPERATION_EVERY_MS
  );
}

/**
 * `not-due`: it was not asked at this look. `unknown`: there is no operation to ask, the cluster's own state is the verdict. `unasked`: it could not be asked this
 * time; the cluster's state is believed when it is good news, and after some looks in any case.
 */
type Verdict =
  | ArmOperationLook
  | { readonly status: "unknown" | "not-due" }
  | { readonly status: "unasked"; readonly error: AzureError };

async function lookAtOperation(deps: ProvisionDeps, look: ProvisionLook, provision: Provision): Promise<Verdict> {
  const { armOperation } = look.checkpoint;
  if (armOperation === undefined) return { status: "unknown" };
  try {
    return await deps.aks.lookAtOperation(provision.cluster.subscriptionId, armOperation, look.signal);
  } catch (error) {
    // Azure has forgotten the operation, refuses to show it, or its stored address is not Azure's: the cluster itself still tells.
    if (error instanceof UntrustedOperationError) return { status: "unknown" };
    if (!(error instanceof AzureError)) throw error;
    const mayPass = error.kind === "transient" || error.kind === "lost-reply";
    return mayPass && look.checkpoint.unaskedLooks < UNASKED_LOOKS
      ? { status: "unasked", error }
      : { status: "unknown" };
  }
}

async function goOn(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  facts: ClusterFacts,
  verdict: Verdict,
): Promise<ProvisionMove> {
  const watched = watchedSoFar(deps, look.checkpoint);
  if (watched.watchedMs > WATCH_LIMIT_MS) {
    const message = `Azure has neither finished nor refused the cluster for an hour. It may still do so: look at it in the portal before you delete or create it again.`;
    return fail(deps, look, PHASE, failureOf("TIMED_OUT", "ProvisionTimedOut", message));
  }
  const trouble = verdict.status === "unasked" ? verdict.error : undefined;
  const unaskedLooks = trouble ? look.checkpoint.unaskedLooks + 1 : 0;
  const asked =
    verdict.status === "running" ? { armOperation: verdict.state, operationAskedAtMs: look.checkpoint.watchedMs } : {};
  return {
    kind: "again",
    delayMs: Math.max(deps.azureTime.toRealMs(LOOK_EVERY_MS), trouble?.retryAfterMs ?? 0),
    checkpoint: { ...look.checkpoint, ...asked, ...watched, unaskedLooks, missingLooks: 0 },
    changes: deps.publisher.publish(provision.id, {
      phase: PHASE,
      ...facts,
      message: trouble
        ? `${describeTrouble(trouble)} when asked about the operation; watching the cluster itself`
        : null,
      notes: trouble && unaskedLooks === 1 ? [`${describeTrouble(trouble)} when asked about the operation`] : [],
      within: armShare(provision, deps.clock.now(), deps.azureTime),
    }),
  };
}

async function failed(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  error: AzureErrorBody,
  cluster: Cluster | undefined,
): Promise<ProvisionMove> {
  const facts = cluster && {
    ...clusterFacts(cluster),
    nodePoolErrors: nodePoolErrors(error, cluster),
  };
  return fail(deps, look, PHASE, classifyFailure(error, { ...failureAbout(provision), ...provision.armRequest }), {
    ...facts,
    isClusterLeft: cluster !== undefined,
  });
}

/** A delete cancels the create that runs. What becomes of the cluster is the news then, as of after the operation's end. */
async function canceled(deps: ProvisionDeps, look: ProvisionLook, provision: Provision): Promise<ProvisionMove> {
  const cluster = await deps.aks.getCluster(provision.cluster, look.signal);
  if (!cluster) return missing(deps, look, PHASE, provision);
  const facts = clusterFacts(cluster);
  switch (cluster.provisioningState) {
    case "Deleting":
      return deletedOutside(deps, look, PHASE, provision, facts);
    case "Canceling":
    case "Canceled":
      return canceledOutside(deps, look, provision, facts);
    default:
      return watchClusterAlone(deps, look, provision, cluster);
  }
}

/**
 * A create of ours that was held up on its way is let through once nothing stands in its way any more, as after somebody has deleted what
 * the first one had made. Its operation was never told to us, so the cluster is the verdict from here on.
 */
async function watchClusterAlone(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  { provisioningState }: Cluster,
): Promise<ProvisionMove> {
  const note = `The operation was canceled at Azure, which still shows the cluster as ${provisioningState}; watching the cluster itself`;
  return {
    kind: "again",
    delayMs: deps.azureTime.toRealMs(LOOK_EVERY_MS),
    checkpoint: { ...withoutOperation(look.checkpoint), missingLooks: 0 },
    changes: deps.publisher.publish(provision.id, { phase: PHASE, message: null, notes: [note] }),
  };
}

async function canceledOutside(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  facts: ClusterFacts,
): Promise<ProvisionMove> {
  const message = `The creation of '${provision.cluster.name}' was canceled at Azure, outside Slipway. The cluster stays there, unfinished, and may cost money until it is deleted.`;
  return fail(deps, look, PHASE, failureOf("CANCELED_OUTSIDE", "OperationCanceled", message), {
    ...facts,
    status: "CANCELED",
  });
}

function withoutOperation(checkpoint: ProvisionCheckpoint): ProvisionCheckpoint {
  const { armOperation: _gone, ...rest } = checkpoint;
  return rest;
}
