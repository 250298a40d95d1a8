import { z } from "zod";
import {
  defineJob,
  implementJob,
  type AnyJobImplementation,
  type JobLook,
  type JobMove,
} from "../../jobs/define-job.ts";
import { AzureError } from "../../shared/azure-error.ts";
import { describeTrouble, waitOutTrouble } from "../azure-trouble.ts";
import { isOurs } from "./cluster-spec.ts";
import { IDENTITY_EVERY_MS, identityWaitSchema, waitOn } from "./identity-patience.ts";
import type { ProvisionFindings } from "./provision-change.ts";
import type { ProvisionDeps } from "./provision-deps.ts";
import type { Provision } from "./provision.ts";
import { grantRoles } from "./role-grants.ts";

const inputSchema = z.object({ provisionId: z.string() });
const checkpointSchema = z.object({
  trouble: z.object({ sinceMs: z.number(), attempts: z.number() }).optional(),
  identityWait: identityWaitSchema.optional(),
});

type Input = z.infer<typeof inputSchema>;
type Checkpoint = z.infer<typeof checkpointSchema>;
type Look = JobLook<Input, Checkpoint>;
type Move = JobMove<Checkpoint>;

export const grantRolesJob = defineJob<Input, Checkpoint>({
  name: "grant-roles",
  input: inputSchema,
  checkpoint: checkpointSchema,
  firstStep: "granting",
});

type GrantRolesDeps = Pick<ProvisionDeps, "store" | "publisher" | "aks" | "roleAssignments" | "clock" | "azureTime">;

/**
 * Grants the roles of an ended provision again, and nothing else. Under way while the provision says by whom (`grantingBy`),
 * which is also the guard against a second one. In place: the provision has SUCCEEDED; refused: it stays FAILED with the
 * newest reason.
 */
export function createGrantRolesJob(deps: GrantRolesDeps): AnyJobImplementation {
  return implementJob({
    definition: grantRolesJob,
    steps: [{ name: "granting", run: (look) => grant(deps, look) }],
    giveUp: async (look) =>
      finish(deps, look, "FAILED", {
        notes: ["Slipway met an unexpected error again and again while it granted the roles; its log has the cause"],
      }),
  });
}

async function grant(deps: GrantRolesDeps, look: Look): Promise<Move> {
  const provision = (await deps.store.read(look.input.provisionId))?.provision;
  if (provision?.grantingBy === undefined) return { kind: "finish", state: "SUCCEEDED", checkpoint: look.checkpoint };
  try {
    return await grantNow(deps, look, provision);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return waitOut(deps, look, error);
  }
}

async function grantNow(deps: GrantRolesDeps, look: Look, provision: Provision): Promise<Move> {
  const cluster = await deps.aks.getCluster(provision.cluster, look.signal);
  if (!cluster || !isOurs(cluster, provision.id))
    return finish(deps, look, "FAILED", { notes: ["There is no cluster any more to grant roles to"] });
  const outcome = await grantRoles(deps.roleAssignments, provision, cluster, look.signal);
  switch (outcome.kind) {
    case "granted":
      return finish(deps, look, "SUCCEEDED", {
        status: "SUCCEEDED",
        phase: "COMPLETED",
        failure: null,
        leftovers: [],
        amendments: [{ kind: "ROLES_GRANTED", message: outcome.note }],
      });
    case "refused":
      return finish(deps, look, "FAILED", {
        failure: outcome.failure,
        amendments: [{ kind: "ROLES_REFUSED", message: outcome.failure.message }],
      });
    case "unknown-identity": {
      const identityWait = waitOn(deps, look.checkpoint.identityWait);
      if (!identityWait)
        return finish(deps, look, "FAILED", {
          failure: outcome.failure,
          amendments: [{ kind: "ROLES_REFUSED", message: outcome.failure.message }],
        });
      const delayMs = deps.azureTime.toRealMs(IDENTITY_EVERY_MS);
      return { kind: "again", delayMs, checkpoint: { identityWait } };
    }
  }
}

function waitOut(deps: GrantRolesDeps, look: Look, error: AzureError): Move {
  const mayPass = error.kind === "transient" || error.kind === "lost-reply";
  const next = mayPass ? waitOutTrouble(error, look.checkpoint.trouble, deps) : "lasted-too-long";
  if (next === "lasted-too-long")
    return finish(deps, look, "FAILED", { notes: [`The roles could not be granted: ${error.message}`] });
  const { trouble, delayMs, nextTryAtMs, reason, retry } = next;
  return {
    kind: "again",
    delayMs,
    retry,
    checkpoint: { ...look.checkpoint, trouble },
    changes: deps.publisher.publish(look.input.provisionId, {
      message: reason,
      retry: {
        reason: describeTrouble(error),
        nextTryAt: new Date(nextTryAtMs).toISOString(),
        attempts: trouble.attempts,
      },
    }),
  };
}

function finish(deps: GrantRolesDeps, look: Look, state: "SUCCEEDED" | "FAILED", findings: ProvisionFindings): Move {
  return {
    kind: "finish",
    state,
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(look.input.provisionId, { ...findings, grantingBy: null, message: null }),
  };
}
