import type { JobStep } from "../../../jobs/define-job.ts";
import { AzureError } from "../../../shared/azure-error.ts";
import { describeTrouble, waitOutTrouble } from "../../azure-trouble.ts";
import { classifyAzureError } from "../../failures/classify-failure.ts";
import type { Failure } from "../../failures/failure.ts";
import { isOurs } from "../cluster-spec.ts";
import { failureAbout } from "../failure-about.ts";
import { leftoversOf } from "../leftovers.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput, ProvisionLook, ProvisionMove } from "../provision-job.ts";
import { isTerminalProvision, type Provision } from "../provision.ts";
import { clusterFacts, readProvision, type ClusterFacts } from "./facing-azure.ts";
import { LOOK_EVERY_MS, WATCH_LIMIT_MS, watchedSoFar } from "./watched-time.ts";

/** One 404 can be a replica that lags, or a request of ours that is still on its way; this many in a row are the truth. */
const MISSING_LOOKS = 3;

type ProvisionStep = JobStep<ProvisionInput, ProvisionCheckpoint>;

/** A step that makes way as soon as somebody has asked for the provision's end. */
export function cancelable(step: ProvisionStep): ProvisionStep {
  return {
    name: step.name,
    run: async (look) => {
      if (!look.cancelRequested) return step.run(look);
      const { lookedAtMs: _before, trouble: _over, ...checkpoint } = look.checkpoint;
      return { kind: "next", step: "canceling", checkpoint: { ...checkpoint, watchedMs: 0, missingLooks: 0 } };
    },
  };
}

/**
 * Ends a provision that somebody has canceled. What was never asked of Azure ends at once; else the cluster tells, at each
 * look: it is not there → ended; `Creating` or anything else that passes → Azure is asked to stop it, once; `Canceling` →
 * waited for; `Canceled`, `Succeeded`, `Failed`, gone → ended, and what stays is named. An accepted cancel always ends
 * as CANCELED, also when Azure was faster: nothing that was asked for after the cluster is done any more.
 */
export function cancelStep(deps: ProvisionDeps): ProvisionStep {
  return {
    name: "canceling",
    async run(look) {
      const provision = await readProvision(deps, look);
      if (isTerminalProvision(provision.status))
        return { kind: "next", step: "watching_afterwards", checkpoint: look.checkpoint };
      try {
        const move = await cancel(deps, look, provision);
        const { trouble: _over, ...checkpoint } = move.checkpoint;
        return { ...move, checkpoint };
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        return outOfReach(deps, look, provision, error);
      }
    },
  };
}

async function cancel(deps: ProvisionDeps, look: ProvisionLook, provision: Provision): Promise<ProvisionMove> {
  const { asked, submitted, abort } = look.checkpoint;
  if (!asked && !submitted)
    return ended(deps, look, provision, {
      note: "Canceled before Azure was asked for the cluster",
      isClusterLeft: false,
    });
  const cluster = await deps.aks.getCluster(provision.cluster, look.signal);
  if (!cluster) return missing(deps, look, provision);
  if (!isOurs(cluster, provision.id))
    return ended(deps, look, provision, { note: "Canceled. The cluster at Azure is another's", isClusterLeft: false });
  const facts = clusterFacts(cluster);
  switch (cluster.provisioningState) {
    case "Canceled":
      return ended(deps, look, provision, {
        facts,
        note: "Canceled: Azure has stopped the create. What it had made stays",
      });
    case "Succeeded":
      return ended(deps, look, provision, {
        facts,
        note: "Canceled. Azure had finished the cluster before it could be stopped, so it stays and runs",
      });
    case "Failed":
      return ended(deps, look, provision, { facts, note: "Canceled. Azure reports the cluster as Failed; it stays" });
    case "Deleting":
      return goOn(deps, look, provision, facts, "The cluster is being deleted");
    case "Canceling":
      return goOn(deps, look, provision, facts, "Azure is stopping the create");
    default:
      if (abort === undefined) return stopAtAzure(deps, look, provision, facts);
      return goOn(deps, look, provision, facts, abort === "accepted" ? ASKED_TO_STOP : REFUSED_TO_STOP);
  }
}

const ASKED_TO_STOP = "Azure was asked to stop the create";
const REFUSED_TO_STOP = "Azure refuses to stop the create; waiting for it to end by itself";

