import { PROVISIONS_TOPIC } from "../src/clusters/provisioning/provision-publisher.ts";
import { isTerminalProvision, tryParseProvisionId, type Provision } from "../src/clusters/provisioning/provision.ts";
import type { ChangeHints } from "../src/events/change-hints.ts";
import { createDice, type Dice } from "./dice.ts";
import { drawFaultProfile, isPrompt, type FaultProfile } from "./fault-profile.ts";
import { startFleet, type Fleet } from "./fleet.ts";
import { createMemoryMessages } from "./memory-messages.ts";
import { createMemoryTables, type MemoryTables } from "./memory-tables.ts";
import type { Mutation } from "./mutation.ts";
import { sendPeople } from "./people.ts";
import { checkVerdict, createOvertakenRule } from "./rules/azure-rules.ts";
import { checkEnds } from "./rules/end-rules.ts";
import { createJobRules } from "./rules/job-rules.ts";
import { createProvisionRules } from "./rules/provision-rules.ts";
import { createSimulatedAzure, type CreatePlan } from "./simulated-azure.ts";
import { planTimedFaults } from "./timed-faults.ts";
import { createNamer } from "./trace-names.ts";
import { createVirtualTime } from "./virtual-time.ts";
import { WORK_TABLE, type World } from "./world.ts";

export interface Violation {
  readonly rule: string;
  readonly detail: string;
  readonly atMs: number;
}

export interface SeedReport {
  readonly seed: number;
  /** Empty when all was well. A run ends soon after the first. */
  readonly violations: readonly Violation[];
  readonly virtualMs: number;
  readonly deaths: number;
  /** How each provision ended. */
  readonly ends: readonly string[];
  /** See `JobRules.lateMs`; only of runs in which nothing but deaths and pauses can delay a look. */
  readonly lateMs: readonly number[];
}

/** Azure's time for everything that has to end by itself, and our own for what is worked off after the faults. */
const LONGEST_AZURE_MS = 110 * 60_000;
const LONGEST_REAL_MS = 20 * 60_000;
const LOOK_AROUND_EVERY_MS = 1_000;
/** How long a message may stay hidden after its holder's last word, the wait for the next question, and the calls themselves. */
const MOST_LATE_MS = 15_000 + 1_000 + 1_500;
/** Clocks further apart than this let one worker follow another that still believes in its lease. */
const SAME_TIME_MS = 1_500;
/** The rest ends with its provisions: what is watched afterwards takes as long again. */
const WHOLE_RUNS = 0.3;

/** One run of the product's job code on virtual time: everything that happens in it follows from the seed. */
export async function runSeed(
  seed: number,
  options: { readonly mutation?: Mutation; readonly onTrace?: (line: string) => void } = {},
): Promise<SeedReport> {
  const { mutation, onTrace } = options;
  const time = createVirtualTime();
  const dice = createDice(seed);
  const drawn = drawFaultProfile(dice);
  const profile = mutation?.profile?.(drawn) ?? drawn;
  const violations: Violation[] = [];
  const named = createNamer();
  const trace = (line: () => string): void =>
    onTrace?.(`${(time.nowMs() / 1000).toFixed(3).padStart(9)} ${named(line())}`);
  const violate = (rule: string, detail: string): void => {
    violations.push({ rule, detail: named(detail), atMs: time.nowMs() });
    trace(() => `VIOLATION ${rule}: ${detail}`);
  };

  let fleet: Fleet | undefined;
  const jobs = createJobRules({
    violate,
    nowMs: time.nowMs,
    calmSinceMs: () => fleet?.calmSinceMs(),
    mostLateMs: isPrompt(profile) ? MOST_LATE_MS : undefined,
  });
  const provisions = createProvisionRules(violate, (provision) =>
    checkVerdict({ provision, azure, nowMs: time.nowMs(), profile, violate }),
  );
  const tables = createMemoryTables((commit) => {
    jobs.onCommit(commit);
    provisions.onCommit(commit);
  });
  const azure = createSimulatedAzure({
    time,
    planCreate: () => planCreate(dice, profile),
    groupLagMs: () => dice.between(0, 15_000 / profile.azureScale),
    passingMs: 20_000 / profile.azureScale,
  });
  const messages = createMemoryMessages(time.nowMs);
  const outages = { table: 0, queue: 0, azure: 0 };
  const world: World = { time, dice, profile, tables, messages, azure, outages, violate, trace };

  const onAzureWrite = createOvertakenRule({ violate, jobs, provisions });
  fleet = startFleet({
    world,
    hints: hintsBehind(tables, violate),
    onAzureWrite: profile.skewMs <= SAME_TIME_MS ? onAzureWrite : () => undefined,
    mutation,
  });
  planTimedFaults(world, fleet);
  const promises = sendPeople(world, fleet, provisions);

  const isWhole = dice.chance(WHOLE_RUNS);
  const hasEnded = (): boolean =>
    isWhole ? jobs.unfinished().length === 0 : provisions.all().every(({ status }) => isTerminalProvision(status));
  let isOver = false;
  const lookAround = (): void => {
    isOver = violations.length > 0 || (promises.areAllDone() && hasEnded());
    if (!isOver) time.at(LOOK_AROUND_EVERY_MS, lookAround, { isSilent: true });
  };
  lookAround();
  const limitMs = profile.endsAtMs + LONGEST_REAL_MS + LONGEST_AZURE_MS / profile.azureScale;
  const isInTime = await time.run(() => isOver, limitMs);

  if (!isInTime) for (const unfinished of jobs.unfinished()) violate("every job ends", unfinished);
  if (violations.length === 0) checkEnds({ profile, provisions, promises, jobs, azure, violate });
  return {
    seed,
    violations,
    virtualMs: time.nowMs(),
    deaths: fleet.deaths(),
    ends: provisions.all().map(({ status, failure }) => (failure ? `${status} ${failure.category}` : status)),
    lateMs: isPrompt(profile) ? jobs.lateMs : [],
  };
}

function planCreate(dice: Dice, { outcomes, azureScale }: FaultProfile): CreatePlan {
  const { failedShare, stuckShare, forgottenShare, recoveringShare } = outcomes;
  const end = dice.chance(stuckShare) ? "never" : dice.chance(failedShare) ? "Failed" : "Succeeded";
  const recovers = end === "Failed" && dice.chance(recoveringShare);
  return {
    takesMs: dice.between(20_000, 150_000) / azureScale,
    end,
    recoversAfterMs: recovers ? dice.between(0, 300_000) / azureScale : undefined,
    isForgotten: dice.chance(forgottenShare),
    identityLagMs: dice.between(0, 30_000) / azureScale,
  };
}

/** Hears what the product tells the world, and that it is stored by then. */
function hintsBehind(tables: MemoryTables, violate: (rule: string, detail: string) => void): ChangeHints {
  return {
    publish(topic, { sequence, state }) {
      if (topic !== PROVISIONS_TOPIC) return;
      const { id } = state as Provision;
      const key = tryParseProvisionId(id);
      const entity = key && tables.get(WORK_TABLE, { ...key, rowKey: `provision:${key.attempt}` });
      const stored = Number(entity?.properties["sequence"] ?? 0);
      if (stored < sequence)
        violate("nobody is told before it is stored", `${id}: ${sequence} is told, ${stored} is stored`);
    },
    subscribe: () => () => undefined,
  };
}
