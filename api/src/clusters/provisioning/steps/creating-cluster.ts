import type { JobStep } from "../../../jobs/define-job.ts";
import { isOurs } from "../cluster-spec.ts";
import { expectedDuration } from "../expected-duration.ts";
import { failureOf } from "../failure.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput } from "../provision-job.ts";
import { facingAzure, fail, readProvision } from "./facing-azure.ts";

/** Step 1: what must be known before Azure is asked for anything: is the name free, and how long does it usually take here. */
export function prepareStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  const phase = "CREATING_CLUSTER";
  return {
    name: "creating_cluster",
    run: (look) =>
      facingAzure(deps, look, phase, async () => {
        const provision = await readProvision(deps, look);
        const existing = await deps.aks.getCluster(provision.cluster, look.signal);
        if (existing && !isOurs(existing, provision.id)) {
          return fail(deps, look, phase, clusterExists(provision.cluster.name, provision.cluster.resourceGroup));
        }
        const expected = await expectedDuration(deps);
        return {
          kind: "next",
          step: "ensuring_resource_group",
          checkpoint: look.checkpoint,
          changes: deps.publisher.publish(provision.id, { status: "RUNNING", phase, within: 0.5, expected }),
        };
      }),
  };
}

export function clusterExists(name: string, resourceGroup: string): ReturnType<typeof failureOf> {
  return failureOf(
    "CLUSTER_EXISTS",
    "ClusterExists",
    `The cluster '${name}' exists already in resource group '${resourceGroup}' and was not made by this provision. Choose another name, or use the cluster that is there.`,
    { remedies: [{ kind: "EDIT", label: "Choose another name" }] },
  );
}
