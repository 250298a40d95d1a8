import { clusterKey, type ClusterRef } from "../../src/clusters/cluster.ts";
import { PROVISION_TAG } from "../../src/clusters/provisioning/cluster-spec.ts";
import { clusterPartition, type Provision } from "../../src/clusters/provisioning/provision.ts";
import type { FaultProfile } from "../fault-profile.ts";
import type { ClusterTruth, CreatePlan, SimulatedAzure } from "../simulated-azure.ts";
import type { SimulatedProcess } from "../simulated-process.ts";
import type { JobRules } from "./job-rules.ts";
import type { ProvisionRules } from "./provision-rules.ts";

type Violate = (rule: string, detail: string) => void;

/** A worker that somebody has followed must not ask Azure for anything any more. Its clocks have to agree for that. */
export function createOvertakenRule(deps: {
  readonly violate: Violate;
  readonly jobs: JobRules;
  readonly provisions: ProvisionRules;
}): (process: SimulatedProcess, what: string, cluster: ClusterRef | undefined) => void {
  return (process, what, cluster) => {
    if (!cluster) return;
    const partitionKey = clusterPartition(cluster);
    const live = deps.provisions
      .all()
      .find((one) => clusterKey(one.cluster) === clusterKey(cluster) && one.finishedAt === undefined);
    const driver = live && deps.jobs.driverOf(partitionKey, live.id.split(".")[1] ?? "");
    if (driver !== undefined && driver !== process.name)
      deps.violate("the overtaken ask Azure for nothing", `${process.name}: ${what}, which ${driver} drives`);
  };
}

/** Each provision makes one cluster at most: none a second time, but in the place of one that somebody deleted. */
export function checkCreates(azure: SimulatedAzure, violate: Violate): void {
  const made = new Map<string, ClusterTruth>();
  for (const truth of azure.clusters) {
    const id = truth.spec.tags[PROVISION_TAG] ?? "nobody";
    if (truth.creates > 1) violate("one create a provision", `${truth.ref.name} was asked for ${truth.creates} times`);
    const before = made.get(id);
    if (before && before.deletedAtMs === undefined) violate("one create a provision", `${id} has made two clusters`);
    made.set(id, truth);
  }
}

/** What a provision says of its end, at the moment it says it, is what has happened at Azure. */
export function checkVerdict(deps: {
  readonly provision: Provision;
  readonly azure: SimulatedAzure;
  readonly nowMs: number;
  readonly profile: FaultProfile;
  readonly violate: Violate;
}): void {
  const { provision, azure, nowMs, profile } = deps;
  const { id, cluster, status, failure, canceledBy } = provision;
  const say = (detail: string): void => deps.violate("no false verdict", `${cluster.name} ${id}: ${detail}`);
  const isOwn = ({ spec }: ClusterTruth): boolean => spec.tags[PROVISION_TAG] === id;
  const hasBeen = (what: (truth: ClusterTruth) => boolean): boolean =>
    azure.clusters.some((one) => isOwn(one) && what(one));
  const isAborted = ({ abortedAtMs }: ClusterTruth): boolean => abortedAtMs !== undefined;
  const hasEnded =
    (end: CreatePlan["end"]) =>
    (truth: ClusterTruth): boolean =>
      truth.plan.end === end && !isAborted(truth) && nowMs >= truth.createdAtMs + truth.plan.takesMs;
  if (status === "SUCCEEDED") {
    if (
      !hasBeen(
        (one) => hasEnded("Succeeded")(one) || (hasEnded("Failed")(one) && one.plan.recoversAfterMs !== undefined),
      )
    )
      say("SUCCEEDED, but Azure has made no such cluster");
    if (provision.registryArmId !== undefined && azure.assignments.size === 0) say("SUCCEEDED without its role");
    return;
  }
  if (status === "CANCELED") {
    if (canceledBy === undefined && !hasBeen(isAborted)) say("CANCELED, but nobody has asked for that");
    return;
  }
  const explained: Readonly<Record<string, () => boolean>> = {
    DELETED_OUTSIDE: () => hasBeen(({ deletedAtMs }) => deletedAtMs !== undefined),
    NODES_NOT_READY: () => hasBeen(hasEnded("Failed")),
    // Azure gives no cause.
    UNKNOWN: () => hasBeen(hasEnded("Failed")),
    TIMED_OUT: () => hasBeen(({ plan }) => plan.end === "never"),
    CLUSTER_EXISTS: () => azure.clusters.some((one) => clusterKey(one.ref) === clusterKey(cluster) && !isOwn(one)),
    // Azure has refused for longer than is waited for.
    AZURE_UNAVAILABLE: () => mayRefuseLong(profile),
    THROTTLED: () => mayRefuseLong(profile),
    // Told by the rules on deaths.
    SLIPWAY_ERROR: () => failure?.code === "JobPoisoned",
  };
  const category = failure?.category ?? "no cause";
  if (!(explained[category]?.() ?? false)) say(`FAILED as ${category} (${failure?.code}), which is not what happened`);
}

/** By an outage, or by bad luck where every third request is refused. */
function mayRefuseLong({ calls, everyMs }: FaultProfile): boolean {
  return everyMs["azure-outage"] !== undefined || calls.azure.some(([kind, share]) => kind === "refuse" && share > 0.1);
}
