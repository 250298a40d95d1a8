import type { JobStep } from "../../../jobs/define-job.ts";
import { AzureError, UntrustedOperationError } from "../../../shared/azure-error.ts";
import type { ArmOperationLook } from "../../aks-gateway.ts";
import { describeTrouble } from "../../azure-trouble.ts";
import type { Cluster } from "../../cluster.ts";
import { classifyFailure } from "../../failures/classify-failure.ts";
import type { ClusterOperation } from "../cluster-operation.ts";
import type { OperationDeps } from "../operation-deps.ts";
import type { OperationCheckpoint, OperationInput, OperationLook, OperationMove } from "../operation-job.ts";
import { clusterIsGone, standingOf } from "../standing.ts";
import { canceledOutside, concluded } from "./ask-azure.ts";
import {
  aboutOperation,
  facingAzure,
  fail,
  lookAgain,
  madeBy,
  MISSING_LOOKS,
  missingLook,
  readOperation,
  shareDone,
} from "./operation-look.ts";

/** Looks in a row at which the operation could not be asked; then the cluster alone tells, as if Azure had forgotten it. */
const UNASKED_LOOKS = 6;
/** Looks that a cluster is given to show what Azure has called a success. */
const SETTLING_LOOKS = 3;

/** Asks the ARM operation for its verdict and the cluster for its states. */
export function watchStep(deps: OperationDeps): JobStep<OperationInput, OperationCheckpoint> {
  return {
    name: "watch_azure",
    run: (look) =>
      facingAzure(deps, look, async () => {
        const operation = await readOperation(deps, look);
        const [verdict, cluster] = await Promise.all([
          lookAtOperation(deps, look, operation),
          deps.aks.getCluster(operation.cluster, look.signal),
        ]);
        const seen = cluster
          ? { ...look, checkpoint: { ...look.checkpoint, missingLooks: 0, ...madeBy(cluster) } }
          : look;
        return judge(deps, seen, operation, verdict, cluster);
      }),
  };
}

async function judge(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  verdict: Verdict,
  cluster: Cluster | undefined,
): Promise<OperationMove> {
  const isDelete = operation.target.kind === "DELETE" || operation.target.kind === "CLEAN_UP";
  switch (verdict.status) {
    case "failed":
      return fail(
        deps,
        look,
        classifyFailure(verdict.error, { ...aboutOperation(operation), correlationId: look.checkpoint.correlationId }),
        { cluster },
      );
    case "succeeded":
      return settle(deps, look, operation, cluster);
    case "canceled": {
      // A delete cancels what runs. What becomes of the cluster is the news then.
      const isGoing = !cluster || cluster.provisioningState === "Deleting";
      if (isGoing && !isDelete) return fail(deps, look, clusterIsGone(), { cluster: cluster ?? "gone" });
      return canceledOutside(deps, look, operation, cluster);
    }
    case "unknown":
      return clusterAlone(deps, look, operation, cluster);
    case "running":
    case "unasked": {
      if (!cluster && !isDelete) {
        if (look.checkpoint.missingLooks + 1 < MISSING_LOOKS) return missingLook(deps, look);
        return fail(deps, look, clusterIsGone(), { cluster: "gone" });
      }
      return goOn(deps, look, operation, verdict, cluster);
    }
  }
}

/** Azure says it is done. A cluster that does not show it yet is given some looks, and then believed not to matter. */
function settle(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  cluster: Cluster | undefined,
): Promise<OperationMove> {
  const isShown = standingOf(operation.target, cluster).kind === "done";
  const settlingLooks = look.checkpoint.settlingLooks + 1;
  if (isShown || settlingLooks > SETTLING_LOOKS) return concluded(deps, look, operation, cluster);
  return lookAgain(deps, look, { cluster, within: shareDone(deps, operation) }, { checkpoint: { settlingLooks } });
}

/** There is no operation to ask any more: the first step tells from the cluster. */
function clusterAlone(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  cluster: Cluster | undefined,
): OperationMove {
  const { armOperation: _gone, ...checkpoint } = look.checkpoint;
  return {
    kind: "next",
    step: "ask_azure",
    checkpoint,
    changes: deps.publisher.publish(operation.id, {
      cluster,
      notes: ["Azure does not tell of the operation any more; the cluster itself tells"],
    }),
  };
}

function goOn(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  verdict: Extract<Verdict, { status: "running" | "unasked" }>,
  cluster: Cluster | undefined,
): Promise<OperationMove> {
  const trouble = verdict.status === "unasked" ? verdict.error : undefined;
  const unaskedLooks = trouble ? look.checkpoint.unaskedLooks + 1 : 0;
  const reason = trouble && `${describeTrouble(trouble)} when asked about the operation`;
  return lookAgain(
    deps,
    look,
    {
      cluster,
      within: shareDone(deps, operation),
      message: reason ? `${reason}; watching the cluster itself` : null,
      notes: reason && unaskedLooks === 1 ? [reason] : [],
    },
    {
      checkpoint: { unaskedLooks, ...(verdict.status === "running" ? { armOperation: verdict.state } : {}) },
      afterMs: trouble?.retryAfterMs,
    },
  );
}

/**
 * `unknown`: there is no operation to ask, the cluster's own state is the verdict. `unasked`: it could not be asked this time.
 */
type Verdict =
  | ArmOperationLook
  | { readonly status: "unknown" }
  | { readonly status: "unasked"; readonly error: AzureError };

async function lookAtOperation(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
): Promise<Verdict> {
  const { armOperation, unaskedLooks } = look.checkpoint;
  if (armOperation === undefined) return { status: "unknown" };
  try {
    return await deps.aks.lookAtOperation(operation.cluster.subscriptionId, armOperation, look.signal);
  } catch (error) {
    if (error instanceof UntrustedOperationError) return { status: "unknown" };
    if (!(error instanceof AzureError)) throw error;
    const mayPass = error.kind === "transient" || error.kind === "lost-reply";
    return mayPass && unaskedLooks < UNASKED_LOOKS ? { status: "unasked", error } : { status: "unknown" };
  }
}
