import type { JobStep } from "../../../jobs/define-job.ts";
import { AzureError } from "../../../shared/azure-error.ts";
import type { SubmittedArmOperation } from "../../aks-gateway.ts";
import type { Cluster } from "../../cluster.ts";
import { failureOf } from "../../failures/failure.ts";
import { operationLabel, type ClusterOperation } from "../cluster-operation.ts";
import type { OperationDeps } from "../operation-deps.ts";
import type { OperationCheckpoint, OperationInput, OperationLook, OperationMove } from "../operation-job.ts";
import { standingOf, type Standing } from "../standing.ts";
import { usualDuration } from "../usual-duration.ts";
import {
  facingAzure,
  fail,
  lookAgain,
  madeBy,
  MISSING_LOOKS,
  missingLook,
  readOperation,
  shareDone,
  succeed,
  waitOut,
} from "./operation-look.ts";

/** Looks at the cluster, and asks Azure when the cluster is free for it; else waits, or is done. */
export function askStep(deps: OperationDeps): JobStep<OperationInput, OperationCheckpoint> {
  return {
    name: "ask_azure",
    run: (look) =>
      facingAzure(deps, look, async () => {
        const operation = await readOperation(deps, look);
        if (operation.status === "PENDING") return begin(deps, look, operation);
        const cluster = await deps.aks.getCluster(operation.cluster, look.signal);
        if (!cluster && look.checkpoint.missingLooks + 1 < MISSING_LOOKS) return missingLook(deps, look);
        const seen = cluster
          ? { ...look, checkpoint: { ...look.checkpoint, missingLooks: 0, ...madeBy(cluster) } }
          : look;
        return decide(deps, seen, operation, cluster, standingOf(operation.target, cluster));
      }),
  };
}

/** Says at once that somebody works on it, before Azure is asked for anything. */
async function begin(deps: OperationDeps, look: OperationLook, operation: ClusterOperation): Promise<OperationMove> {
  const usual = await usualDuration(operation.target.kind, deps);
  return {
    kind: "again",
    delayMs: 0,
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(operation.id, { status: "RUNNING", usual }),
  };
}

async function decide(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  cluster: Cluster | undefined,
  standing: Standing,
): Promise<OperationMove> {
  const seen = cluster ?? "gone";
  switch (standing.kind) {
    case "done":
      return concluded(deps, look, operation, cluster);
    case "impossible":
      return fail(deps, look, standing.failure, { cluster: seen });
    case "under-way":
      return lookAgain(deps, look, {
        cluster: seen,
        accepted: true,
        within: shareDone(deps, operation),
        message: null,
        notes: operation.acceptedAt === undefined ? ["Azure is at it already; watching it"] : [],
      });
    case "busy":
      return waitForOther(deps, look, operation, { cluster: seen, what: standing.what });
    case "free":
      if (look.checkpoint.asked && standing.state !== "Succeeded")
        return endedBadly(deps, look, operation, seen, standing.state);
      return submit(deps, look, operation, cluster);
  }
}

/** It is as wanted. After a delete the resource group is next. */
export async function concluded(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  cluster: Cluster | undefined,
): Promise<OperationMove> {
  const { kind } = operation.target;
  if (kind !== "DELETE" && kind !== "CLEAN_UP") return succeed(deps, look, operation, { cluster });
  return {
    kind: "next",
    step: "remove_group",
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(operation.id, {
      cluster: "gone",
      message: "The cluster is gone; looking at its resource group",
      notes: ["The cluster is gone"],
    }),
  };
}

function waitForOther(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  found: { readonly cluster: Cluster | "gone"; readonly what: string },
): Promise<OperationMove> {
  const message = `Waiting for Azure to end another operation first, which was started elsewhere: ${found.what}`;
  const notes = operation.message === message ? [] : [message];
  return lookAgain(deps, look, { cluster: found.cluster, message, notes });
}

async function submit(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  cluster: Cluster | undefined,
): Promise<OperationMove> {
  try {
    const submitted = await send(deps, operation, look.signal);
    return accepted(deps, look, operation, cluster, submitted);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    // It may have taken effect: the next look at the cluster tells.
    if (error.kind === "lost-reply")
      return waitOut(deps, { ...look, checkpoint: { ...look.checkpoint, asked: true } }, error);
    // Something began, or went, between the look and the request.
    if (error.kind === "conflict" || error.kind === "not-found")
      return waitForOther(deps, look, operation, { cluster: cluster ?? "gone", what: error.message });
    throw error;
  }
}

function send(deps: OperationDeps, operation: ClusterOperation, signal: AbortSignal): Promise<SubmittedArmOperation> {
  const { cluster, target } = operation;
  switch (target.kind) {
    case "START":
      return deps.aks.startCluster(cluster, signal);
    case "STOP":
      return deps.aks.stopCluster(cluster, signal);
    case "SCALE":
      return deps.aks.scaleNodePool(cluster, target.poolName, target.count, signal);
    case "ADD_NODE_POOL":
      return deps.aks.addNodePool(cluster, target.pool, signal);
    case "REMOVE_NODE_POOL":
      return deps.aks.removeNodePool(cluster, target.poolName, signal);
    case "DELETE":
    case "CLEAN_UP":
      return deps.aks.deleteCluster(cluster, signal);
  }
}

function accepted(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  cluster: Cluster | undefined,
  { state, ...ids }: SubmittedArmOperation,
): OperationMove {
  const { trouble: _over, ...checkpoint } = look.checkpoint;
  return {
    kind: "next",
    step: "watch_azure",
    checkpoint: { ...checkpoint, asked: true, armOperation: state, unaskedLooks: 0, settlingLooks: 0, ...ids },
    changes: deps.publisher.publish(operation.id, {
      cluster,
      accepted: true,
      message: null,
      notes: [`Azure accepted it: ${operationLabel(operation.target)}`],
    }),
  };
}

/** Azure was asked, and its last operation did not end well: most likely ours. */
function endedBadly(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  cluster: Cluster | "gone",
  state: string,
): Promise<OperationMove> {
  if (state === "Canceled") return canceledOutside(deps, look, operation, cluster);
  const message = `Azure reports the cluster '${operation.cluster.name}' as ${state} and gives no cause.`;
  return fail(deps, look, failureOf("UNKNOWN", "OperationFailed", message), { cluster });
}

export function canceledOutside(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  cluster: Cluster | "gone" | undefined,
): Promise<OperationMove> {
  const message = `It was canceled at Azure, outside Slipway. Look at '${operation.cluster.name}' before you ask again: it may be left halfway.`;
  return fail(deps, look, failureOf("CANCELED_OUTSIDE", "OperationCanceled", message), {
    cluster,
    status: "CANCELED",
  });
}
