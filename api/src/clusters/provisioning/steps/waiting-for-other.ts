import type { AzureError } from "../../../shared/azure-error.ts";
import type { Cluster } from "../../cluster.ts";
import { classifyAzureError } from "../../failures/classify-failure.ts";
import { PROVISION_TAG } from "../cluster-spec.ts";
import { failureAbout } from "../failure-about.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionLook, ProvisionMove } from "../provision-job.ts";
import type { ProvisionPhase } from "../provision-steps.ts";
import type { ResourceGroup } from "../resource-group-gateway.ts";
import { fail, readProvision } from "./facing-azure.ts";

const LOOK_EVERY_MS = 10_000;
/** Azure's time; longer than anything that AKS does to a cluster takes. */
const LIMIT_MS = 60 * 60_000;
const FEWEST_LOOKS = 6;

/** What stands in the way: Azure's refusal, and the thing that is being worked on where it can be seen. */
export interface OtherOperation {
  readonly error: AzureError;
  readonly cluster?: Cluster;
  readonly group?: ResourceGroup;
}

/**
 * Another operation at Azure is in the way and will end: looks again until it has, and says what it is and whose, as far as
 * Azure tells. The step stays where it is. One that lasts longer than anything does fails the provision with Azure's words.
 */
export async function waitForOther(
  deps: ProvisionDeps,
  look: ProvisionLook,
  phase: ProvisionPhase,
  other: OtherOperation,
): Promise<ProvisionMove> {
  const nowMs = deps.clock.now();
  const { sinceMs, looks } = look.checkpoint.conflict ?? { sinceMs: nowMs, looks: 0 };
  if (looks >= FEWEST_LOOKS && nowMs - sinceMs > deps.azureTime.toRealLimitMs(LIMIT_MS))
    return fail(deps, look, phase, classifyAzureError(other.error, failureAbout(await readProvision(deps, look))));
  const delayMs = Math.max(deps.azureTime.toRealMs(LOOK_EVERY_MS), other.error.retryAfterMs ?? 0);
  const reason = describeOther(other);
  return {
    kind: "again",
    delayMs,
    checkpoint: { ...look.checkpoint, conflict: { sinceMs, looks: looks + 1, told: reason } },
    changes: deps.publisher.publish(look.input.provisionId, {
      status: "RUNNING",
      phase,
      message: reason,
      retry: { reason, nextTryAt: new Date(nowMs + delayMs).toISOString(), attempts: looks + 1 },
      notes: reason === look.checkpoint.conflict?.told ? [] : [reason],
    }),
  };
}

export function withoutConflict({ conflict: _over, ...checkpoint }: ProvisionCheckpoint): ProvisionCheckpoint {
  return checkpoint;
}

/** `Waiting for another operation to end: Deleting the cluster 'one' (managed by terraform, last changed by ada@example.com)` */
export function describeOther({ error, cluster, group }: OtherOperation): string {
  const named = /another (?:\w+ )?operation \(([^)]+)\)/i.exec(error.message)?.[1];
  const resource = cluster ?? group;
  const operation = named ?? (resource ? resource.provisioningState : undefined);
  const subject = cluster ? ` the cluster '${cluster.name}'` : group ? ` the resource group '${group.name}'` : "";
  const whose = resource ? whoseIs(resource.tags, cluster?.lastModifiedBy) : [];
  const what = operation === undefined ? "" : `: ${operation}${subject}`;
  return `Waiting for another operation to end${what}${whose.length > 0 ? ` (${whose.join(", ")})` : ""}`;
}

function whoseIs(tags: Readonly<Record<string, string>>, lastModifiedBy: string | undefined): string[] {
  const byTag = Object.entries(tags).find(([name]) => /^(managed-?by|owner|created-?by)$/i.test(name));
  return [
    ...(tags[PROVISION_TAG] === undefined ? [] : ["made by another attempt of Slipway's"]),
    ...(byTag && tags[PROVISION_TAG] === undefined ? [`${byTag[0]}: ${byTag[1]}`] : []),
    ...(lastModifiedBy === undefined ? [] : [`last changed by ${lastModifiedBy}`]),
  ];
}
