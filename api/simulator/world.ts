import type { Dice } from "./dice.ts";
import type { FaultProfile } from "./fault-profile.ts";
import type { MemoryMessages } from "./memory-messages.ts";
import type { MemoryTables } from "./memory-tables.ts";
import type { SimulatedAzure } from "./simulated-azure.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Jobs and the records they keep share this table, as in the product. */
export const WORK_TABLE = "work";
export const EPOCH_MS = Date.parse("2026-01-01T00:00:00Z");

/** What outlives every process of a run. */
export interface World {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly profile: FaultProfile;
  readonly tables: MemoryTables;
  readonly messages: MemoryMessages;
  readonly azure: SimulatedAzure;
  readonly outages: Outages;
  /** Something that must never be has been. */
  violate(rule: string, detail: string): void;
  trace(line: () => string): void;
}

/** Until when nobody reaches a service. */
export type Outages = Record<"table" | "queue" | "azure", number>;

export function areFaultsOver({ time, profile }: World): boolean {
  return time.nowMs() >= profile.endsAtMs;
}
