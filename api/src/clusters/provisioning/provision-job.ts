import { z } from "zod";
import {
  defineJob,
  implementJob,
  type AnyJobImplementation,
  type JobLook,
  type JobMove,
} from "../../jobs/define-job.ts";
import { failureOf } from "../failures/failure.ts";
import { afterwardsSchema } from "./afterwards.ts";
import { identityWaitSchema } from "./identity-patience.ts";
import type { ProvisionDeps } from "./provision-deps.ts";
import { isTerminalProvision, type ProvisionStatus } from "./provision.ts";
import { createClusterStep } from "./steps/arm-create-or-update.ts";
import { cancelable, cancelStep } from "./steps/canceling.ts";
import { completeStep } from "./steps/completed.ts";
import { prepareStep } from "./steps/creating-cluster.ts";
import { ensureRbacStep } from "./steps/ensuring-rbac.ts";
import { ensureResourceGroupStep } from "./steps/ensuring-resource-group.ts";
import { readProvision } from "./steps/facing-azure.ts";
import { jobStateOf, watchAfterwardsStep } from "./steps/watching-afterwards.ts";

const inputSchema = z.object({ provisionId: z.string() });

/** What the job must still know after a crash, beyond what the provision itself says. */
const checkpointSchema = z.object({
  /** The resource group was missing and we asked for it. */
  groupCreated: z.boolean().default(false),
  /** Azure has said that our own request made the group. */
  groupIsOurs: z.boolean().default(false),
  groupLooks: z.number().default(0),
  /** Azure may have been asked for the cluster; written before it is, and taken back when it has surely refused. */
  asked: z.boolean().default(false),
  /** A reply to that got lost, so that nobody knows what Azure will still do. */
  replyLost: z.boolean().default(false),
  /** Another's operation that is waited for: since when, how often it was looked for, and what was last said of it. */
  conflict: z.object({ sinceMs: z.number(), looks: z.number(), told: z.string() }).optional(),
  /** Azure has accepted the cluster, or shows it with our tag. */
  submitted: z.boolean().default(false),
  /** The ARM operation of the create; missing when its reply got lost or Azure has forgotten it. */
  armOperation: z.string().optional(),
  /** At which `watchedMs` the operation was last asked and said that it runs. */
  operationAskedAtMs: z.number().optional(),
  /** How long the create has been watched, in Azure's time, and when last. Time in which nobody could look is not counted. */
  watchedMs: z.number().default(0),
  lookedAtMs: z.number().optional(),
  /** Looks in a row at which the operation could not be asked. */
  unaskedLooks: z.number().default(0),
  /** Looks in a row at which the cluster was not there although it had been. */
  missingLooks: z.number().default(0),
  /** Since when and how often in a row Azure could not be asked. */
  trouble: z.object({ sinceMs: z.number(), attempts: z.number() }).optional(),
  /** While the identity is unknown to Microsoft Entra. */
  identityWait: identityWaitSchema.optional(),
  /** What came of asking Azure to stop the create; missing while it has not answered. */
  abort: z.enum(["accepted", "refused"]).optional(),
  /** The watch after the verdict; missing until its first look. */
  afterwards: afterwardsSchema.optional(),
});

export type ProvisionInput = z.infer<typeof inputSchema>;
export type ProvisionCheckpoint = z.infer<typeof checkpointSchema>;
export type ProvisionLook = JobLook<ProvisionInput, ProvisionCheckpoint>;
export type ProvisionMove = JobMove<ProvisionCheckpoint>;

export const provisionJob = defineJob<ProvisionInput, ProvisionCheckpoint>({
  name: "provision",
  input: inputSchema,
  checkpoint: checkpointSchema,
  firstStep: "creating_cluster",
});

export const FIRST_CHECKPOINT: ProvisionCheckpoint = checkpointSchema.parse({});

export function createProvisionJob(deps: ProvisionDeps): AnyJobImplementation {
  return implementJob({
    definition: provisionJob,
    steps: [
      ...[
        prepareStep(deps),
        ensureResourceGroupStep(deps),
        createClusterStep(deps),
        ensureRbacStep(deps),
        completeStep(deps),
      ].map(cancelable),
      cancelStep(deps),
      watchAfterwardsStep(deps),
    ],
    async giveUp(look, reason) {
      const message =
        reason.kind === "poisoned"
          ? "Slipway's process ended again and again while it worked on this provision, so it was stopped. What Azure has made so far stays there."
          : "Slipway met an unexpected error again and again while it worked on this provision, so it was stopped. What Azure has made so far stays there; the server's log has the cause.";
      const failure = failureOf("SLIPWAY_ERROR", reason.kind === "poisoned" ? "JobPoisoned" : "JobFailing", message);
      const { status } = await readProvision(deps, look);
      // What was only watching what became of the cluster has its verdict.
      if (isTerminalProvision(status))
        return { kind: "finish", state: jobStateOf(status), checkpoint: look.checkpoint };
      return {
        kind: "finish",
        state: verdictOf(status),
        checkpoint: look.checkpoint,
        // By what it is when it is written: nobody works any more on what somebody cancels in the last moment.
        changes: deps.publisher.publish(look.input.provisionId, (before) => ({
          status: verdictOf(before.status),
          message: null,
          failure,
        })),
      };
    },
  });
}

/** How a provision ends that is given up. */
function verdictOf(status: ProvisionStatus): "CANCELED" | "FAILED" {
  return status === "CANCELING" ? "CANCELED" : "FAILED";
}
