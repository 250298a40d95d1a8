import type { NodePool } from "../cluster.ts";
import type { Failure } from "../failures/failure.ts";
import type { NodePoolErrors } from "./node-pool-errors.ts";
import { percentAt } from "./provision-percent.ts";
import { stepOf, type ProvisionPhase } from "./provision-steps.ts";
import {
  isTerminalProvision,
  type Amendment,
  type AmendmentKind,
  type ArmRequest,
  type Leftover,
  type NodePoolProgress,
  type Provision,
  type ProvisionRetry,
  type ProvisionStatus,
  type TimelineEntry,
  type UsualDuration,
} from "./provision.ts";

/** They are all in the timeline as well; this bounds the record of a cluster that is changed all the time. */
const MOST_AMENDMENTS = 50;

/** What one look has found out. Everything left out stays as it was. */
export interface ProvisionFindings {
  readonly status?: ProvisionStatus;
  readonly phase?: ProvisionPhase;
  /** Share of the phase that is done, 0 to 1. */
  readonly within?: number;
  /** Sub-message; null takes the last one away. */
  readonly message?: string | null;
  /** Trouble that is being waited out; left out, there is none any more. */
  readonly retry?: ProvisionRetry;
  readonly clusterState?: string;
  readonly portalUrl?: string;
  readonly nodePools?: readonly NodePool[];
  /** Error of a pool, by its name in lower case. */
  readonly nodePoolErrors?: NodePoolErrors;
  readonly armRequest?: ArmRequest;
  readonly armStarted?: boolean;
  readonly armFinished?: boolean;
  readonly usual?: UsualDuration;
  /** Null takes the one before away. */
  readonly failure?: Failure | null;
  readonly leftovers?: readonly Leftover[];
  readonly nodeResourceGroup?: string;
  readonly canceledBy?: string;
  /** What became of the cluster after the provision had ended; each is a timeline entry as well. */
  readonly amendments?: readonly { readonly kind: AmendmentKind; readonly message: string }[];
  /** Null: it is under way no more. */
  readonly grantingBy?: string | null;
  readonly retriedBy?: string;
  readonly dismissedBy?: string;
  readonly isMoot?: boolean;
  /** Further timeline entries, beside those that follow from the facts. */
  readonly notes?: readonly string[];
}

/**
 * The next record and the timeline entries that come with it. Pure, so that it can be computed again on a newer record.
 * Keeps the promises of the progress stream: sequence + 1, phase and percent never fall, pools and portal link never vanish,
 * and what is being canceled ends as CANCELED, whatever a look that did not know of it yet has come to.
 */
