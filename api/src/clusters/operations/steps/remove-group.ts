import type { JobChanges, JobStep } from "../../../jobs/define-job.ts";
import { armIdKey, tryParseArmId } from "../../../shared/arm-id.ts";
import { AzureError } from "../../../shared/azure-error.ts";
import { waitOutTrouble } from "../../azure-trouble.ts";
import { isMadeBySlipway } from "../../provisioning/cluster-spec.ts";
import { tryParseProvisionId } from "../../provisioning/provision.ts";
import type { GroupedResource } from "../../provisioning/resource-group-gateway.ts";
import type { ClusterOperation, GroupOutcome } from "../cluster-operation.ts";
import type { OperationDeps } from "../operation-deps.ts";
import type { OperationCheckpoint, OperationInput, OperationLook, OperationMove } from "../operation-job.ts";
import { rememberDuration } from "../usual-duration.ts";
import { LOOK_EVERY_MS, readOperation } from "./operation-look.ts";

/** ARM's list of what a group holds lags behind; a minute of Azure's time. */
const LISTED_LOOKS = 12;
/** Ten minutes of Azure's time; an empty group goes within two. */
const GOING_LOOKS = 120;
const MOST_NAMED = 10;

/**
 * After a delete: the resource group goes as well when Slipway made it (its tags say so), nothing else lies in it and nothing is
 * on its way into it. Azure has no way to delete a group only if it is empty: something that is put into it in the second between
 * the list and the delete is lost. Whatever Azure says, the operation has succeeded: the cluster is gone.
 */
export function removeGroupStep(deps: OperationDeps): JobStep<OperationInput, OperationCheckpoint> {
  return {
    name: "remove_group",
    async run(look) {
      const operation = await readOperation(deps, look);
      try {
        return await consider(deps, look, operation);
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        const next =
          error.kind === "transient" || error.kind === "lost-reply"
            ? waitOutTrouble(error, look.checkpoint.trouble, deps)
            : "lasted-too-long";
        if (next === "lasted-too-long") return conclude(deps, look, operation, kept(operation, error.message));
        const { trouble, delayMs, reason, retry } = next;
        return {
          kind: "again",
          delayMs,
          retry,
          // A request whose reply got lost may have taken effect.
          checkpoint: {
            ...look.checkpoint,
            trouble,
            groupAsked: look.checkpoint.groupAsked || error.kind === "lost-reply",
          },
          changes: deps.publisher.publish(operation.id, { message: reason }),
        };
      }
    },
  };
}

async function consider(deps: OperationDeps, look: OperationLook, operation: ClusterOperation): Promise<OperationMove> {
  const { subscriptionId, resourceGroup } = operation.cluster;
  const group = await deps.resourceGroups.getResourceGroup(subscriptionId, resourceGroup, look.signal);
  if (!group) return conclude(deps, look, operation, deleted(operation));
  if (group.provisioningState === "Deleting") return waitUntilGone(deps, look, operation);
  if (!isMadeBySlipway(group.tags)) return conclude(deps, look, operation, notOurs(operation));
  const blocker = await findProvisionInto(deps, operation);
  if (blocker !== undefined) return conclude(deps, look, operation, inUse(operation, blocker));
  const resources = await deps.resourceGroups.listResources(subscriptionId, resourceGroup, look.signal);
  const others = resources.filter((resource) => !isTheCluster(resource, operation));
  if (others.length > 0) return conclude(deps, look, operation, notEmpty(operation, others));
  if (resources.length > 0 && look.checkpoint.groupLooks < LISTED_LOOKS)
    return again(deps, look, operation, "Waiting for Azure to take the cluster off the list of its resource group");
  await deps.resourceGroups.deleteResourceGroup(subscriptionId, resourceGroup, look.signal);
  const asked = { ...look, checkpoint: { ...look.checkpoint, groupAsked: true, groupLooks: 0 } };
  return again(deps, asked, operation, `Deleting the resource group ${resourceGroup}, which is empty`);
}

function waitUntilGone(deps: OperationDeps, look: OperationLook, operation: ClusterOperation): Promise<OperationMove> {
  const { resourceGroup } = operation.cluster;
  if (look.checkpoint.groupLooks >= GOING_LOOKS)
    return conclude(deps, look, operation, kept(operation, "Azure is still deleting it."));
  return again(deps, look, operation, `Deleting the resource group ${resourceGroup}, which is empty`);
}

