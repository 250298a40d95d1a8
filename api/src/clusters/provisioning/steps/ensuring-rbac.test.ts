import { expect, test } from "vitest";
import { createAzureTime } from "../../../shared/azure-time.ts";
import { createManualClock } from "../../../shared/clock.ts";
import type { AksGateway } from "../../aks-gateway.ts";
import type { Cluster } from "../../cluster.ts";
import type { ProvisionFindings } from "../provision-change.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import { FIRST_CHECKPOINT } from "../provision-job.ts";
import { newProvision } from "../provision.fixture.ts";
import { ensureRbacStep } from "./ensuring-rbac.ts";

const PROVISION = newProvision({
  status: "RUNNING",
  phase: "ENSURING_RBAC",
  registryArmId: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/images",
});

const CLUSTER: Cluster = {
  ...PROVISION.cluster,
  armId: "/subscriptions/s/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/one",
  location: "westeurope",
  kubernetesVersion: "1.35",
  provisioningState: "Succeeded",
  powerState: "Running",
  nodeResourceGroup: undefined,
  fqdn: undefined,
  kubeletObjectId: undefined,
  tags: {},
  nodePools: [],
};

/** The step on its own, before an Azure that shows no cluster, or the one given; what it publishes is kept. */
function openStep(getCluster: () => Promise<Cluster | undefined> = async () => undefined) {
  const found: ProvisionFindings[] = [];
  const clock = createManualClock();
  const deps = {
    store: { read: async () => ({ provision: PROVISION, etag: "1" }) },
    publisher: {
      publish(_id: string, findings: ProvisionFindings) {
        found.push(findings);
        return async () => ({ changes: [] });
      },
    },
    aks: { getCluster } satisfies Partial<AksGateway>,
    clock,
    azureTime: createAzureTime(1),
  } as unknown as ProvisionDeps;
  const step = ensureRbacStep(deps);
  const lookAt = (checkpoint: typeof FIRST_CHECKPOINT) =>
    step.run({
      ref: { partitionKey: "p", jobId: "j" },
      input: { provisionId: PROVISION.id },
      checkpoint,
      cancelRequested: false,
      signal: new AbortController().signal,
    });
  return { clock, found, lookAt };
}

test("a cluster that one look does not show is no lack of roles, however long ago that was", async () => {
  const { clock, lookAt } = openStep();
  const first = await lookAt({ ...FIRST_CHECKPOINT, submitted: true });
  await clock.advance(10 * 60_000);
  const second = await lookAt(first.checkpoint);
  expect([first.kind, second.kind]).toEqual(["again", "again"]);
});

test("a cluster that is gone when its roles are to be granted was deleted outside, and is not left", async () => {
  const { found, lookAt } = openStep();
  let move = await lookAt({ ...FIRST_CHECKPOINT, submitted: true });
  for (let looks = 1; move.kind === "again" && looks < 10; looks++) move = await lookAt(move.checkpoint);
  expect(move).toMatchObject({ kind: "next", step: "watching_afterwards" });
  expect(found.at(-1)).toMatchObject({ status: "FAILED", failure: { category: "DELETED_OUTSIDE" }, leftovers: [] });
});

test("a cluster that is being deleted while its roles are granted was deleted outside, and lacks no roles", async () => {
  let shown: Cluster | undefined = { ...CLUSTER, provisioningState: "Deleting" };
  const { clock, found, lookAt } = openStep(async () => shown);
  let move = await lookAt({ ...FIRST_CHECKPOINT, submitted: true });
  for (let looks = 1; looks < 20; looks++) {
    await clock.advance(10_000);
    move = await lookAt(move.checkpoint);
  }
  expect(move.kind).toBe("again");
  expect(found.at(-1)).toMatchObject({ message: expect.stringContaining("deletes the cluster") as string });
  shown = undefined;
  for (let looks = 1; move.kind === "again" && looks < 10; looks++) move = await lookAt(move.checkpoint);
  expect(found.at(-1)).toMatchObject({ status: "FAILED", failure: { category: "DELETED_OUTSIDE" } });
});
