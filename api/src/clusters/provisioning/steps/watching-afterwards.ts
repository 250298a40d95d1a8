import type { JobStep } from "../../../jobs/define-job.ts";
import { AzureError } from "../../../shared/azure-error.ts";
import type { Cluster } from "../../cluster.ts";
import { amendmentsSince, beginAfterwards, rememberLook, type Afterwards } from "../afterwards.ts";
import { isOurs } from "../cluster-spec.ts";
import { isGroupOurs } from "../group-owner.ts";
import { IDENTITY_EVERY_MS } from "../identity-patience.ts";
import { leftoversOf } from "../leftovers.ts";
import type { ProvisionFindings } from "../provision-change.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import type { ProvisionCheckpoint, ProvisionInput, ProvisionLook, ProvisionMove } from "../provision-job.ts";
import {
  isTerminalProvision,
  needsAttention,
  type Leftover,
  type Provision,
  type ProvisionStatus,
} from "../provision.ts";
import type { ResourceGroup } from "../resource-group-gateway.ts";
import { grantRoles } from "../role-grants.ts";
import { clusterFacts, readProvision } from "./facing-azure.ts";

/** All by Azure's time. */
const WATCH_MS = 15 * 60_000;
const LOOK_EVERY_MS = 30_000;
/** What is left and costs money is looked at for as long as nobody has taken care of it. */
const LOOK_AT_LEFTOVERS_EVERY_MS = 10 * 60_000;
/** Real time: a clock that is moved by hand is followed, not hammered at. */
const LOOK_BY_HAND_EVERY_MS = 1_000;
const MISSING_LOOKS = 3;
/** A new group is not shown at once. */
const GROUP_LAG_MS = 60_000;

/**
 * After the verdict: watches what becomes of the cluster for 15 minutes of Azure's time, and longer while an attempt that did
 * not succeed has left one that nobody has taken care of. The provision has ended all the while; what is found amends
 * it. A look that finds nothing new changes nothing. After a restart that outlasted the watch there is one last look.
 */
export function watchAfterwardsStep(deps: ProvisionDeps): JobStep<ProvisionInput, ProvisionCheckpoint> {
  return {
    name: "watching_afterwards",
    async run(look) {
      const provision = await readProvision(deps, look);
      // Somebody asked for its end while its verdict was being written.
      if (!isTerminalProvision(provision.status))
        return { kind: "next", step: "canceling", checkpoint: look.checkpoint };
      const nowMs = deps.clock.now();
      const azureNowMs = deps.azureTime.clockAt(nowMs) ?? nowMs;
      const afterwards = look.checkpoint.afterwards ?? beginAfterwards(provision, azureNowMs + WATCH_MS);
      try {
        return await lookAgain(deps, look, provision, afterwards, azureNowMs);
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        const delayMs = Math.max(deps.azureTime.toRealMs(LOOK_EVERY_MS), error.retryAfterMs ?? 0);
        return goOn(deps, look, provision, afterwards, azureNowMs, { delayMs });
      }
    },
  };
}

async function lookAgain(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  afterwards: Afterwards,
  azureNowMs: number,
): Promise<ProvisionMove> {
  const { subscriptionId, resourceGroup } = provision.cluster;
  const [shown, group] = await Promise.all([
    deps.aks.getCluster(provision.cluster, look.signal),
    mayHaveMadeGroup(look, provision)
      ? deps.resourceGroups.getResourceGroup(subscriptionId, resourceGroup, look.signal)
      : undefined,
  ]);
  // Another's cluster of the same name is none of ours: ours is gone.
  const cluster = shown && isOurs(shown, provision.id) ? shown : undefined;
  if (!cluster && afterwards.seen) {
    const missingLooks = afterwards.missingLooks + 1;
    if (!shown && missingLooks < MISSING_LOOKS)
      return goOn(deps, look, provision, { ...afterwards, missingLooks }, azureNowMs, {});
  }
  const nowMs = deps.clock.now();
  const isNew = azureNowMs < afterwards.untilMs - WATCH_MS + GROUP_LAG_MS;
  const found = await findings(deps, look, provision, { afterwards, cluster, group, isNew });
  const after = rememberLook(afterwards, cluster, nowMs);
  return goOn(deps, look, provision, after, azureNowMs, found);
}

interface Found {
  readonly changed?: ProvisionFindings;
  readonly delayMs?: number;
}

