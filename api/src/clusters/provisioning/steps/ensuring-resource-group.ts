import type { JobStep } from "../../../jobs/define-job.ts";
import { AzureError } from "../../../shared/azure-error.ts";
import { failureOf } from "../../failures/failure.ts";
import { slipwayTags } from "../cluster-spec.ts";
import { isGroupOurs } from "../group-owner.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput } from "../provision-job.ts";
import type { Provision } from "../provision.ts";
import { facingAzure, fail, readProvision } from "./facing-azure.ts";
import { waitForOther, withoutConflict } from "./waiting-for-other.ts";

/** A group that Azure has accepted is shown after a while; other services refuse it until then. */
const VISIBLE_LOOKS = 12;
const VISIBLE_EVERY_MS = 5_000;

/**
 * Step 2: the resource group is there and visible. One that exists is taken as it is: its location can't be changed, and
 * asking for it again with another one is refused.
 */
export function ensureResourceGroupStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  const phase = "ENSURING_RESOURCE_GROUP";

  return {
    name: "ensuring_resource_group",
    run: (look) =>
      facingAzure(deps, look, phase, async () => {
        const provision = await readProvision(deps, look);
        const { subscriptionId, resourceGroup: name } = provision.cluster;
        const group = await deps.resourceGroups.getResourceGroup(subscriptionId, name, look.signal);
        if (group?.provisioningState === "Deleting") {
          const message = `The resource group '${name}' is being deleted. Wait until it is gone, or choose another one.`;
          const body = { code: "ResourceGroupBeingDeleted", message };
          return waitForOther(deps, look, phase, { error: new AzureError({ kind: "conflict", body }), group });
        }
        if (group) {
          const note = look.checkpoint.groupCreated
            ? `Resource group ${name} is visible`
            : `Resource group ${name} exists in ${group.location}`;
          return {
            kind: "next",
            step: "arm_create_or_update",
            checkpoint: {
              ...withoutConflict(look.checkpoint),
              groupIsOurs: await isGroupOurs(deps.store, provision, group),
            },
            changes: deps.publisher.publish(provision.id, {
              phase: "ARM_CREATE_OR_UPDATE",
              within: 0,
              message: null,
              notes: [note],
            }),
          };
        }
        if (!look.checkpoint.groupCreated) {
          const groupIsOurs = await create(provision, look.signal);
          return {
            kind: "again",
            delayMs: deps.azureTime.toRealMs(VISIBLE_EVERY_MS),
            checkpoint: { ...withoutConflict(look.checkpoint), groupCreated: true, groupIsOurs, groupLooks: 0 },
            changes: deps.publisher.publish(provision.id, {
              phase,
              within: 0.1,
              message: `Created resource group ${name}`,
              notes: [
                ...(look.checkpoint.conflict ? ["The other operation has ended"] : []),
                `Created resource group ${name}`,
              ],
            }),
          };
        }
        // Twelve looks stand for a minute of Azure's time, which does not pass while its clock is moved by hand.
        const groupLooks = look.checkpoint.groupLooks + (deps.azureTime.isByHand() ? 0 : 1);
        if (groupLooks >= VISIBLE_LOOKS) {
          const message = `Azure accepted the resource group '${name}' but did not show it within ${VISIBLE_LOOKS} looks. Try again in some minutes.`;
          return fail(
            deps,
            look,
            phase,
            failureOf("RESOURCE_GROUP", "ResourceGroupNotFound", message, { fault: "PASSING" }),
          );
        }
        return {
          kind: "again",
          delayMs: deps.azureTime.toRealMs(VISIBLE_EVERY_MS),
          checkpoint: { ...look.checkpoint, groupLooks },
          changes: deps.publisher.publish(provision.id, {
            phase,
            within: groupLooks / VISIBLE_LOOKS,
            message: `Waiting for resource group ${name} to be visible (${groupLooks} of ${VISIBLE_LOOKS})`,
          }),
        };
      }),
  };

  /** Whether it was surely this request that made the group. */
  async function create(provision: Provision, signal: AbortSignal): Promise<boolean> {
    const { subscriptionId, resourceGroup } = provision.cluster;
    try {
      await deps.resourceGroups.createResourceGroup(
        subscriptionId,
        { name: resourceGroup, location: provision.location, tags: slipwayTags(provision) },
        signal,
      );
      return true;
    } catch (error) {
      // Somebody else made it since we looked, or our own request took effect and its reply got lost: the next look tells.
      if (!(error instanceof AzureError) || (error.kind !== "conflict" && error.kind !== "lost-reply")) throw error;
      return false;
    }
  }
}
