import { expect, test } from "vitest";
import type { Cluster } from "../cluster.ts";
import type { OperationTarget } from "./cluster-operation.ts";
import { pool, standingCluster } from "./operation.fixture.ts";
import { standingOf } from "./standing.ts";

const system = pool("system", { mode: "SYSTEM" });
const withApps = (changes: Parameters<typeof pool>[1]): Partial<Cluster> => ({
  nodePools: [system, pool("apps", changes)],
});
const STOPPED: Partial<Cluster> = { powerState: "Stopped" };
const START: OperationTarget = { kind: "START" };
const STOP: OperationTarget = { kind: "STOP" };
const SCALE: OperationTarget = { kind: "SCALE", poolName: "apps", count: 3 };
const ADD: OperationTarget = {
  kind: "ADD_NODE_POOL",
  pool: { name: "apps", mode: "USER", vmSize: "standard_d2s_V3", count: 2 },
};
const ADD_OTHER: OperationTarget = {
  ...ADD,
  pool: { name: "more", mode: "USER", vmSize: "Standard_D2s_v3", count: 2 },
};
const REMOVE: OperationTarget = { kind: "REMOVE_NODE_POOL", poolName: "apps" };
const REMOVE_SYSTEM: OperationTarget = { kind: "REMOVE_NODE_POOL", poolName: "system" };
const DELETE: OperationTarget = { kind: "DELETE" };
const CLEAN_UP: OperationTarget = { kind: "CLEAN_UP", provisionId: "p1" };

const state = (provisioningState: string): Partial<Cluster> => ({ provisioningState });

test.each<[OperationTarget, Partial<Cluster>, string]>([
  [START, {}, "done"],
  [START, STOPPED, "free"],
  [START, { ...STOPPED, ...state("Failed") }, "free"],
  [START, state("Starting"), "under-way"],
  [START, state("Stopping"), "busy"],
  [START, state("Deleting"), "impossible"],
  [STOP, {}, "free"],
  [STOP, STOPPED, "done"],
  [STOP, state("Stopping"), "under-way"],
  [STOP, state("Upgrading"), "busy"],
  [STOP, state("SomethingNew"), "busy"],
  [STOP, withApps({ provisioningState: "Scaling" }), "busy"],
  [STOP, state("Failed"), "free"],
  [SCALE, {}, "free"],
  [SCALE, withApps({ count: 3 }), "done"],
  [SCALE, withApps({ count: 3, provisioningState: "Scaling" }), "under-way"],
  [SCALE, withApps({ count: 5, provisioningState: "Scaling" }), "busy"],
  [SCALE, withApps({ count: 3, provisioningState: "Failed" }), "free"],
  [SCALE, state("Upgrading"), "busy"],
  [SCALE, STOPPED, "impossible"],
  [SCALE, { nodePools: [system] }, "impossible"],
  [SCALE, withApps({ autoscale: { minCount: 1, maxCount: 3 } }), "impossible"],
  [ADD_OTHER, {}, "free"],
  [ADD_OTHER, STOPPED, "impossible"],
  [ADD_OTHER, state("Updating"), "busy"],
  [ADD, {}, "done"],
  [ADD, withApps({ provisioningState: "Creating" }), "under-way"],
  [ADD, withApps({ provisioningState: "Failed" }), "impossible"],
  [ADD, withApps({ vmSize: "Standard_D4s_v3" }), "impossible"],
  [ADD, withApps({ count: 9 }), "impossible"],
  [REMOVE, {}, "free"],
  [REMOVE, { nodePools: [system] }, "done"],
  [REMOVE, withApps({ provisioningState: "Deleting" }), "under-way"],
  [REMOVE, withApps({ provisioningState: "Scaling" }), "busy"],
  [REMOVE_SYSTEM, {}, "impossible"],
  [REMOVE_SYSTEM, { nodePools: [system, pool("other", { mode: "SYSTEM" })] }, "free"],
  [DELETE, {}, "free"],
  [DELETE, state("Upgrading"), "free"],
  [DELETE, state("Failed"), "free"],
  [DELETE, state("Deleting"), "under-way"],
  [CLEAN_UP, {}, "free"],
  [CLEAN_UP, { tags: {} }, "impossible"],
  [CLEAN_UP, { tags: { "slipway-provision": "p2" } }, "impossible"],
])("%j of a cluster with %j: %s", (target, changes, kind) => {
  expect(standingOf(target, standingCluster(changes)).kind).toBe(kind);
});

test.each<[OperationTarget, string]>([
  [DELETE, "done"],
  [CLEAN_UP, "done"],
  [STOP, "impossible"],
  [SCALE, "impossible"],
])("%j of a cluster that is gone: %s", (target, kind) => {
  expect(standingOf(target, undefined).kind).toBe(kind);
});

test("what is in the way is named", () => {
  expect(standingOf(STOP, standingCluster(withApps({ provisioningState: "Scaling" })))).toEqual({
    kind: "busy",
    what: "node pool apps is Scaling",
  });
  expect(standingOf(STOP, standingCluster(state("Upgrading")))).toEqual({
    kind: "busy",
    what: "the cluster is Upgrading",
  });
});
