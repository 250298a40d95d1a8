import type { CallFate, PortCall, SimulatedProcess } from "./simulated-process.ts";
import { areFaultsOver, type World } from "./world.ts";

/** The name of the cluster that ends every process which asks Azure for it. */
export const POISON = "poison";

/** What becomes of each call, by the profile of the run. */
export function createCallDecider(world: World): (process: SimulatedProcess, call: PortCall<unknown>) => CallFate {
  const { dice, profile, outages, time } = world;

  function kindOf(call: PortCall<unknown>): CallFate["kind"] {
    if (call.what === `PUT cluster ${POISON}`) return "die-before";
    if (areFaultsOver(world)) return "ok";
    if (outages[call.port] > time.nowMs()) return "refuse";
    let left = dice.random();
    for (const [kind, share] of profile.calls[call.port]) {
      left -= share;
      if (left < 0) return call.isWrite || kind !== "repeat" ? kind : "ok";
    }
    return "ok";
  }

  return (_process, call) => {
    const isSlow = !areFaultsOver(world) && dice.chance(profile.slowShare);
    const usualMs = call.port === "azure" ? 120 : 8;
    const slowMs = call.port === "azure" ? 30_000 : 4_000;
    const travelMs = (): number => dice.between(1, isSlow ? slowMs : usualMs);
    return {
      kind: kindOf(call),
      requestMs: travelMs(),
      replyMs: travelMs(),
      pauseMs: dice.chance(0.6) ? dice.between(16_000, 80_000) : dice.between(500, 16_000),
    };
  };
}
