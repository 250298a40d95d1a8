import { expect, test } from "vitest";
import type { AzureErrorBody } from "../../shared/azure-error.ts";
import type { Cluster } from "../cluster.ts";
import { nodePoolErrors, ownNodePoolErrors } from "./node-pool-errors.ts";
import { nodePool } from "./provision.fixture.ts";

const cluster: Cluster = {
  subscriptionId: "s",
  resourceGroup: "rg",
  name: "one",
  armId: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/one",
  location: "westeurope",
  kubernetesVersion: "1.35",
  provisioningState: "Failed",
  powerState: "Running",
  nodeResourceGroup: undefined,
  fqdn: undefined,
  kubeletObjectId: undefined,
  tags: {},
  nodePools: [nodePool("system", "Succeeded"), nodePool("apps", "Creating"), nodePool("app", "Creating")],
};

const found = (error: AzureErrorBody, given = cluster) =>
  Object.fromEntries([...nodePoolErrors(error, given)].map(([pool, { code }]) => [pool, code]));

test.each<[string, AzureErrorBody]>([
  ["by agentpool", { code: "Full", message: "Subnet of agentpool 'apps' is full." }],
  ["by agent pool", { code: "Full", message: "Agent pool apps failed." }],
  ["by scale set", { code: "Full", message: "VMSS aks-apps-12345678-vmss has no room." }],
  ["by target", { code: "Full", message: "No room.", target: "Apps" }],
  [
    "in a detail",
    { code: "Outer", message: "Failed.", details: [{ code: "Full", message: "node pool apps: no room" }] },
  ],
])("names the pool %s", (_how, error) => {
  expect(found(error)).toEqual({ apps: "Full" });
});

test("a pool whose name begins another one's is not meant", () => {
  expect(found({ code: "Full", message: "Agent pool app failed." })).toEqual({ app: "Full" });
});

test("a failed pool that nothing names gets the innermost cause of the whole", () => {
  const failing = { ...cluster, nodePools: [nodePool("system", "Succeeded"), nodePool("apps", "Failed")] };
  const error = { code: "Outer", message: "Failed.", details: [{ code: "Inner", message: "No outbound connection." }] };
  expect(found(error, failing)).toEqual({ apps: "Inner" });
});

test("nobody is blamed for an error that names nobody while no pool has failed", () => {
  expect(found({ code: "Novel", message: "Something went wrong." })).toEqual({});
});

test("what a pool says of itself is told before any node joins, in plain words", () => {
  const message =
    "Allocation failed. We do not have sufficient capacity for the requested VM size Standard_D4s_v3 in zone 1.";
  const provisioningError = { code: "ZonalAllocationFailed", message };
  const creating = { ...cluster, nodePools: [{ ...nodePool("Apps", "Creating"), provisioningError }] };
  expect([...ownNodePoolErrors(creating)]).toEqual([
    [
      "apps",
      {
        code: "ZonalAllocationFailed",
        message: "Azure has no free machines of size Standard_D4s_v3 in zone 1 in westeurope now.",
      },
    ],
  ]);
  expect(nodePoolErrors({ code: "Outer", message: "Agent pool apps failed." }, creating).get("apps")?.code).toBe(
    "ZonalAllocationFailed",
  );
});

test("an error of a pool that nobody knows keeps Azure's own words", () => {
  const message = "Agent pool apps met something new.";
  expect(nodePoolErrors({ code: "Novel", message }, cluster).get("apps")).toEqual({ code: "Novel", message });
});
