import { failureOf } from "../../failures/failure.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionLook, ProvisionMove } from "../provision-job.ts";
import type { ProvisionPhase } from "../provision-steps.ts";
import type { Provision } from "../provision.ts";
import { fail, type ClusterFacts } from "./facing-azure.ts";
import { LOOK_EVERY_MS } from "./watched-time.ts";

/** One 404 can be a replica that lags; this many in a row are the truth. */
const MISSING_LOOKS = 3;

/** The cluster that Azure had accepted is not shown: looks again, and ends with the truth when it stays so. */
export async function missing(
  deps: ProvisionDeps,
  look: ProvisionLook,
  phase: ProvisionPhase,
  provision: Provision,
): Promise<ProvisionMove> {
  const missingLooks = look.checkpoint.missingLooks + 1;
  if (missingLooks >= MISSING_LOOKS) return deletedOutside(deps, look, phase, provision, {});
  return {
    kind: "again",
    delayMs: deps.azureTime.toRealMs(LOOK_EVERY_MS),
    checkpoint: { ...look.checkpoint, missingLooks },
    changes: deps.publisher.publish(provision.id, {
      phase,
      message: `Azure does not show the cluster (${missingLooks} of ${MISSING_LOOKS})`,
    }),
  };
}

export function deletedOutside(
  deps: ProvisionDeps,
  look: ProvisionLook,
  phase: ProvisionPhase,
  provision: Provision,
  facts: ClusterFacts,
): Promise<ProvisionMove> {
  const message = `The cluster '${provision.cluster.name}' was deleted outside Slipway while it was being created.`;
  return fail(deps, look, phase, failureOf("DELETED_OUTSIDE", "ClusterDeleted", message), {
    ...facts,
    isClusterLeft: false,
  });
}
