import type { JobStep } from "../../../jobs/define-job.ts";
import type { Cluster } from "../../cluster.ts";
import type { Failure } from "../../failures/failure.ts";
import { IDENTITY_EVERY_MS, waitOn } from "../identity-patience.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput, ProvisionLook, ProvisionMove } from "../provision-job.ts";
import type { Provision } from "../provision.ts";
import { grantRoles } from "../role-grants.ts";
import { facingAzure, fail, readProvision } from "./facing-azure.ts";
import { missing } from "./missing-cluster.ts";
import { LOOK_EVERY_MS, WATCH_LIMIT_MS, watchedSoFar } from "./watched-time.ts";

const PHASE = "ENSURING_RBAC";
const BEING_DELETED = "Something outside Slipway deletes the cluster; waiting until it is gone";
const WAITING_FOR_IDENTITY = "Waiting for the cluster's identity to be known to Microsoft Entra";

/** Step 4: the roles that were asked for are granted. Only then is the cluster ready. */
export function ensureRbacStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  return {
    name: "ensuring_rbac",
    run: (look) =>
      facingAzure(deps, look, PHASE, async () => {
        const provision = await readProvision(deps, look);
        const needsCluster = provision.registryArmId !== undefined;
        const cluster = needsCluster ? await deps.aks.getCluster(provision.cluster, look.signal) : undefined;
        if (needsCluster && !cluster) return missing(deps, look, PHASE, provision);
        const outcome = await grantRoles(deps.roleAssignments, provision, cluster, look.signal);
        switch (outcome.kind) {
          case "granted":
            return granted(deps, look, provision, outcome.note);
          case "refused":
            return fail(deps, look, PHASE, outcome.failure);
          case "unknown-identity":
            return waitForIdentity(deps, look, provision, cluster, outcome.failure);
        }
      }),
  };
}

function granted(deps: ProvisionDeps, look: ProvisionLook, provision: Provision, note: string): ProvisionMove {
  return {
    kind: "next",
    step: "completed",
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(provision.id, { phase: PHASE, within: 0.9, message: null, notes: [note] }),
  };
}

async function waitForIdentity(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  cluster: Cluster | undefined,
  failure: Failure,
): Promise<ProvisionMove> {
  const identityWait = waitOn(deps, look.checkpoint.identityWait);
  if (cluster?.provisioningState === "Deleting") return waitForItsEnd(deps, look, provision, failure);
  if (!identityWait) return fail(deps, look, PHASE, failure);
  return {
    kind: "again",
    delayMs: deps.azureTime.toRealMs(IDENTITY_EVERY_MS),
    checkpoint: { ...look.checkpoint, identityWait, missingLooks: 0 },
    changes: deps.publisher.publish(provision.id, {
      phase: PHASE,
      within: 0.3,
      message: WAITING_FOR_IDENTITY,
      notes: look.checkpoint.identityWait === undefined ? [WAITING_FOR_IDENTITY] : [],
    }),
  };
}

/** A cluster that is being deleted loses its identity first: that it is deleted is what people are to be told. */
async function waitForItsEnd(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  failure: Failure,
): Promise<ProvisionMove> {
  const watched = watchedSoFar(deps, look.checkpoint);
  if (watched.watchedMs >= WATCH_LIMIT_MS) return fail(deps, look, PHASE, failure);
  return {
    kind: "again",
    delayMs: deps.azureTime.toRealMs(LOOK_EVERY_MS),
    checkpoint: { ...look.checkpoint, ...watched, missingLooks: 0 },
    changes: deps.publisher.publish(provision.id, {
      phase: PHASE,
      within: 0.3,
      message: BEING_DELETED,
      notes: provision.message === BEING_DELETED ? [] : [BEING_DELETED],
    }),
  };
}
