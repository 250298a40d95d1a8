import type { TimedFault } from "./fault-profile.ts";
import type { Fleet } from "./fleet.ts";
import { areFaultsOver, type World } from "./world.ts";

/** Plans the faults that come by themselves, each again and again at about its pace until faults are over. */
export function planTimedFaults(world: World, fleet: Fleet): void {
  const { time, dice, profile, outages, messages, azure, trace } = world;
  const cutOff = (port: keyof typeof outages): void => {
    const forMs = dice.between(2_000, 40_000);
    outages[port] = Math.min(time.nowMs() + forMs, profile.endsAtMs);
    trace(() => `nobody reaches the ${port} for ${forMs} ms`);
  };
  const strikes: Readonly<Record<TimedFault, () => void>> = {
    kill: fleet.killOne,
    "kill-all": fleet.killAll,
    restart: fleet.restartOne,
    pause: () => fleet.pauseOne(dice.chance(0.6) ? dice.between(16_000, 80_000) : dice.between(500, 16_000)),
    "wipe-queue"() {
      trace(() => "the queue is wiped");
      messages.wipe();
    },
    "double-queue"() {
      trace(() => "every message is doubled");
      messages.double();
    },
    "table-outage": () => cutOff("table"),
    "queue-outage": () => cutOff("queue"),
    "azure-outage": () => cutOff("azure"),
    "delete-cluster"() {
      const there = azure.clusters.filter(({ deletedAtMs }) => deletedAtMs === undefined);
      if (there.length === 0) return;
      const { ref } = dice.pick(there);
      trace(() => `somebody deletes the cluster ${ref.name}`);
      azure.deleteOutside(ref);
    },
    "set-clock": fleet.setClock,
  };
  for (const [fault, everyMs] of Object.entries(profile.everyMs) as [TimedFault, number][]) {
    const planNext = (): void => {
      time.at(dice.between(everyMs / 4, everyMs * 1.75), () => {
        if (areFaultsOver(world)) return;
        strikes[fault]();
        planNext();
      });
    };
    planNext();
  }
  time.at(profile.endsAtMs, () => {
    trace(() => "faults are over");
    fleet.heal();
  });
}
