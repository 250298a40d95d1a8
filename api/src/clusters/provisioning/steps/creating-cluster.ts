import type { JobStep } from "../../../jobs/define-job.ts";
import { edit } from "../../../shared/remedy.ts";
import { failureOf } from "../../failures/failure.ts";
import { preflightFailure, preflightNotes } from "../../preflight/preflight-failure.ts";
import { isOurs } from "../cluster-spec.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionRequest } from "../provision-input.ts";
import type { ProvisionCheckpoint, ProvisionInput, ProvisionLook, ProvisionMove } from "../provision-job.ts";
import type { Provision, UsualDuration } from "../provision.ts";
import { facingAzure, fail, readProvision } from "./facing-azure.ts";

/** Step 1: what must be known before Azure is asked for anything: what stands in the way, and how long does it usually take here. */
export function prepareStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  const phase = "CREATING_CLUSTER";
  return {
    name: "creating_cluster",
    run: (look) =>
      facingAzure(deps, look, phase, async () => {
        const provision = await readProvision(deps, look);
        if (provision.status === "PENDING") return begin(deps, look, await deps.usualDurations.of(provision));
        const existing = await deps.aks.getCluster(provision.cluster, look.signal);
        const foreignCluster = existing && !isOurs(existing, provision.id) ? existing : undefined;
        // Part of this look, which ends with the step: it is done again only when the process dies before that is stored.
        const findings = await deps.preflight.run(toRequest(provision), { foreignCluster });
        const blocked = preflightFailure(findings);
        if (blocked) return fail(deps, look, phase, blocked);
        return {
          kind: "next",
          step: "ensuring_resource_group",
          checkpoint: look.checkpoint,
          changes: deps.publisher.publish(provision.id, {
            phase: "ENSURING_RESOURCE_GROUP",
            within: 0,
            message: null,
            notes: preflightNotes(findings),
          }),
        };
      }),
  };
}

/** Says at once that somebody works on it, before Azure is asked for anything. */
function begin(deps: ProvisionDeps, look: ProvisionLook, usual: UsualDuration): ProvisionMove {
  const changes = deps.publisher.publish(look.input.provisionId, {
    status: "RUNNING",
    within: 0.5,
    usual,
  });
  return { kind: "again", delayMs: 0, checkpoint: look.checkpoint, changes };
}

function toRequest(provision: Provision): ProvisionRequest {
  const { cluster, location, nodePoolSpecs, kubernetesVersion, registryArmId, tags } = provision;
  return {
    subscriptionId: cluster.subscriptionId,
    resourceGroup: cluster.resourceGroup,
    clusterName: cluster.name,
    location,
    nodePools: nodePoolSpecs,
    kubernetesVersion,
    registryArmId,
    tags: Object.entries(tags).map(([name, value]) => ({ name, value })),
  };
}

export function clusterExists(name: string, resourceGroup: string): ReturnType<typeof failureOf> {
  return failureOf(
    "CLUSTER_EXISTS",
    "ClusterExists",
    `The cluster '${name}' exists already in resource group '${resourceGroup}' and was not made by this provision. Choose another name, or use the cluster that is there.`,
    { remedies: [edit("Choose another name", "clusterName")] },
  );
}