async function stopAtAzure(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  facts: ClusterFacts,
): Promise<ProvisionMove> {
  try {
    await deps.aks.abortLatestOperation(provision.cluster, look.signal);
    const after = { ...look, checkpoint: { ...look.checkpoint, abort: "accepted" as const } };
    return goOn(deps, after, provision, facts, ASKED_TO_STOP, [ASKED_TO_STOP]);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    switch (error.kind) {
      case "transient":
        throw error;
      // It may have taken effect, or something else has just ended or stopped the create: the cluster tells at the next look.
      case "lost-reply":
      case "conflict":
        return goOn(
          deps,
          look,
          provision,
          facts,
          `${describeTrouble(error)} when asked to stop the create; looking again`,
        );
      default: {
        const after = { ...look, checkpoint: { ...look.checkpoint, abort: "refused" as const } };
        return goOn(deps, after, provision, facts, REFUSED_TO_STOP, [
          `Azure refuses to stop the create: ${error.message}`,
        ]);
      }
    }
  }
}

async function goOn(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  facts: ClusterFacts,
  message: string,
  notes: readonly string[] = [],
): Promise<ProvisionMove> {
  const watched = watchedSoFar(deps, look.checkpoint);
  if (watched.watchedMs > WATCH_LIMIT_MS)
    return ended(deps, look, provision, {
      facts,
      note: "Canceled. Azure has not stopped the create within an hour: it may still go on there",
    });
  return {
    kind: "again",
    delayMs: deps.azureTime.toRealMs(LOOK_EVERY_MS),
    checkpoint: { ...look.checkpoint, ...watched, missingLooks: 0 },
    changes: deps.publisher.publish(provision.id, { ...facts, message, notes }),
  };
}

async function missing(deps: ProvisionDeps, look: ProvisionLook, provision: Provision): Promise<ProvisionMove> {
  const missingLooks = look.checkpoint.missingLooks + 1;
  if (missingLooks >= MISSING_LOOKS) {
    const note =
      provision.clusterState === undefined ? "Canceled: there is no cluster at Azure" : "Canceled: the cluster is gone";
    return ended(deps, look, provision, { note, isClusterLeft: false });
  }
  return {
    kind: "again",
    delayMs: deps.azureTime.toRealMs(LOOK_EVERY_MS),
    checkpoint: { ...look.checkpoint, missingLooks },
    changes: deps.publisher.publish(provision.id, { message: "Making sure that there is no cluster at Azure" }),
  };
}

/** Azure can't be asked: waits within the usual bound, then ends with the truth, which is that nobody knows. */
function outOfReach(deps: ProvisionDeps, look: ProvisionLook, provision: Provision, error: AzureError): ProvisionMove {
  const mayPass = error.kind === "transient" || error.kind === "lost-reply";
  const next = mayPass ? waitOutTrouble(error, look.checkpoint.trouble, deps) : "lasted-too-long";
  if (next === "lasted-too-long")
    return ended(deps, look, provision, {
      failure: classifyAzureError(error, failureAbout(provision)),
      note: `Canceled without knowing how the cluster stands, because Azure can't be asked: ${error.message}`,
    });
  return {
    kind: "again",
    delayMs: next.delayMs,
    retry: next.retry,
    checkpoint: { ...look.checkpoint, trouble: next.trouble },
    changes: deps.publisher.publish(provision.id, {
      message: next.reason,
      retry: {
        reason: describeTrouble(error),
        nextTryAt: new Date(next.nextTryAtMs).toISOString(),
        attempts: next.trouble.attempts,
      },
      notes: next.trouble.attempts === 1 ? [next.reason] : [],
    }),
  };
}

function ended(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  end: {
    readonly note: string;
    readonly facts?: ClusterFacts;
    readonly isClusterLeft?: boolean;
    readonly failure?: Failure;
  },
): ProvisionMove {
  const { facts = {}, isClusterLeft = true } = end;
  return {
    kind: "next",
    step: "watching_afterwards",
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(provision.id, {
      ...facts,
      status: "CANCELED",
      message: null,
      ...(end.failure === undefined ? {} : { failure: end.failure }),
      leftovers: leftoversOf(provision.cluster, {
        isClusterLeft,
        nodeResourceGroup: facts.nodeResourceGroup ?? provision.nodeResourceGroup,
        isGroupOurs: look.checkpoint.groupIsOurs,
      }),
      notes: [end.note],
    }),
  };
}