export function applyFindings(
  before: Provision,
  findings: ProvisionFindings,
  nowMs: number,
): { readonly provision: Provision; readonly entries: readonly TimelineEntry[] } {
  const now = new Date(nowMs).toISOString();
  const status = nextStatus(before.status, findings.status);
  const phase = status === "CANCELING" ? before.phase : laterPhase(before.phase, findings.phase ?? before.phase);
  const nodePools = findings.nodePools ? mergePools(before.nodePools, findings) : before.nodePools;
  const clusterState = findings.clusterState ?? before.clusterState;
  // What was found belongs to the step that found it; the label announces the next one.
  const found = [
    ...describeState(before, clusterState),
    ...describePools(before, nodePools),
    ...(findings.notes ?? []),
    ...(findings.amendments ?? []).map(({ message: text }) => text),
  ];
  const happened = [
    ...found.map((text) => ({ text, phase: before.phase })),
    ...describePhase(before, phase, status).map((text) => ({ text, phase })),
  ];
  const { message: messageBefore, retry: _over, failure: failureBefore, grantingBy: grantingBefore, ...rest } = before;
  const failure = findings.failure === null ? undefined : (findings.failure ?? failureBefore);
  const grantingBy = findings.grantingBy === null ? undefined : (findings.grantingBy ?? grantingBefore);
  const amended = (findings.amendments ?? []).map((one): Amendment => ({ at: now, ...one }));
  const message =
    findings.message === null ? undefined : (findings.message ?? (phase === before.phase ? messageBefore : undefined));
  const computed = status === "SUCCEEDED" ? 100 : percentAt(phase, status === "CANCELING" ? 0 : (findings.within ?? 0));
  const entries = happened.map((one, index): TimelineEntry => ({
    sequence: before.timelineSequence + 1 + index,
    at: now,
    phase: one.phase,
    message: one.text,
    ...(clusterState === undefined ? {} : { clusterState }),
  }));
  const provision: Provision = {
    ...rest,
    status,
    phase,
    nodePools,
    sequence: before.sequence + 1,
    timelineSequence: before.timelineSequence + entries.length,
    percent: Math.max(before.percent, computed),
    observedAt: now,
    changedAt: entries.length > 0 ? now : before.changedAt,
    ...(message === undefined ? {} : { message }),
    ...(findings.retry === undefined ? {} : { retry: findings.retry }),
    ...(clusterState === undefined ? {} : { clusterState }),
    ...(findings.portalUrl === undefined ? {} : { portalUrl: findings.portalUrl }),
    ...(findings.armRequest === undefined ? {} : { armRequest: findings.armRequest }),
    ...(findings.armStarted && !before.armStartedAt ? { armStartedAt: now } : {}),
    ...(findings.armFinished && !before.armFinishedAt ? { armFinishedAt: now } : {}),
    ...(findings.usual === undefined ? {} : { usual: findings.usual }),
    ...(failure === undefined ? {} : { failure }),
    ...(findings.leftovers === undefined ? {} : { leftovers: findings.leftovers }),
    ...(findings.nodeResourceGroup === undefined ? {} : { nodeResourceGroup: findings.nodeResourceGroup }),
    ...(findings.canceledBy === undefined ? {} : { canceledBy: before.canceledBy ?? findings.canceledBy }),
    ...(amended.length > 0 ? { amendments: [...(before.amendments ?? []), ...amended].slice(-MOST_AMENDMENTS) } : {}),
    ...(grantingBy === undefined ? {} : { grantingBy }),
    ...(findings.retriedBy === undefined ? {} : { retriedBy: findings.retriedBy }),
    ...(findings.dismissedBy === undefined ? {} : { dismissedAt: now, dismissedBy: findings.dismissedBy }),
    ...(findings.isMoot ? { mootAt: before.mootAt ?? now } : {}),
    ...(isTerminalProvision(status) ? { finishedAt: before.finishedAt ?? now } : {}),
  };
  return { provision, entries };
}

function nextStatus(before: ProvisionStatus, found: ProvisionStatus | undefined): ProvisionStatus {
  if (before === "CANCELING") return found === "CANCELED" ? "CANCELED" : "CANCELING";
  // An end is amended by another end, never undone.
  if (found === undefined || (isTerminalProvision(before) && !isTerminalProvision(found))) return before;
  return found;
}

function laterPhase(before: ProvisionPhase, found: ProvisionPhase): ProvisionPhase {
  return stepOf(found).number > stepOf(before).number ? found : before;
}

function mergePools(before: readonly NodePoolProgress[], findings: ProvisionFindings): readonly NodePoolProgress[] {
  const found = findings.nodePools ?? [];
  const foundNames = new Set(found.map((pool) => pool.name.toLowerCase()));
  const now = found.map((pool): NodePoolProgress => {
    const told =
      findings.nodePoolErrors?.get(pool.name.toLowerCase()) ?? before.find((one) => one.name === pool.name)?.error;
    // One that has succeeded after all has no error any more; the timeline keeps what was said of it.
    const error = pool.provisioningState === "Succeeded" ? undefined : told;
    const { name, mode, vmSize, count, provisioningState } = pool;
    return { name, mode, vmSize, count, provisioningState, ...(error === undefined ? {} : { error }) };
  });
  return [...now, ...before.filter((pool) => !foundNames.has(pool.name.toLowerCase()))];
}

function describePhase(before: Provision, phase: ProvisionPhase, status: ProvisionStatus): string[] {
  const isFirstLook = before.status === "PENDING" && status === "RUNNING";
  return phase !== before.phase || isFirstLook ? [stepOf(phase).label] : [];
}

function describeState(before: Provision, clusterState: string | undefined): string[] {
  return clusterState === undefined || clusterState === before.clusterState ? [] : [`AKS state: ${clusterState}`];
}

function describePools(before: Provision, nodePools: readonly NodePoolProgress[]): string[] {
  return nodePools.flatMap((pool) => {
    const known = before.nodePools.find((one) => one.name === pool.name);
    if (known?.provisioningState === pool.provisioningState && known.error?.message === pool.error?.message) return [];
    const nodes = pool.count === 1 ? "1 node" : `${pool.count} nodes`;
    return [`${pool.name}: ${pool.provisioningState}, ${nodes}${pool.error ? `: ${pool.error.message}` : ""}`];
  });
}
