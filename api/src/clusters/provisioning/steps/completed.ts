import type { JobStep } from "../../../jobs/define-job.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput } from "../provision-job.ts";
import { readProvision } from "./facing-azure.ts";

/** Step 5: only now is the cluster ready. */
export function completeStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  return {
    name: "completed",
    async run(look) {
      const provision = await readProvision(deps, look);
      return {
        kind: "next",
        step: "watching_afterwards",
        checkpoint: look.checkpoint,
        changes: deps.publisher.publish(provision.id, { status: "SUCCEEDED", phase: "COMPLETED", message: null }),
      };
    },
  };
}
