import { z } from "zod";
import {
  defineJob,
  implementJob,
  type AnyJobImplementation,
  type JobLook,
  type JobMove,
} from "../../jobs/define-job.ts";
import { failureOf } from "../failures/failure.ts";
import type { ProvisionDeps } from "./provision-deps.ts";
import { createClusterStep } from "./steps/arm-create-or-update.ts";
import { completeStep } from "./steps/completed.ts";
import { prepareStep } from "./steps/creating-cluster.ts";
import { ensureRbacStep } from "./steps/ensuring-rbac.ts";
import { ensureResourceGroupStep } from "./steps/ensuring-resource-group.ts";

const inputSchema = z.object({ provisionId: z.string() });

/** What the job must still know after a crash, beyond what the provision itself says. */
const checkpointSchema = z.object({
  /** The resource group was missing and we asked for it. */
  groupCreated: z.boolean().default(false),
  /** Azure has said that our own request made the group. */
  groupIsOurs: z.boolean().default(false),
  groupLooks: z.number().default(0),
  /** Azure has accepted the cluster, or shows it with our tag. */
  submitted: z.boolean().default(false),
  /** The ARM operation of the create; missing when its reply got lost or Azure has forgotten it. */
  armOperation: z.string().optional(),
  /** How long the create has been watched, in Azure's time, and when last. Time in which nobody could look is not counted. */
  watchedMs: z.number().default(0),
  lookedAtMs: z.number().optional(),
  /** Looks in a row at which the operation could not be asked. */
  unaskedLooks: z.number().default(0),
  /** Looks in a row at which the cluster was not there although it had been. */
  missingLooks: z.number().default(0),
  /** Since when and how often in a row Azure could not be asked. */
  trouble: z.object({ sinceMs: z.number(), attempts: z.number() }).optional(),
  /** Since when the identity has been unknown to Microsoft Entra. */
  identityUnknownSinceMs: z.number().optional(),
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
      prepareStep(deps),
      ensureResourceGroupStep(deps),
      createClusterStep(deps),
      ensureRbacStep(deps),
      completeStep(deps),
    ],
    async giveUp(look, reason) {
      const message =
        reason.kind === "poisoned"
          ? "Slipway's process ended again and again while it worked on this provision, so it was stopped. What Azure has made so far stays there."
          : "Slipway met an unexpected error again and again while it worked on this provision, so it was stopped. What Azure has made so far stays there; the server's log has the cause.";
      const failure = failureOf("SLIPWAY_ERROR", reason.kind === "poisoned" ? "JobPoisoned" : "JobFailing", message);
      return {
        kind: "finish",
        state: "FAILED",
        checkpoint: look.checkpoint,
        changes: deps.publisher.publish(look.input.provisionId, { status: "FAILED", message: null, failure }),
      };
    },
  });
}
