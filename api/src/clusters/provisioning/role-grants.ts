import { v5 as uuidV5 } from "uuid";
import { tryParseArmId } from "../../shared/arm-id.ts";
import { AzureError } from "../../shared/azure-error.ts";
import type { Cluster } from "../cluster.ts";
import { classifyAzureError } from "../failures/classify-failure.ts";
import { failureOf, type Failure } from "../failures/failure.ts";
import { failureAbout } from "./failure-about.ts";
import type { Provision } from "./provision.ts";
import type { RoleAssignment, RoleAssignmentGateway } from "./role-assignment-gateway.ts";

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers#acrpull */
const ACR_PULL_ROLE_ID = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
/** Fixed for ever: assignment ids are derived in it. */
const ASSIGNMENT_NAMESPACE = "6f1c1c0e-8a52-4d0c-9d0b-2f3f7e0f5a51";

/** `unknown-identity`: the identity is too new for Microsoft Entra, or not there yet; ask again within a minute. */
export type GrantOutcome =
  | { readonly kind: "granted"; readonly note: string }
  | { readonly kind: "unknown-identity"; readonly failure: Failure }
  | { readonly kind: "refused"; readonly failure: Failure };

/**
 * The roles that were asked for: the cluster's kubelet identity may pull from the chosen registry. Idempotent: the same inputs
 * give the same assignment, and one that is there already is as good.
 * @throws AzureError for trouble that may pass
 */
export async function grantRoles(
  roleAssignments: RoleAssignmentGateway,
  provision: Provision,
  cluster: Cluster | undefined,
  signal?: AbortSignal,
): Promise<GrantOutcome> {
  if (provision.registryArmId === undefined)
    return { kind: "granted", note: "No registry was chosen, so there is no role to grant" };
  const principalId = cluster?.kubeletObjectId;
  if (principalId === undefined) return { kind: "unknown-identity", failure: noIdentity(provision) };
  const assignment = acrPull(provision.registryArmId, principalId);
  try {
    const outcome = await roleAssignments.assignRole(assignment, signal);
    const note =
      outcome === "created"
        ? "Granted AcrPull on the registry to the cluster"
        : "The cluster had AcrPull on the registry already";
    return { kind: "granted", note };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const failure = incomplete(error, assignment, provision);
    if (error.code === "PrincipalNotFound") return { kind: "unknown-identity", failure };
    if (error.kind === "transient" || error.kind === "lost-reply") throw error;
    return { kind: "refused", failure };
  }
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
function incomplete(error: AzureError, assignment: RoleAssignment, provision: Provision): Failure {
  const { code, message, correlationId } = error;
  const { summary, fault } = classifyAzureError(error, failureAbout(provision));
  const registry = tryParseArmId(assignment.scope)?.name ?? assignment.scope;
  const command = `az role assignment create --assignee-object-id ${assignment.principalId} --assignee-principal-type ServicePrincipal --role AcrPull --scope ${assignment.scope}`;
  return failureOf(
    "PERMISSIONS_INCOMPLETE",
    code,
    `The cluster was created, but it may not pull images from the registry: ${message}`,
    {
      summary: `The cluster works, but its nodes may not pull images from the registry ${registry} yet. ${summary}`,
      fault,
      correlationId,
      remedies: [{ kind: "COMMAND", label: "Grant the role with an account that may", command }],
    },
  );
}

function noIdentity(provision: Provision): Failure {
  const message = `Azure shows no kubelet identity for the cluster '${provision.cluster.name}', so it could not be given AcrPull on the registry.`;
  return failureOf("PERMISSIONS_INCOMPLETE", "KubeletIdentityMissing", message, { remedies: [] });
}
