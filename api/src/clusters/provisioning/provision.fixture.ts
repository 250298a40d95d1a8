import type { NodePool } from "../cluster.ts";
import type { Provision } from "./provision.ts";

export const CREATED_AT_MS = Date.parse("2026-01-01T00:00:00Z");

/** A provision that has just been asked for. */
export function newProvision(changes: Partial<Provision> = {}): Provision {
  const at = new Date(CREATED_AT_MS).toISOString();
  return {
    id: `${"0".repeat(24)}.00000000-0000-7000-8000-000000000000`,
    cluster: { subscriptionId: "s", resourceGroup: "rg", name: "one" },
    location: "westeurope",
    nodePoolSpecs: [],
    tags: {},
    startedBy: "somebody",
    createdAt: at,
    status: "PENDING",
    phase: "CREATING_CLUSTER",
    sequence: 1,
    timelineSequence: 1,
    percent: 0,
    observedAt: at,
    changedAt: at,
    nodePools: [],
    leftovers: [],
    ...changes,
  };
}

export function nodePool(name: string, provisioningState: string, changes: Partial<NodePool> = {}): NodePool {
  return {
    name,
    mode: "SYSTEM",
    vmSize: "Standard_D2s_v3",
    count: 1,
    provisioningState,
    powerState: "Running",
    ...changes,
  };
}
