import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterSpec } from "../clusters/aks-gateway.ts";
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
      expect(created).toEqual({ name: resourceGroup, location: azure.location, provisioningState: "Succeeded" });
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
