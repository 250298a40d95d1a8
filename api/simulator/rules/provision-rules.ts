import { stepOf } from "../../src/clusters/provisioning/provision-steps.ts";
import { isTerminalProvision, type Provision } from "../../src/clusters/provisioning/provision.ts";
import type { StoredEntity } from "../../src/storage/entity-store.ts";
import type { Commit } from "../memory-tables.ts";
import { WORK_TABLE } from "../world.ts";

/**
 * What must hold of provisions at every commit: numbered without a gap, never going back, an end that stays, one live attempt
 * a cluster. State: the newest of each, and who is live where.
 */
export interface ProvisionRules {
  onCommit(commit: Commit): void;
  all(): readonly Provision[];
  read(id: string): Provision | undefined;
}

export function createProvisionRules(
  violate: (rule: string, detail: string) => void,
  /** Told of each end, when it is stored. */
  onEnd: (provision: Provision) => void,
): ProvisionRules {
  const provisions = new Map<string, Provision>();
  const live = new Map<string, Set<string>>();

  function check(before: Provision | undefined, after: Provision, entries: number): void {
    const { id, cluster } = after;
    const say = (rule: string, detail: string): void => violate(rule, `${cluster.name} ${id}: ${detail}`);
    if (!before) {
      if (after.sequence !== 1) say("sequences have no gap", `begins with ${after.sequence}`);
      return;
    }
    if (after.sequence !== before.sequence + 1)
      say("sequences have no gap", `${before.sequence} is followed by ${after.sequence}`);
    if (after.timelineSequence !== before.timelineSequence + entries)
      say(
        "the timeline has no gap",
        `${before.timelineSequence} + ${entries} entries is not ${after.timelineSequence}`,
      );
    if (stepOf(after.phase).number < stepOf(before.phase).number)
      say("progress never goes back", `${before.phase} is followed by ${after.phase}`);
    if (after.percent < before.percent)
      say("progress never goes back", `${before.percent} % is followed by ${after.percent} %`);
    if (!mayFollow(before, after)) say("an end stays", `${before.status} is followed by ${after.status}`);
  }

  function noteLive(partition: string, { id, status, cluster }: Provision): void {
    const here = live.get(partition) ?? new Set();
    live.set(partition, here);
    if (isTerminalProvision(status)) here.delete(id);
    else here.add(id);
    if (here.size > 1) violate("one live provision a cluster", `${cluster.name} has ${[...here].join(" and ")}`);
  }

  return {
    onCommit({ table, changes }) {
      if (table !== WORK_TABLE) return;
      const timeline = changes.filter(({ after, before }) => (after ?? before)?.rowKey.startsWith("timeline:"));
      for (const { before, after } of timeline)
        if (before || !after) violate("the timeline is only added to", String((before ?? after)?.rowKey));
      // A start and its end in one commit would count as two at once.
      const changed = changes
        .filter(({ after, before }) => (after ?? before)?.rowKey.startsWith("provision:"))
        .map(({ before, after }) => ({
          before: parse(before),
          after: parse(after),
          partition: after?.partitionKey ?? "",
        }))
        .sort((one, other) => Number(isLive(one.after)) - Number(isLive(other.after)));
      for (const { before, after, partition } of changed) {
        if (!after) {
          violate("no provision is lost", `${String(before?.id)} is deleted`);
          continue;
        }
        const attempt = after.id.split(".")[1] ?? "";
        const entries = timeline.filter((one) => one.after?.rowKey.startsWith(`timeline:${attempt}:`)).length;
        check(before, after, entries);
        provisions.set(after.id, after);
        if (isTerminalProvision(after.status) && before?.status !== after.status) onEnd(after);
        noteLive(partition, after);
      }
    },
    all: () => [...provisions.values()],
    read: (id) => provisions.get(id),
  };
}

function mayFollow(before: Provision, after: Provision): boolean {
  if (before.status === after.status) return true;
  if (after.status === "PENDING") return false;
  if (before.status === "CANCELING") return after.status === "CANCELED";
  // The one verdict that is amended: the cluster of a failed attempt got ready by itself, or its roles were granted later.
  if (isTerminalProvision(before.status))
    return before.status === "FAILED" && after.status === "SUCCEEDED" && hasRolesGranted(after);
  return true;
}

function hasRolesGranted({ amendments }: Provision): boolean {
  return amendments?.some(({ kind }) => kind === "ROLES_GRANTED") === true;
}

function isLive(provision: Provision | undefined): boolean {
  return provision !== undefined && !isTerminalProvision(provision.status);
}

function parse(entity: StoredEntity | undefined): Provision | undefined {
  return entity && (JSON.parse(String(entity.properties["record"])) as Provision);
}
