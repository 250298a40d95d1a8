import { describe, expect, test } from "vitest";
import type { Cluster } from "../cluster.ts";
import { afterwardsSchema, amendmentsSince, beginAfterwards, rememberLook, type Afterwards } from "./afterwards.ts";
import { newProvision, nodePool } from "./provision.fixture.ts";

const NOW_MS = Date.parse("2026-01-01T10:09:30Z");
const TOLD_AT = "2026-01-01T10:02:10.000Z";

function standing(changes: Partial<Cluster> = {}): Cluster {
  return {
    subscriptionId: "s",
    resourceGroup: "rg",
    name: "one",
    armId: "/subscriptions/s/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/one",
    location: "westeurope",
    kubernetesVersion: "1.35",
    provisioningState: "Succeeded",
    powerState: "Running",
    nodeResourceGroup: undefined,
    fqdn: undefined,
    kubeletObjectId: undefined,
    tags: {},
    nodePools: [nodePool("apps", "Succeeded", { count: 2 })],
    ...changes,
  };
}

function after(changes: Partial<Afterwards> = {}): Afterwards {
  return {
    untilMs: NOW_MS,
    seen: { provisioningState: "Succeeded", powerState: "Running", pools: { apps: 2 } },
    told: { state: "Succeeded", at: TOLD_AT },
    wasLeft: true,
    missingLooks: 0,
    ...changes,
  };
}

const afterFailure = after({
  seen: { provisioningState: "Failed", powerState: "Running", pools: { apps: 2 } },
  told: { state: "Failed", at: TOLD_AT },
});
const stopped = after({ seen: { provisioningState: "Succeeded", powerState: "Stopped", pools: { apps: 2 } } });

describe("what has become of the cluster since it was last seen", () => {
  test.each<[string, Afterwards, Cluster | undefined, readonly [string, string][]]>([
    ["nothing", after(), standing(), []],
    [
      "Azure corrects a failure",
      afterFailure,
      standing(),
      [["CLUSTER_SUCCEEDED", "Azure reported Failed at 10:02 and Succeeded at 10:09 (UTC)"]],
    ],
    [
      "Azure takes a success back",
      after(),
      standing({ provisioningState: "Failed" }),
      [["CLUSTER_FAILED", "Azure reported Succeeded at 10:02 and Failed at 10:09 (UTC)"]],
    ],
    ["a passing state is no verdict", afterFailure, standing({ provisioningState: "Updating" }), []],
    ["a cancel is no verdict on a success", after(), standing({ provisioningState: "Canceled" }), []],
    ["it is gone", after(), undefined, [["CLUSTER_DELETED", "The cluster was deleted"]]],
    ["it was gone before", after({ seen: null }), undefined, []],
    ["it is stopped", after(), standing({ powerState: "Stopped" }), [["CLUSTER_STOPPED", "The cluster was stopped"]]],
    ["it stays stopped", stopped, standing({ powerState: "Stopped" }), []],
    ["it is started", stopped, standing(), [["CLUSTER_STARTED", "The cluster was started again"]]],
    [
      "a pool is scaled",
      after(),
      standing({ nodePools: [nodePool("apps", "Succeeded", { count: 5 })] }),
      [["CLUSTER_CHANGED", "Node pool apps was scaled from 2 to 5 nodes"]],
    ],
    [
      "a pool that AKS scales by itself is nobody's doing",
      after(),
      standing({ nodePools: [nodePool("apps", "Succeeded", { count: 5, autoscale: { minCount: 1, maxCount: 9 } })] }),
      [],
    ],
    [
      "one pool goes, another comes",
      after(),
      standing({ nodePools: [nodePool("extra", "Creating", { count: 1 })] }),
      [
        ["CLUSTER_CHANGED", "Node pool apps was removed"],
        ["CLUSTER_CHANGED", "Node pool extra was added with 1 node"],
      ],
    ],
    [
      "pools that were never seen before are no news",
      after({ seen: { provisioningState: "Succeeded", powerState: "Running", pools: {} } }),
      standing(),
      [],
    ],
    [
      "several at once",
      afterFailure,
      standing({ powerState: "Stopped", nodePools: [nodePool("apps", "Succeeded", { count: 3 })] }),
      [
        ["CLUSTER_SUCCEEDED", "Azure reported Failed at 10:02 and Succeeded at 10:09 (UTC)"],
        ["CLUSTER_STOPPED", "The cluster was stopped"],
        ["CLUSTER_CHANGED", "Node pool apps was scaled from 2 to 3 nodes"],
      ],
    ],
  ])("%s", (_title, before, cluster, told) => {
    expect(amendmentsSince(before, cluster, NOW_MS).map(({ kind, message }) => [kind, message])).toEqual(told);
  });
});

describe("what the next look compares with", () => {
  test.each([
    [
      "a new verdict replaces the one that was told",
      afterFailure,
      "Succeeded",
      "Succeeded",
      "2026-01-01T10:09:30.000Z",
    ],
    ["the same verdict keeps its time", afterFailure, "Failed", "Failed", TOLD_AT],
    ["a passing state leaves the verdict", afterFailure, "Updating", "Failed", TOLD_AT],
  ])("%s", (_title, before, provisioningState, state, at) => {
    const remembered = rememberLook(before, standing({ provisioningState }), NOW_MS);
    expect(remembered.told).toEqual({ state, at });
    expect(remembered.seen?.provisioningState).toBe(provisioningState);
  });

  test("a cluster that is gone is told once", () => {
    const remembered = rememberLook(after({ missingLooks: 2 }), undefined, NOW_MS);
    expect(remembered).toMatchObject({ seen: null, missingLooks: 0 });
    expect(amendmentsSince(remembered, undefined, NOW_MS)).toEqual([]);
  });

  test("an amendment is told once, and again only when it changes back", () => {
    const failed = standing({ provisioningState: "Failed" });
    const once = rememberLook(after(), failed, NOW_MS);
    expect(amendmentsSince(once, failed, NOW_MS)).toEqual([]);
    expect(amendmentsSince(once, standing(), NOW_MS)).toMatchObject([{ kind: "CLUSTER_SUCCEEDED" }]);
  });
});

describe("the watch begins with what the verdict was given on", () => {
  test("the state that Azure had told, when it was told, and the pools", () => {
    const provision = newProvision({
      status: "FAILED",
      clusterState: "Failed",
      finishedAt: TOLD_AT,
      nodePools: [nodePool("apps", "Failed", { count: 2 })],
      leftovers: [{ kind: "CLUSTER", resourceId: "/one" }],
    });
    const begun = beginAfterwards(provision, NOW_MS);
    expect(begun).toEqual(after({ ...afterFailure, untilMs: NOW_MS }));
    expect(afterwardsSchema.parse(JSON.parse(JSON.stringify(begun)))).toEqual(begun);
  });

  test("no cluster was seen: its coming up later is a verdict, its absence none", () => {
    const begun = beginAfterwards(newProvision({ status: "FAILED", finishedAt: TOLD_AT }), NOW_MS);
    expect(begun).toMatchObject({ seen: null, told: { state: "FAILED" }, wasLeft: false });
    expect(amendmentsSince(begun, undefined, NOW_MS)).toEqual([]);
    expect(amendmentsSince(begun, standing(), NOW_MS)).toMatchObject([{ kind: "CLUSTER_SUCCEEDED" }]);
  });
});
