import type { Dice } from "./dice.ts";
import type { CallFate, PortName } from "./simulated-process.ts";

/** What happens by itself now and then, whatever anybody does. */
export type TimedFault =
  | "kill"
  | "kill-all"
  | "restart"
  | "pause"
  | "wipe-queue"
  | "double-queue"
  | "table-outage"
  | "queue-outage"
  | "azure-outage"
  | "delete-cluster"
  | "set-clock";

/**
 * Which faults a run has and how often. Every run has its own few: faults that always come together hide one another.
 */
export interface FaultProfile {
  /** Several processes on a shared queue; else one process with the embedded queue, restarted when it dies. */
  readonly isShared: boolean;
  readonly workers: number;
  /** How much faster than ours Azure's time goes. */
  readonly azureScale: number;
  /** From then on nothing goes wrong any more, and what was begun must end. */
  readonly endsAtMs: number;
  /** Shares of calls, by what becomes of them; the rest go well. */
  readonly calls: Readonly<Record<PortName, readonly (readonly [CallFate["kind"], number])[]>>;
  readonly slowShare: number;
  /** Mean milliseconds between two. */
  readonly everyMs: Readonly<Partial<Record<TimedFault, number>>>;
  /** How far the clocks of two processes may be apart. */
  readonly skewMs: number;
  readonly clusters: number;
  /** A process that asks Azure for this cluster dies of it, each time. */
  readonly hasPoison: boolean;
  /** Shares of creates. */
  readonly outcomes: {
    readonly failedShare: number;
    readonly stuckShare: number;
    readonly forgottenShare: number;
    /** A failed cluster gets ready by itself later. */
    readonly recoveringShare: number;
  };
  /** What a person does beside starting: shares of provisions. */
  readonly people: {
    readonly cancelShare: number;
    readonly doubleShare: number;
    readonly rivalShare: number;
    readonly dismissShare: number;
  };
}

export function drawFaultProfile(dice: Dice): FaultProfile {
  const isShared = dice.chance(0.85);
  const hasPoison = dice.chance(0.08);
  const isCalm = dice.chance(0.3);
  const may = (share: number): boolean => !isCalm && dice.chance(share);
  const has = {
    crashes: dice.chance(0.6) && !hasPoison,
    pauses: isShared && dice.chance(0.4),
    table: may(0.4),
    repeats: dice.chance(0.2),
    queue: isShared && may(0.3),
    azure: dice.chance(0.5),
    slow: may(0.3),
    outages: may(0.15),
    deletions: may(0.15),
    skew: isShared && may(0.2),
  };
  const share = (isOn: boolean, most: number): number => (isOn ? most * (0.2 + 0.8 * dice.random()) : 0);
  const every = (isOn: boolean, low: number, high: number): number | undefined =>
    isOn ? dice.between(low, high) : undefined;
  const die = share(has.crashes, 0.006);
  const pause = share(has.pauses, 0.003);
  const boundary: [CallFate["kind"], number][] = [
    ["die-before", die],
    ["die-after", die],
    ["pause-before", pause],
    ["pause-after", pause],
  ];
  // A database within the process loses no replies.
  const lossy = isShared ? share(has.table, 0.04) : 0;
  const repeated = isShared ? share(has.table || has.repeats, 0.04) : 0;
  const timed = {
    kill: every(has.crashes, 10_000, 60_000),
    "kill-all": every(has.crashes && may(0.2), 40_000, 120_000),
    restart: every(may(0.15), 20_000, 60_000),
    pause: every(has.pauses, 15_000, 60_000),
    "wipe-queue": every(has.queue && may(0.5), 15_000, 60_000),
    "double-queue": every(has.queue, 5_000, 30_000),
    "table-outage": every(has.outages && may(0.5), 30_000, 90_000),
    "queue-outage": every(has.outages && isShared && may(0.5), 30_000, 90_000),
    "azure-outage": every(has.outages && may(0.5), 30_000, 90_000),
    "delete-cluster": every(has.deletions, 20_000, 60_000),
    "set-clock": every(has.skew && may(0.5), 20_000, 60_000),
  };
  return {
    isShared,
    workers: isShared ? dice.between(2, 3) : 1,
    azureScale: dice.chance(0.03) ? 1 : dice.pick([5, 10, 20]),
    endsAtMs: dice.between(40_000, 150_000),
    calls: {
      table: [...boundary, ["refuse", share(has.table, 0.05)], ["lose-reply", lossy], ["repeat", repeated]],
      queue: [
        ...boundary,
        ["refuse", share(has.queue, 0.1)],
        ["lose-reply", share(has.queue, 0.05)],
        ["repeat", share(has.queue, 0.05)],
      ],
      azure: [...boundary, ["refuse", share(has.azure, 0.3)], ["lose-reply", share(has.azure, 0.15)]],
    },
    slowShare: share(has.slow, 0.02),
    everyMs: Object.fromEntries(Object.entries(timed).filter(([, ms]) => ms !== undefined)),
    skewMs: has.skew ? dice.pick([1_000, 5_000, 300_000]) : 0,
    clusters: dice.pick([1, 1, 2, 2, 3]),
    hasPoison,
    outcomes: {
      failedShare: dice.pick([0, 0.2, 0.5]),
      stuckShare: dice.chance(0.03) ? 0.5 : 0,
      forgottenShare: dice.pick([0, 0.3]),
      recoveringShare: dice.pick([0, 0.5]),
    },
    people: {
      cancelShare: dice.pick([0, 0.3, 0.6]),
      doubleShare: dice.pick([0, 0.3]),
      rivalShare: dice.pick([0, 0.3]),
      dismissShare: dice.pick([0, 0.5]),
    },
  };
}

/** The same with one kind of fault in that share of a port's calls. */
export function withCallFault(
  profile: FaultProfile,
  port: PortName,
  kind: CallFate["kind"],
  share: number,
): FaultProfile {
  const others = profile.calls[port].filter(([one]) => one !== kind);
  return { ...profile, calls: { ...profile.calls, [port]: [...others, [kind, share]] } };
}

/** Nothing but deaths and pauses can delay a look, which has a bound that needs no sweep. */
export function isPrompt({ calls, everyMs, slowShare, skewMs, hasPoison }: FaultProfile): boolean {
  const isSound = (port: PortName, kinds: string): boolean =>
    calls[port].every(([kind, share]) => share === 0 || !kinds.includes(kind));
  const isQueueSound = isSound("queue", "refuse lose-reply repeat") && everyMs["wipe-queue"] === undefined;
  const isReached = everyMs["table-outage"] === undefined && everyMs["queue-outage"] === undefined;
  return (
    isQueueSound && isSound("table", "refuse lose-reply") && isReached && slowShare === 0 && skewMs === 0 && !hasPoison
  );
}
