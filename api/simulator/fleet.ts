import type { ChangeHints } from "../src/events/change-hints.ts";
import type { AzurePortsDeps } from "./azure-ports.ts";
import { createCallDecider } from "./decide-call.ts";
import type { Mutation } from "./mutation.ts";
import { refused } from "./simulated-azure.ts";
import { createSimulatedProcess, type SimulatedProcess } from "./simulated-process.ts";
import { startWorker, type Worker } from "./worker.ts";
import { areFaultsOver, EPOCH_MS, type World } from "./world.ts";

/** All processes of a run. State: one place a worker; whoever dies there is followed by a new process after a while. */
export interface Fleet {
  /** Those that can answer now. */
  running(): readonly Worker[];
  killOne(): void;
  killAll(): void;
  pauseOne(forMs: number): void;
  /** As a rolling upgrade does: a process drains, ends and is followed by another. */
  restartOne(): void;
  setClock(): void;
  /** Everybody goes on, with the right time. */
  heal(): void;
  /** Since when somebody has been there to work and nobody has died or paused; undefined while nobody is there. */
  calmSinceMs(): number | undefined;
  deaths(): number;
}

export function startFleet(deps: {
  readonly world: World;
  readonly hints: ChangeHints;
  readonly onAzureWrite: AzurePortsDeps["onWrite"];
  readonly mutation: Mutation | undefined;
}): Fleet {
  const { world } = deps;
  const { dice, time, profile, trace } = world;
  const decide = createCallDecider(world);
  const places: Place[] = Array.from({ length: profile.workers }, (_, at) => ({
    name: `worker-${at + 1}`,
    lives: 0,
    skewMs: dice.between(-profile.skewMs / 2, profile.skewMs / 2),
    worker: undefined,
    isDraining: false,
  }));
  const staleShown = new Set<string>();
  let deaths = 0;
  let calmSinceMs: number | undefined = 0;

  const running = (): Place[] => places.filter(({ worker }) => worker?.process.isRunning() === true);

  function boot(place: Place): void {
    place.lives++;
    place.isDraining = false;
    const process = createSimulatedProcess(`${place.name}.${place.lives}`, {
      time,
      epochMs: () => EPOCH_MS + place.skewMs,
      decide,
      arrivesAfterDeath: () => profile.isShared && dice.chance(0.5),
      trace,
      onChange: (changed) => onChange(place, changed),
    });
    trace(() => `${process.name} starts`);
    place.worker = startWorker({
      world,
      process,
      hints: deps.hints,
      azure: { onWrite: deps.onAzureWrite, chooseRefusal, isShown },
      mutation: deps.mutation,
    });
    noteAttendance();
  }

  function onChange(place: Place, process: SimulatedProcess): void {
    if (process.isRunning()) noteAttendance();
    else calmSinceMs = running().length > 0 ? time.nowMs() : undefined;
    if (!process.isDead()) return;
    deaths++;
    time.at(areFaultsOver(world) ? 1_000 : dice.between(500, 15_000), () => boot(place));
  }

  function noteAttendance(): void {
    calmSinceMs ??= time.nowMs();
  }

  function chooseRefusal() {
    const throws = dice.random();
    if (throws < 0.4) return refused("transient", 429, "TooManyRequests", dice.between(1, 20) * 1_000);
    return throws < 0.8
      ? refused("transient", 503, "ServiceUnavailable")
      : refused("transient", undefined, "ECONNREFUSED");
  }

  /** One replica that lags, never two looks in a row. */
  function isShown({ name }: { readonly name: string }): boolean {
    const isStale =
      !areFaultsOver(world) && !staleShown.has(name) && profile.calls.azure.some(([, share]) => share > 0.05);
    if (isStale && dice.chance(0.05)) {
      staleShown.add(name);
      return false;
    }
    staleShown.delete(name);
    return true;
  }

  const oneOf = (among: readonly Place[]): Place | undefined => (among.length > 0 ? dice.pick(among) : undefined);

  for (const place of places) boot(place);
  return {
    running: () => running().flatMap(({ worker }) => (worker ? [worker] : [])),
    killOne: () => oneOf(places)?.worker?.process.kill(),
    killAll: () => places.forEach(({ worker }) => worker?.process.kill()),
    pauseOne: (forMs) => oneOf(running())?.worker?.process.pause(forMs),
    restartOne() {
      const place = oneOf(running().filter(({ isDraining }) => !isDraining));
      const worker = place?.worker;
      if (!place || !worker) return;
      place.isDraining = true;
      trace(() => `${worker.process.name} drains`);
      const limit = time.sleep(10_000);
      void Promise.race([worker.stop(), limit]).then(() => worker.process.kill());
    },
    setClock() {
      const place = dice.pick(places);
      place.skewMs = dice.between(-profile.skewMs / 2, profile.skewMs / 2);
      trace(() => `the clock of ${place.name} is set to be wrong by ${place.skewMs} ms`);
    },
    heal() {
      for (const place of places) {
        place.skewMs = 0;
        place.worker?.process.resume();
      }
    },
    calmSinceMs: () => calmSinceMs,
    deaths: () => deaths,
  };
}

interface Place {
  readonly name: string;
  lives: number;
  skewMs: number;
  worker: Worker | undefined;
  isDraining: boolean;
}
