import { z } from "zod";
import {
  defineJob,
  implementJob,
  type AnyJobImplementation,
  type JobLook,
  type JobMove,
} from "../../jobs/define-job.ts";
import { failureOf } from "../failures/failure.ts";
import type { OperationDeps } from "./operation-deps.ts";
import { askStep } from "./steps/ask-azure.ts";
import { removeGroupStep } from "./steps/remove-group.ts";
import { watchStep } from "./steps/watch-azure.ts";

const inputSchema = z.object({ operationId: z.string() });

/** What the job must still know after a crash, beyond what the operation itself says. */
const checkpointSchema = z.object({
  /** Azure has accepted the request, or may have: its reply got lost. */
  asked: z.boolean().default(false),
  /** The ARM operation; missing when its reply got lost or Azure has forgotten it. */
  armOperation: z.string().optional(),
  /** Ids of the request that Azure accepted. */
  correlationId: z.string().optional(),
  operationId: z.string().optional(),
  /** The provision that made the cluster, by its tag. */
  madeBy: z.string().optional(),
  /** How long it has been watched, in Azure's time, and when last. Time in which nobody could look is not counted. */
  watchedMs: z.number().default(0),
  lookedAtMs: z.number().optional(),
  /** Looks in a row at which the operation could not be asked. */
  unaskedLooks: z.number().default(0),
  /** Looks in a row at which Azure did not show the cluster. */
  missingLooks: z.number().default(0),
  /** Looks since Azure called the operation a success at which the cluster did not yet show it. */
  settlingLooks: z.number().default(0),
  groupAsked: z.boolean().default(false),
  groupLooks: z.number().default(0),
  /** Since when and how often in a row Azure could not be asked. */
  trouble: z.object({ sinceMs: z.number(), attempts: z.number() }).optional(),
});

export type OperationInput = z.infer<typeof inputSchema>;
export type OperationCheckpoint = z.infer<typeof checkpointSchema>;
export type OperationLook = JobLook<OperationInput, OperationCheckpoint>;
export type OperationMove = JobMove<OperationCheckpoint>;

export const operationJob = defineJob<OperationInput, OperationCheckpoint>({
  name: "cluster-operation",
  input: inputSchema,
  checkpoint: checkpointSchema,
  firstStep: "ask_azure",
});

export const FIRST_OPERATION_CHECKPOINT: OperationCheckpoint = checkpointSchema.parse({});

/**
 * State story of an operation on a cluster. The resource is the truth at every look:
 * - `ask_azure`: looks first, and asks only a cluster that is free for it. As wanted already: done. Azure is at just this, or at
 *   something else: waits for its end. Asked and accepted: on to the next step, with the operation stored;
 * - `watch_azure`: asks the ARM operation for the verdict and the cluster for its states. Azure has forgotten the operation:
 *   back to the first step, which tells from the cluster alone;
 * - `remove_group`: after a delete, the resource group goes as well when it is ours and empty. It never fails the operation.
 */
export function createOperationJob(deps: OperationDeps): AnyJobImplementation {
  return implementJob({
    definition: operationJob,
    steps: [askStep(deps), watchStep(deps), removeGroupStep(deps)],
    async giveUp(look, reason) {
      const message =
        reason.kind === "poisoned"
          ? "Slipway's process ended again and again while it worked on this operation, so it was stopped. Azure may still carry it out."
          : "Slipway met an unexpected error again and again while it worked on this operation, so it was stopped. Azure may still carry it out; the server's log has the cause.";
      const failure = failureOf("SLIPWAY_ERROR", reason.kind === "poisoned" ? "JobPoisoned" : "JobFailing", message);
      return {
        kind: "finish",
        state: "FAILED",
        checkpoint: look.checkpoint,
        changes: deps.publisher.publish(look.input.operationId, { status: "FAILED", message: null, failure }),
      };
    },
  });
}
