import type { JobStep } from "../../../jobs/define-job.ts";
import { PROVISION_DURATION } from "../expected-duration.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput } from "../provision-job.ts";
import { readProvision } from "./facing-azure.ts";

const LONGEST_SAMPLE_MS = 45 * 60_000;

/** Step 5: only now is the cluster ready. Remembers how long it took, in Azure's time. */
export function completeStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  return {
    name: "completed",
    async run(look) {
      const provision = await readProvision(deps, look);
      const createdAtMs = Date.parse(provision.createdAt);
      if (!deps.azureTime.isByHand()) {
        const tookMs = deps.azureTime.toAzureMs(deps.clock.now() - createdAtMs);
        // Waits for a passing trouble are real ones: at the emulator's speed they would stand for hours that no create takes.
        if (tookMs < LONGEST_SAMPLE_MS) await deps.history.add(PROVISION_DURATION, provision.id, createdAtMs, tookMs);
      }
      return {
        kind: "finish",
        state: "SUCCEEDED",
        checkpoint: look.checkpoint,
        changes: deps.publisher.publish(provision.id, { status: "SUCCEEDED", phase: "COMPLETED", message: null }),
      };
    },
  };
}