async function again(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  message: string,
): Promise<OperationMove> {
  const { trouble: _over, ...checkpoint } = look.checkpoint;
  const groupLooks = checkpoint.groupLooks + (deps.azureTime.isByHand() ? 0 : 1);
  return {
    kind: "again",
    delayMs: deps.azureTime.toRealMs(LOOK_EVERY_MS),
    checkpoint: { ...checkpoint, groupLooks },
    changes: deps.publisher.publish(operation.id, {
      message,
      within: 0.95,
      notes: operation.message === message ? [] : [message],
    }),
  };
}

/** A provision that is under way into the same group would lose what it makes. */
async function findProvisionInto(deps: OperationDeps, { cluster }: ClusterOperation): Promise<string | undefined> {
  const into = (await deps.provisions.listLive()).find(
    (provision) =>
      provision.cluster.subscriptionId.toLowerCase() === cluster.subscriptionId.toLowerCase() &&
      provision.cluster.resourceGroup.toLowerCase() === cluster.resourceGroup.toLowerCase(),
  );
  return into?.cluster.name;
}

async function conclude(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  group: GroupOutcome,
): Promise<OperationMove> {
  await rememberDuration(operation, deps, deps.clock.now());
  const publish = deps.publisher.publish(operation.id, {
    status: "SUCCEEDED",
    message: null,
    group,
    notes: [group.message],
  });
  const amend = await amendment(deps, look, operation, group);
  return {
    kind: "finish",
    state: "SUCCEEDED",
    checkpoint: look.checkpoint,
    changes: async () => both(await publish(), await amend?.()),
  };
}

/** What the provision that made the cluster has left is less now. Its rows share the operation's partition. */
async function amendment(
  deps: OperationDeps,
  look: OperationLook,
  operation: ClusterOperation,
  group: GroupOutcome,
): Promise<(() => Promise<JobChanges>) | undefined> {
  const { target, startedBy } = operation;
  const provisionId = target.kind === "CLEAN_UP" ? target.provisionId : look.checkpoint.madeBy;
  // A tag can be copied to another cluster: only what is about this one lies in the same partition.
  if (provisionId === undefined || tryParseProvisionId(provisionId)?.partitionKey !== look.ref.partitionKey)
    return undefined;
  const provision = (await deps.provisions.read(provisionId))?.provision;
  if (!provision || provision.leftovers.length === 0) return undefined;
  const leftovers = provision.leftovers.filter(({ kind }) => kind === "RESOURCE_GROUP" && group.fate !== "DELETED");
  const hadCluster = provision.leftovers.some(({ kind }) => kind === "CLUSTER");
  const what = hadCluster ? "The cluster that was left was deleted" : "What was left was cleaned up";
  const notes = [`${what} by ${startedBy}. ${group.message}`];
  // Somebody has taken care of it: that is known now, not only when the cluster is looked for the next time.
  return deps.provisionPublisher.publish(provision.id, { leftovers, notes, isMoot: true });
}

function both(one: JobChanges, other: JobChanges | undefined): JobChanges {
  if (!other) return one;
  return {
    changes: [...one.changes, ...other.changes],
    stored: () => {
      one.stored?.();
      other.stored?.();
    },
  };
}

function isTheCluster({ armId }: GroupedResource, { cluster }: ClusterOperation): boolean {
  const id = tryParseArmId(armIdKey(armId));
  return id?.type === "microsoft.containerservice/managedclusters" && id.name === cluster.name.toLowerCase();
}

function outcome(fate: GroupOutcome["fate"], message: string, remaining: readonly string[] = []): GroupOutcome {
  return { fate, message, remaining };
}

function deleted({ cluster }: ClusterOperation): GroupOutcome {
  return outcome("DELETED", `The resource group ${cluster.resourceGroup} is gone as well.`);
}

function notOurs({ cluster }: ClusterOperation): GroupOutcome {
  return outcome("KEPT_NOT_OURS", `The resource group ${cluster.resourceGroup} was kept: Slipway did not make it.`);
}

function inUse({ cluster }: ClusterOperation, other: string): GroupOutcome {
  const message = `The resource group ${cluster.resourceGroup} was kept: the cluster '${other}' is being created in it.`;
  return outcome("KEPT_NOT_EMPTY", message, [other]);
}

function kept({ cluster }: ClusterOperation, why: string): GroupOutcome {
  return outcome("KEPT", `The resource group ${cluster.resourceGroup} was kept: ${why}`);
}

function notEmpty({ cluster }: ClusterOperation, others: readonly GroupedResource[]): GroupOutcome {
  const remaining = others.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = others.length > remaining.length ? ` and ${others.length - remaining.length} more` : "";
  const message = `The resource group ${cluster.resourceGroup} was kept: it still holds ${remaining.join(", ")}${more}.`;
  return outcome("KEPT_NOT_EMPTY", message, remaining);
}
