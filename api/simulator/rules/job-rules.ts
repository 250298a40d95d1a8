import { isTerminal, type JobState } from "../../src/jobs/job.ts";
import type { StoredEntity } from "../../src/storage/entity-store.ts";
import type { Commit } from "../memory-tables.ts";
import { EPOCH_MS, WORK_TABLE } from "../world.ts";

/**
 * What must hold of job records at every commit: the fence rises by one with each claim, only the holder of the last claim
 * moves the job, an end stays. State: the driver of each job, which jobs are unfinished, how late each look was.
 */
export interface JobRules {
  onCommit(commit: Commit): void;
  unfinished(): readonly string[];
  /** Name of the process that claimed last; undefined when nobody has. */
  driverOf(partitionKey: string, jobId: string): string | undefined;
  /** Most claims in a row that came to no move: how often its worker may have died of the job. */
  mostClaimsInVain(partitionKey: string, jobId: string): number;
  /** For each look but the first two: milliseconds from when it was due, and the last death or pause was over, to its claim. */
  readonly lateMs: readonly number[];
}

export function createJobRules(deps: {
  readonly violate: (rule: string, detail: string) => void;
  readonly nowMs: () => number;
  /** See `Fleet.calmSinceMs`. */
  readonly calmSinceMs: () => number | undefined;
  /** A look that comes later than this has been forgotten; undefined where faults may delay one as long as they like. */
  readonly mostLateMs: number | undefined;
}): JobRules {
  const { violate, nowMs } = deps;
  const drivers = new Map<string, string>();
  const unfinished = new Set<string>();
  const inVain = new Map<string, { now: number; most: number }>();
  const lateMs: number[] = [];

  function measure(key: string, before: JobFacts): void {
    // What has been woken, or was just begun, may have to wait for the sweep: its process died before it had sent a message.
    if (before.fence <= 1 || before.wakes > 0) return;
    const calmSinceMs = deps.calmSinceMs();
    if (calmSinceMs === undefined) return;
    const dueMs = Math.max(before.wakeAtMs, before.leaseUntilMs ?? 0, calmSinceMs);
    const late = Math.max(0, nowMs() - dueMs);
    lateMs.push(late);
    if (deps.mostLateMs !== undefined && late > deps.mostLateMs)
      violate("a look is never forgotten", `${key} was looked at ${Math.round(late)} ms late`);
  }

  function countClaim(key: string): void {
    const counted = inVain.get(key) ?? { now: 0, most: 0 };
    inVain.set(key, { now: counted.now + 1, most: Math.max(counted.most, counted.now + 1) });
  }

  function check(key: string, writer: string, before: JobFacts, after: JobFacts): void {
    const say = (rule: string, detail: string): void => violate(rule, `${key}, written by ${writer}: ${detail}`);
    if (isTerminal(before.state) && (after.state !== before.state || after.fence !== before.fence))
      say("a job's end stays", `${before.state} is followed by ${after.state}`);
    if (after.fence === before.fence + 1) {
      measure(key, before);
      drivers.set(key, writer);
      countClaim(key);
      return;
    }
    if (after.fence !== before.fence) say("each claim raises the fence by one", `${before.fence} → ${after.fence}`);
    const isMoved =
      before.step !== after.step || before.checkpoint !== after.checkpoint || before.owner !== after.owner;
    if (!isMoved) return;
    if (drivers.get(key) !== writer) say("only the last to claim moves a job", `${drivers.get(key)} has claimed it`);
    const counted = inVain.get(key);
    if (counted) counted.now = 0;
    if (before.owner === undefined) say("a claim makes one move", "it was given back before");
  }

  return {
    onCommit({ table, writer, changes }) {
      if (table !== WORK_TABLE) return;
      for (const { before, after } of changes) {
        const { partitionKey, rowKey } = after ?? before ?? { partitionKey: "", rowKey: "" };
        if (!rowKey.startsWith("job:")) continue;
        const key = `${partitionKey}|${rowKey.slice("job:".length)}`;
        if (!after) {
          violate("no job is lost", `${key} is deleted`);
          continue;
        }
        const facts = factsOf(after);
        if (before) check(key, writer, factsOf(before), facts);
        if (isTerminal(facts.state)) unfinished.delete(key);
        else unfinished.add(key);
      }
    },
    unfinished: () => [...unfinished],
    driverOf: (partitionKey, jobId) => drivers.get(`${partitionKey}|${jobId}`),
    mostClaimsInVain: (partitionKey, jobId) => inVain.get(`${partitionKey}|${jobId}`)?.most ?? 0,
    lateMs,
  };
}

interface JobFacts {
  readonly state: JobState;
  readonly step: string;
  readonly checkpoint: string;
  readonly owner: string | undefined;
  readonly fence: number;
  readonly wakes: number;
  /** By the run's time. */
  readonly wakeAtMs: number;
  readonly leaseUntilMs: number | undefined;
}

function factsOf({ properties }: StoredEntity): JobFacts {
  const timeOf = (name: string): number | undefined => {
    const value = properties[name];
    return value instanceof Date ? value.getTime() - EPOCH_MS : undefined;
  };
  const leaseUntilMs = timeOf("leaseUntil");
  return {
    state: String(properties["state"]) as JobState,
    step: String(properties["step"]),
    checkpoint: String(properties["checkpoint"]),
    owner: leaseUntilMs === undefined ? undefined : String(properties["leaseOwner"]),
    fence: Number(properties["fence"]),
    wakes: Number(properties["wakes"]),
    wakeAtMs: timeOf("wakeAt") ?? 0,
    leaseUntilMs,
  };
}
