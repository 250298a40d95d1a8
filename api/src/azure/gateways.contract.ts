import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ArmOperationLook, ClusterSpec, SubmittedArmOperation } from "../clusters/aks-gateway.ts";
import type { Cluster, ClusterRef } from "../clusters/cluster.ts";
import { tryParseArmId } from "../shared/arm-id.ts";
import { AzureError } from "../shared/azure-error.ts";
import type { AzureGateways } from "./azure-gateways.ts";

/** An Azure, or what stands for it, with rights to create in it. */
export interface AzureUnderTest {
  readonly gateways: AzureGateways;
  readonly freshGateways: () => AzureGateways;
  readonly location: string;
  readonly vmSize: string;
  /** Lets this much of Azure's time pass. */
  readonly pass: (seconds: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

const OPTIONS = {
  autoscale: { minCount: 1, maxCount: 3 },
  availabilityZones: ["1", "2"],
  taints: ["team=shop:NoSchedule"],
  labels: { team: "shop", "example.com/tier": "" },
};

/** What the gateways promise, with any Azure behind them. */
export function describeAzureGateways(name: string, start: () => Promise<AzureUnderTest>): void {
  describe(`gateways to ${name}`, () => {
    let azure: AzureUnderTest;
    let subscriptionId: string;
    const suffix = randomUUID().slice(0, 8);
    const resourceGroup = `slipway-contract-${suffix}`;
    const ref = (clusterName: string): ClusterRef => ({
      subscriptionId,
      resourceGroup,
      name: `${clusterName}-${suffix}`,
    });
    const spec = (owner: string): ClusterSpec => ({
      location: azure.location,
      dnsPrefix: `slipway-${suffix}`,
      kubernetesVersion: undefined,
      tags: { "slipway-provision": owner },
      nodePools: [
        { name: "systempool", mode: "SYSTEM", vmSize: azure.vmSize, count: 1 },
        { name: "userpool", mode: "USER", vmSize: azure.vmSize, count: 2, ...OPTIONS },
      ],
    });

    beforeAll(async () => {
      azure = await start();
      subscriptionId = (await azure.gateways.catalogue.listSubscriptions())[0]?.subscriptionId ?? "";
    });
    afterAll(() => azure.stop());

    it("tell a missing resource group from a present one, and wait for a new one to be visible", async () => {
      const { resourceGroups } = azure.gateways;
      expect(await resourceGroups.getResourceGroup(subscriptionId, resourceGroup)).toBeUndefined();
      const created = await resourceGroups.createResourceGroup(subscriptionId, {
        name: resourceGroup,
        location: azure.location,
        tags: { owner: "contract" },
      });
      expect(created).toEqual({
        name: resourceGroup,
        location: azure.location,
        provisioningState: "Succeeded",
        tags: { owner: "contract" },
      });
      await azure.pass(60);
      expect(await resourceGroups.getResourceGroup(subscriptionId, resourceGroup)).toEqual(created);
    });

    it("refuse a cluster in a group that is not there as not-found", async () => {
      const nowhere = { ...ref("nowhere"), resourceGroup: `missing-${suffix}` };
      const refused = await refusal(azure.gateways.aks.submitCluster(nowhere, spec("p")));
      expect(refused).toMatchObject({ kind: "not-found", code: "ResourceGroupNotFound", status: 404 });
      expect(await azure.gateways.aks.getCluster(nowhere)).toBeUndefined();
    });

    it("create a cluster without waiting for it, and follow it from another process to its end", async () => {
      const cluster = ref("whole");
      expect(await azure.gateways.aks.getCluster(cluster)).toBeUndefined();
      const submitted = await azure.gateways.aks.submitCluster(cluster, spec("mine"));
      expect(submitted).toMatchObject({ correlationId: expect.any(String), operationId: expect.any(String) });
      let { state } = submitted;
      expect(Buffer.byteLength(state)).toBeLessThan(16_384);

      const creating = await azure.gateways.aks.getCluster(cluster);
      expect(creating).toMatchObject({
        provisioningState: "Creating",
        powerState: "Running",
        tags: { "slipway-provision": "mine" },
      });
      expect(poolsOf(creating)).toEqual([
        ["systempool", "SYSTEM", 1, "Creating"],
        ["userpool", "USER", 2, "Creating"],
      ]);

      const other = azure.freshGateways().aks;
      let looks = 0;
      for (;;) {
        const look = await other.lookAtOperation(subscriptionId, state);
        looks++;
        if (look.status !== "running") {
          expect(look).toEqual({ status: "succeeded" });
          break;
        }
        state = look.state;
        await azure.pass(30);
      }
      expect(looks).toBeGreaterThan(1);

      const created = await other.getCluster(cluster);
      expect(created).toMatchObject({
        ...cluster,
        location: azure.location,
        provisioningState: "Succeeded",
        powerState: "Running",
      });
      expect(tryParseArmId(created?.armId ?? "")).toMatchObject({ subscriptionId, name: cluster.name });
      expect(created?.kubernetesVersion).toMatch(/^1\.\d+\.\d+$/);
      expect(created?.kubeletObjectId).toMatch(/^[0-9a-f-]{36}$/);
      expect(created?.fqdn).toContain(".");
      expect(poolsOf(created)).toEqual([
        ["systempool", "SYSTEM", 1, "Succeeded"],
        ["userpool", "USER", 2, "Succeeded"],
      ]);
      expect((await other.listClusters(subscriptionId)).map(({ armId }) => armId.toLowerCase())).toContain(
        created?.armId.toLowerCase(),
      );
    }, 60_000);

    it("keep what a pool was asked for beside its size", async () => {
      const pools = (await azure.gateways.aks.getCluster(ref("whole")))?.nodePools ?? [];
      expect(pools.find(({ name }) => name === "systempool")).not.toHaveProperty("autoscale");
      expect(pools.find(({ name }) => name === "userpool")).toMatchObject(OPTIONS);
    });

    it("never change a cluster that exists, ours or another's, and leave it to the tag whose it is", async () => {
      const cluster = ref("whole");
      const refused = await refusal(azure.gateways.aks.submitCluster(cluster, spec("another")));
      expect(refused).toMatchObject({ kind: "conflict", status: 412 });
      expect((await azure.gateways.aks.getCluster(cluster))?.tags).toEqual({ "slipway-provision": "mine" });
    });

    it("stop a create where it stands, once; what had been made stays, and nothing runs any more that could be stopped", async () => {
      const { aks } = azure.gateways;
      const cluster = ref("halted");
      const { state } = await aks.submitCluster(cluster, spec("halted"));
      await aks.abortLatestOperation(cluster);
      expect(await aks.getCluster(cluster)).toMatchObject({ provisioningState: "Canceling" });
      expect(await refusal(aks.abortLatestOperation(cluster))).toMatchObject({ kind: "conflict", status: 409 });
      await azure.pass(600);
      expect(await azure.freshGateways().aks.lookAtOperation(subscriptionId, state)).toMatchObject({
        status: "canceled",
      });
      expect(await aks.getCluster(cluster)).toMatchObject({
        provisioningState: "Canceled",
        tags: { "slipway-provision": "halted" },
      });
      expect(await refusal(aks.abortLatestOperation(cluster))).toMatchObject({ kind: "conflict" });
      expect(await refusal(aks.abortLatestOperation(ref("nowhere")))).toMatchObject({ kind: "not-found" });
      await aks.deleteCluster(cluster);
      await azure.pass(1_200);
      expect(await aks.getCluster(cluster)).toBeUndefined();
    }, 60_000);

    it("grant a role once, under whatever name it is asked for again", async () => {
      const cluster = await azure.gateways.aks.getCluster(ref("whole"));
      const assignment = {
        subscriptionId,
        scope: cluster?.armId ?? "",
        roleId: ACR_PULL,
        principalId: cluster?.kubeletObjectId ?? "",
        name: randomUUID(),
      };
      expect(await azure.gateways.roleAssignments.assignRole(assignment)).toBe("created");
      expect(await azure.gateways.roleAssignments.assignRole({ ...assignment, name: randomUUID() })).toBe("exists");
    });

    describe("once a cluster stands", () => {
      const follow = async ({ state }: SubmittedArmOperation): Promise<ArmOperationLook> => {
        for (let current = state; ; await azure.pass(30)) {
          const look = await azure.freshGateways().aks.lookAtOperation(subscriptionId, current);
          if (look.status !== "running") return look;
          current = look.state;
        }
      };
      const poolNamed = async (name: string) =>
        (await azure.gateways.aks.getCluster(ref("whole")))?.nodePools.find((pool) => pool.name === name);

      it("scale a pool, leaving all else of it as it was", async () => {
        const { aks } = azure.gateways;
        const before = await poolNamed("userpool");
        const submitted = await aks.scaleNodePool(ref("whole"), "userpool", 3);
        expect(await poolNamed("userpool")).toMatchObject({ count: 3, provisioningState: "Scaling" });
        expect(await refusal(aks.scaleNodePool(ref("whole"), "userpool", 1))).toMatchObject({ kind: "conflict" });
        expect(await follow(submitted)).toEqual({ status: "succeeded" });
        expect(await poolNamed("userpool")).toEqual({ ...before, count: 3 });
        expect(await refusal(aks.scaleNodePool(ref("whole"), "nowhere", 1))).toMatchObject({ kind: "not-found" });
      }, 60_000);

      it("add a pool once, and remove it", async () => {
        const { aks } = azure.gateways;
        const pool = { name: "extra", mode: "USER", vmSize: azure.vmSize, count: 1, labels: { a: "b" } } as const;
        const submitted = await aks.addNodePool(ref("whole"), pool);
        expect(await refusal(aks.addNodePool(ref("whole"), pool))).toMatchObject({ kind: "conflict" });
        expect(await follow(submitted)).toEqual({ status: "succeeded" });
        expect(await poolNamed("extra")).toMatchObject({ ...pool, provisioningState: "Succeeded" });
        expect(await follow(await aks.removeNodePool(ref("whole"), "extra"))).toEqual({ status: "succeeded" });
        expect(await poolNamed("extra")).toBeUndefined();
        expect(await follow(await aks.removeNodePool(ref("whole"), "extra"))).toEqual({ status: "succeeded" });
        expect(await refusal(aks.removeNodePool(ref("whole"), "systempool"))).toMatchObject({ kind: "permanent" });
      }, 60_000);

      it("stop and start it, and refuse what it is already", async () => {
        const { aks } = azure.gateways;
        expect(await refusal(aks.startCluster(ref("whole")))).toMatchObject({ kind: "conflict", status: 409 });
        const stopping = await aks.stopCluster(ref("whole"));
        expect(await refusal(aks.stopCluster(ref("whole")))).toMatchObject({ kind: "conflict", status: 409 });
        expect(await follow(stopping)).toEqual({ status: "succeeded" });
        expect(await aks.getCluster(ref("whole"))).toMatchObject({ powerState: "Stopped" });
        expect(await refusal(aks.stopCluster(ref("whole")))).toMatchObject({ kind: "conflict", status: 409 });
        expect(await follow(await aks.startCluster(ref("whole")))).toEqual({ status: "succeeded" });
        expect(await aks.getCluster(ref("whole"))).toMatchObject({ powerState: "Running" });
      }, 60_000);

      it("list what lies in its group, delete it, and then the group", async () => {
        const { aks, resourceGroups } = azure.gateways;
        const { armId = "" } = (await aks.getCluster(ref("whole"))) ?? {};
        const listed = await resourceGroups.listResources(subscriptionId, resourceGroup);
        expect(listed.map((one) => one.armId.toLowerCase())).toContain(armId.toLowerCase());
        expect(await follow(await aks.deleteCluster(ref("whole")))).toEqual({ status: "succeeded" });
        expect(await aks.getCluster(ref("whole"))).toBeUndefined();
        expect(await follow(await aks.deleteCluster(ref("whole")))).toEqual({ status: "succeeded" });
        expect(await resourceGroups.listResources(subscriptionId, resourceGroup)).toEqual([]);
        await resourceGroups.deleteResourceGroup(subscriptionId, resourceGroup);
        await azure.pass(600);
        expect(await resourceGroups.getResourceGroup(subscriptionId, resourceGroup)).toBeUndefined();
        expect(await refusal(resourceGroups.listResources(subscriptionId, resourceGroup))).toMatchObject({
          kind: "not-found",
        });
      }, 60_000);
    });

    it("list what Azure offers", async () => {
      const { catalogue } = azure.gateways;
      const locations = await catalogue.listLocations(subscriptionId);
      expect(locations).toContainEqual(expect.objectContaining({ name: azure.location }));
      const size = (await catalogue.listVmSizes(subscriptionId, azure.location)).find(
        (candidate) => candidate.name === azure.vmSize,
      );
      expect(size).toMatchObject({ restriction: undefined });
      expect(size?.vCpus).toBeGreaterThanOrEqual(2);
      expect(size?.memoryGb).toBeGreaterThan(0);
      const versions = await catalogue.listKubernetesVersions(subscriptionId, azure.location);
      expect(versions.filter(({ isDefault }) => isDefault)).toHaveLength(1);
      for (const { version, patchVersions } of versions) {
        expect(version).toMatch(/^1\.\d+$/);
        expect(patchVersions[0]).toContain(`${version}.`);
      }
    });

    it("list how much of each quota is used, with the families that the sizes name", async () => {
      const usages = await azure.gateways.preflight.listComputeUsages(subscriptionId, azure.location);
      const sizes = await azure.gateways.catalogue.listVmSizes(subscriptionId, azure.location);
      const family = sizes.find(({ name }) => name === azure.vmSize)?.family.toLowerCase();
      for (const name of ["cores", family]) {
        const usage = usages.find((one) => one.name.toLowerCase() === name);
        expect(usage).toMatchObject({ used: expect.any(Number), displayName: expect.stringContaining("vCPUs") });
        expect(usage?.limit).toBeGreaterThan(0);
      }
    });

    it("tell whether a resource provider is registered", async () => {
      expect(await azure.gateways.preflight.getProviderState(subscriptionId, "Microsoft.ContainerService")).toBe(
        "Registered",
      );
    });

    it("list what their own identity may do on a subscription, a resource group and a resource", async () => {
      const subscription = `/subscriptions/${subscriptionId}`;
      const [cluster] = await azure.gateways.aks.listClusters(subscriptionId);
      if (!cluster) throw new Error("The subscription has no cluster to ask about.");
      const groupId = `${subscription}/resourceGroups/${cluster.resourceGroup}`;
      for (const scope of [subscription, groupId, cluster.armId]) {
        const permissions = await azure.gateways.preflight.listOwnPermissions(scope);
        expect(permissions).not.toEqual([]);
        for (const { actions, notActions } of permissions) expect([...actions, ...notActions]).not.toContain("");
      }
      const nowhere = azure.gateways.preflight.listOwnPermissions(`${subscription}/resourceGroups/missing-${suffix}`);
      expect(await refusal(nowhere)).toMatchObject({ kind: "not-found", code: "ResourceGroupNotFound" });
    });

    it("say who they are to Azure", async () => {
      expect(await azure.gateways.preflight.getOwnIdentity()).toMatchObject({
        objectId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    });

    it("list the registries of a subscription", async () => {
      for (const registry of await azure.gateways.acr.listRegistries(subscriptionId)) {
        expect(registry).toMatchObject({
          subscriptionId,
          loginServer: expect.stringContaining(registry.name.toLowerCase()),
        });
        expect(tryParseArmId(registry.armId)).toMatchObject({ name: registry.name });
      }
    });
  });
}

function poolsOf(cluster: Cluster | undefined): unknown[] {
  return (cluster?.nodePools ?? []).map(({ name, mode, count, provisioningState }) => [
    name,
    mode,
    count,
    provisioningState,
  ]);
}

async function refusal(promise: Promise<unknown>): Promise<AzureError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AzureError)) throw new Error(`Expected Azure to refuse, got ${String(error)}.`);
  return error;
}