async function findings(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  seen: {
    readonly afterwards: Afterwards;
    readonly cluster: Cluster | undefined;
    readonly group: ResourceGroup | undefined;
    readonly isNew: boolean;
  },
): Promise<Found> {
  const { afterwards, cluster, group } = seen;
  const amendments = amendmentsSince(afterwards, cluster, deps.clock.now());
  const isGroupLeft = group
    ? await isGroupOurs(deps.store, provision, group)
    : seen.isNew && look.checkpoint.groupIsOurs;
  const leftovers = leftNow(provision, cluster, isGroupLeft);
  const isGone = afterwards.seen !== null && !cluster;
  const state = cluster?.provisioningState ?? (isGone ? "Deleted" : provision.clusterState);
  const hasChanged =
    amendments.length > 0 || state !== provision.clusterState || !isSame(leftovers, provision.leftovers);
  const changed: ProvisionFindings = {
    ...(cluster ? clusterFacts(cluster) : {}),
    ...(state === undefined ? {} : { clusterState: state }),
    leftovers,
    amendments,
    isMoot: !cluster && afterwards.wasLeft,
  };
  if (cluster && isReadyAfterAll(provision, cluster)) return repair(deps, look, provision, cluster, changed);
  return hasChanged ? { changed } : {};
}

/** The cluster of a failed provision got ready by itself: with its roles granted, the provision has succeeded after all. */
async function repair(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  cluster: Cluster,
  changed: ProvisionFindings,
): Promise<Found> {
  const amendments = changed.amendments ?? [];
  const outcome = await grantRoles(deps.roleAssignments, provision, cluster, look.signal);
  switch (outcome.kind) {
    case "granted":
      return {
        changed: {
          ...changed,
          status: "SUCCEEDED",
          phase: "COMPLETED",
          failure: null,
          leftovers: [],
          amendments: [...amendments, { kind: "ROLES_GRANTED", message: outcome.note }],
        },
      };
    case "refused":
      return {
        changed: {
          ...changed,
          failure: outcome.failure,
          amendments: [...amendments, { kind: "ROLES_REFUSED", message: outcome.failure.message }],
        },
      };
    case "unknown-identity":
      return {
        delayMs: deps.azureTime.toRealMs(IDENTITY_EVERY_MS),
        ...(amendments.length > 0 ? { changed } : {}),
      };
  }
}

/** Canceled on purpose it stays canceled; roles that Azure refused are a matter of their own. */
function isReadyAfterAll({ status, failure }: Provision, { provisioningState }: Cluster): boolean {
  return status === "FAILED" && failure?.category !== "PERMISSIONS_INCOMPLETE" && provisioningState === "Succeeded";
}

function goOn(
  deps: ProvisionDeps,
  look: ProvisionLook,
  provision: Provision,
  afterwards: Afterwards,
  azureNowMs: number,
  { changed, delayMs }: Found,
): ProvisionMove {
  const checkpoint = { ...look.checkpoint, afterwards };
  const changes = changed && { changes: deps.publisher.publish(provision.id, changed) };
  const isOver = azureNowMs >= afterwards.untilMs;
  const isCostlyLeft = needsAttention(provision) && afterwards.seen !== null;
  if ((isOver && !isCostlyLeft) || !mayBeAnything(look, provision))
    return { kind: "finish", state: jobStateOf(changed?.status ?? provision.status), checkpoint, ...changes };
  const everyMs = isOver ? LOOK_AT_LEFTOVERS_EVERY_MS : LOOK_EVERY_MS;
  const usualMs = deps.azureTime.isByHand() ? LOOK_BY_HAND_EVERY_MS : deps.azureTime.toRealMs(everyMs);
  return { kind: "again", delayMs: delayMs ?? usualMs, checkpoint, ...changes };
}

/** Nothing was ever asked of Azure: there is nothing to watch. */
function mayBeAnything(look: ProvisionLook, provision: Provision): boolean {
  const { asked, submitted } = look.checkpoint;
  return asked || submitted || mayHaveMadeGroup(look, provision);
}

function mayHaveMadeGroup({ checkpoint }: ProvisionLook, { phase, status }: Provision): boolean {
  if (status === "SUCCEEDED") return false;
  return checkpoint.groupIsOurs || checkpoint.groupCreated || phase === "ENSURING_RESOURCE_GROUP";
}

function leftNow(provision: Provision, cluster: Cluster | undefined, isGroupLeft: boolean): readonly Leftover[] {
  if (provision.status === "SUCCEEDED") return [];
  return leftoversOf(provision.cluster, {
    // One that is being deleted is no longer left.
    isClusterLeft: cluster !== undefined && cluster.provisioningState !== "Deleting",
    nodeResourceGroup: cluster?.nodeResourceGroup,
    isGroupOurs: isGroupLeft,
  });
}

function isSame(some: readonly Leftover[], others: readonly Leftover[]): boolean {
  const ids = (leftovers: readonly Leftover[]): string => leftovers.map(({ resourceId }) => resourceId).join();
  return ids(some).toLowerCase() === ids(others).toLowerCase();
}

/** How the job of an ended provision ends. */
export function jobStateOf(status: ProvisionStatus): "SUCCEEDED" | "FAILED" | "CANCELED" {
  return status === "SUCCEEDED" || status === "CANCELED" ? status : "FAILED";
}
