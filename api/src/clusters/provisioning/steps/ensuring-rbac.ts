import { v5 as uuidV5 } from "uuid";
import type { JobStep } from "../../../jobs/define-job.ts";
import { tryParseArmId } from "../../../shared/arm-id.ts";
import { AzureError } from "../../../shared/azure-error.ts";
import { failureOf, type Failure } from "../../failures/failure.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput, ProvisionLook, ProvisionMove } from "../provision-job.ts";
import type { Provision } from "../provision.ts";
import type { RoleAssignment } from "../role-assignment-gateway.ts";
import { facingAzure, fail, readProvision } from "./facing-azure.ts";

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers#acrpull */
const ACR_PULL_ROLE_ID = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
/** Fixed for ever: assignment ids are derived in it. */
const ASSIGNMENT_NAMESPACE = "6f1c1c0e-8a52-4d0c-9d0b-2f3f7e0f5a51";

const PHASE = "ENSURING_RBAC";
/** A new identity reaches all of Microsoft Entra within about a minute. */
const IDENTITY_LIMIT_MS = 60_000;
const IDENTITY_EVERY_MS = 5_000;

/** Step 4: the cluster's kubelet identity may pull from the chosen registry. Only then is the cluster ready. */
export function ensureRbacStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  return {
    name: "ensuring_rbac",
    run: (look) =>
      facingAzure(deps, look, PHASE, async () => {
        const provision = await readProvision(deps, look);
        if (provision.registryArmId === undefined)
          return granted(deps, look, provision, "No registry was chosen, so there is no role to grant");
        const cluster = await deps.aks.getCluster(provision.cluster, look.signal);
        const principalId = cluster?.kubeletObjectId;
        if (principalId === undefined) return waitForIdentity(deps, look, provision, noIdentity(provision));
        return grant(deps, look, provision, acrPull(provision.registryArmId, principalId));
      }),
  };
}

async function grant(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  assignment: RoleAssignment,
): Promise<ProvisionMove> {
  try {
    const outcome = await deps.roleAssignments.assignRole(assignment, look.signal);
    return granted(
      deps,
      look,
      provision,
      outcome === "created"
        ? "Granted AcrPull on the registry to the cluster"
        : "The cluster had AcrPull on the registry already",
    );
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    if (error.code === "PrincipalNotFound")
      return waitForIdentity(
        deps,
        look,
        provision,
        incomplete(error.code, error.message, assignment, error.correlationId),
      );
    if (error.kind === "transient" || error.kind === "lost-reply") throw error;
    return fail(deps, look, PHASE, incomplete(error.code, error.message, assignment, error.correlationId));
  }
}

function granted(deps: ProvisionDeps, look: ProvisionLook, provision: Provision, note: string): ProvisionMove {
  return {
    kind: "next",
    step: "completed",
    checkpoint: look.checkpoint,
    changes: deps.publisher.publish(provision.id, { phase: PHASE, within: 0.9, message: null, notes: [note] }),
  };
}

async function waitForIdentity(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  failure: Failure,
): Promise<ProvisionMove> {
  const nowMs = deps.clock.now();
  const identityUnknownSinceMs = look.checkpoint.identityUnknownSinceMs ?? nowMs;
  if (nowMs - identityUnknownSinceMs >= deps.azureTime.toRealLimitMs(IDENTITY_LIMIT_MS))
    return fail(deps, look, PHASE, failure);
  return {
    kind: "again",
    delayMs: deps.azureTime.toRealMs(IDENTITY_EVERY_MS),
    checkpoint: { ...look.checkpoint, identityUnknownSinceMs },
    changes: deps.publisher.publish(provision.id, {
      phase: PHASE,
      within: 0.3,
      message: "Waiting for the cluster's identity to be known to Microsoft Entra",
    }),
  };
}

function acrPull(registryArmId: string, principalId: string): RoleAssignment {
  const scope = registryArmId;
  const name = uuidV5(`${scope.toLowerCase()}|${principalId.toLowerCase()}|${ACR_PULL_ROLE_ID}`, ASSIGNMENT_NAMESPACE);
  return {
    subscriptionId: tryParseArmId(registryArmId)?.subscriptionId ?? "",
    scope,
    roleId: ACR_PULL_ROLE_ID,
    principalId,
    name,
  };
}

/** The cluster is there, but it can't pull images: an outcome of its own, not to be mistaken for "no cluster". */
function incomplete(
  code: string,
  reason: string,
  assignment: RoleAssignment,
  correlationId: string | undefined,
): Failure {
  const command = `az role assignment create --assignee-object-id ${assignment.principalId} --assignee-principal-type ServicePrincipal --role AcrPull --scope ${assignment.scope}`;
  return failureOf(
    "PERMISSIONS_INCOMPLETE",
    code,
    `The cluster was created, but it may not pull images from the registry: ${reason}`,
    {
      correlationId,
      remedies: [{ kind: "COMMAND", label: "Grant the role with an account that may", command }],
    },
  );
}

function noIdentity(provision: Provision): Failure {
  const message = `Azure shows no kubelet identity for the cluster '${provision.cluster.name}', so it could not be given AcrPull on the registry.`;
  return failureOf("PERMISSIONS_INCOMPLETE", "KubeletIdentityMissing", message);
}
