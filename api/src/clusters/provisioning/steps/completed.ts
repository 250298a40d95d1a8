import type { JobStep } from "../../../jobs/define-job.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput } from "../provision-job.ts";
import { needsAttention } from "../provision.ts";
import { readProvision } from "./facing-azure.ts";

const MOST_MOOT = 20;

/** Step 5: only now is the cluster ready, and earlier attempts at it that came to nothing are of no more interest. */
export function completeStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  return {
    name: "completed",
    async run(look) {
      const { id, cluster } = await readProvision(deps, look);
      const findings = { status: "SUCCEEDED", phase: "COMPLETED", message: null } as const;
      return {
        kind: "next",
        step: "watching_afterwards",
        checkpoint: look.checkpoint,
        changes: async () => {
          const own = await deps.publisher.publish(id, findings)();
          // Somebody has canceled it in the last moment.
          if ((await readProvision(deps, look)).status === "CANCELING") return own;
          const others = (await deps.store.listOfCluster(cluster, MOST_MOOT)).filter(needsAttention);
          const moot = await Promise.all(others.map((other) => deps.publisher.publish(other.id, { isMoot: true })()));
          return {
            changes: [own, ...moot].flatMap(({ changes }) => changes),
            stored: () => {
              for (const { stored } of [own, ...moot]) stored?.();
            },
          };
        },
      };
    },
  };
}
