import { expect, test } from "vitest";
import { createInProcessChangeHints } from "../../../events/in-process-change-hints.ts";
import { createAzureTime } from "../../../shared/azure-time.ts";
import { createManualClock } from "../../../shared/clock.ts";
import { createSqliteEntityStore } from "../../../storage/sqlite-entity-store.ts";
import type { AksGateway, ArmOperationLook } from "../../aks-gateway.ts";
import type { Cluster } from "../../cluster.ts";
import { slipwayTags } from "../cluster-spec.ts";
import { createDurationHistory } from "../duration-history.ts";
import type { ProvisionDeps } from "../provision-deps.ts";
import { FIRST_CHECKPOINT, type ProvisionCheckpoint, type ProvisionMove } from "../provision-job.ts";
import { createProvisionPublisher } from "../provision-publisher.ts";
import { createProvisionStore } from "../provision-store.ts";
import { CREATED_AT_MS, newProvision, nodePool } from "../provision.fixture.ts";
import { clusterPartition, formatProvisionId } from "../provision.ts";
import { createUsualDurations } from "../usual-duration.ts";
import { createClusterStep } from "./arm-create-or-update.ts";

const LOOK_EVERY_MS = 5_000;
const HOUR_MS = 60 * 60_000;
const CLUSTER_REF = { subscriptionId: "s", resourceGroup: "rg", name: "one" };
const PROVISION = newProvision({
  id: formatProvisionId(CLUSTER_REF, "00000000-0000-7000-8000-000000000001"),
  status: "RUNNING",
  phase: "ARM_CREATE_OR_UPDATE",
});

/** The step on its own, before an Azure that goes on creating for ever. */
async function watchForEver(poolState = "Creating", ends?: ArmOperationLook, stateAfterwards = "Creating") {
  const clock = createManualClock(CREATED_AT_MS);
  const entities = createSqliteEntityStore({});
  const store = createProvisionStore(entities, "work");
  await entities.table("work").transact(clusterPartition(CLUSTER_REF), store.insertion(PROVISION, []));
  const cluster: Cluster = {
    ...CLUSTER_REF,
    armId: "/subscriptions/s/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/one",
    location: "westeurope",
    kubernetesVersion: "1.35",
    provisioningState: "Creating",
    powerState: "Running",
    nodeResourceGroup: undefined,
    fqdn: undefined,
    kubeletObjectId: undefined,
    tags: slipwayTags(PROVISION),
    nodePools: [nodePool("system", poolState)],
  };
  const aks: AksGateway = {
    getCluster: async () => (ends && operationLooks > 1 ? { ...cluster, provisioningState: stateAfterwards } : cluster),
    listClusters: async () => [cluster],
    abortLatestOperation: unexpected,
    submitCluster: async () => ({ state: "operation" }),
    startCluster: unexpected,
    stopCluster: unexpected,
    deleteCluster: unexpected,
    addNodePool: unexpected,
    scaleNodePool: unexpected,
    removeNodePool: unexpected,
    lookAtOperation: async () => {
      operationLooks++;
      if (operationLooks > 1 && ends) return ends;
      return { status: "running", state: "operation" };
    },
  };
  let operationLooks = 0;
  const azureTime = createAzureTime(1);
  const usualDurations = createUsualDurations(createDurationHistory(entities));
  const deps: ProvisionDeps = {
    store,
    publisher: createProvisionPublisher({
      store,
      hints: createInProcessChangeHints({ onError: () => undefined }),
      usualDurations,
      clock,
      azureTime,
      onError: () => undefined,
    }),
    usualDurations,
    aks,
    resourceGroups: {
      getResourceGroup: async () => undefined,
      createResourceGroup: unexpected,
      listResources: unexpected,
      deleteResourceGroup: unexpected,
    },
    roleAssignments: { assignRole: unexpected },
    preflight: { run: unexpected },
    clock,
    azureTime,
  };
  const step = createClusterStep(deps);
  const look = (checkpoint: ProvisionCheckpoint): Promise<ProvisionMove> =>
    step.run({
      ref: { partitionKey: clusterPartition(CLUSTER_REF), jobId: "1" },
      input: { provisionId: PROVISION.id },
      checkpoint,
      cancelRequested: false,
      signal: new AbortController().signal,
    });
  return { clock, look, operationLooks: () => operationLooks };
}

async function unexpected(): Promise<never> {
  throw new Error("The step asks for something that is not its own.");
}

test("a create that Azure neither finishes nor refuses is given up after an hour of watching, not before", async () => {
  const { clock, look } = await watchForEver();
  let move = await look({ ...FIRST_CHECKPOINT, submitted: true, armOperation: "operation" });
  let watchedMs = 0;
  while (move.kind === "again") {
    await clock.advance(LOOK_EVERY_MS);
    watchedMs += LOOK_EVERY_MS;
    move = await look(move.checkpoint);
  }
  expect(move).toMatchObject({ kind: "next", step: "watching_afterwards" });
  expect(watchedMs).toBe(HOUR_MS + LOOK_EVERY_MS);
});

test("time in which nobody watched, as during a restart, does not use the hour up", async () => {
  const { clock, look } = await watchForEver();
  const first = await look({ ...FIRST_CHECKPOINT, submitted: true, armOperation: "operation" });
  await clock.advance(10 * HOUR_MS);
  expect(await look(first.checkpoint)).toMatchObject({ kind: "again" });
});

test("a create that fails while its cluster and all pools still say Creating has failed at the next look", async () => {
  const error = { code: "InternalError", message: "It did not work." };
  const { clock, look } = await watchForEver("Creating", { status: "failed", error });
  const move = await look({ ...FIRST_CHECKPOINT, submitted: true, armOperation: "operation" });
  await clock.advance(LOOK_EVERY_MS);
  expect(await look(move.checkpoint)).toMatchObject({ kind: "next", step: "watching_afterwards" });
});

test("a hundred creates ask for operations once a minute each and no more: their limit is shared by all of the subscription", async () => {
  const { clock, look, operationLooks } = await watchForEver();
  const created = { ...FIRST_CHECKPOINT, submitted: true, armOperation: "operation" };
  const creates = await Promise.all(Array.from({ length: 100 }, async () => (await look(created)).checkpoint));
  const atFirst = operationLooks();
  const minutes = 10;
  for (let looks = 0; looks < (minutes * 60_000) / LOOK_EVERY_MS; looks++) {
    await clock.advance(LOOK_EVERY_MS);
    for (const [index, checkpoint] of creates.entries()) creates[index] = (await look(checkpoint)).checkpoint;
  }
  const asked = operationLooks() - atFirst;
  expect(asked).toBeLessThanOrEqual(creates.length * minutes);
  expect(asked).toBeGreaterThan(creates.length * (minutes - 2));
});

test("asks the operation at each look once a pool has failed, so that the end is not a minute late", async () => {
  const { clock, look, operationLooks } = await watchForEver("Failed");
  let move = await look({ ...FIRST_CHECKPOINT, submitted: true, armOperation: "operation" });
  for (let looks = 2; looks <= 5; looks++) {
    await clock.advance(LOOK_EVERY_MS);
    move = await look(move.checkpoint);
    expect(operationLooks()).toBe(looks);
  }
});

test.each([
  ["Deleting", "DELETED_OUTSIDE"],
  ["Canceled", "CANCELED_OUTSIDE"],
])(
  "a create that ends as canceled between two requests of one look: the cluster is %s by then, so it is %s",
  async (state, category) => {
    const { clock, look } = await watchForEver("Creating", { status: "canceled" }, state);
    const move = await look({ ...FIRST_CHECKPOINT, submitted: true, armOperation: "operation" });
    await clock.advance(LOOK_EVERY_MS);
    const { changes } = (await (await look(move.checkpoint)).changes?.()) ?? { changes: [] };
    const stored = changes.flatMap((change) =>
      change.kind === "replace" ? [String(change.entity.properties["record"])] : [],
    );
    expect(JSON.parse(stored[0] ?? "{}")).toMatchObject({ failure: { category } });
  },
);

test("a canceled operation is no verdict while a cluster of ours is being made: a second create had been let through late", async () => {
  const { clock, look } = await watchForEver("Creating", { status: "canceled" }, "Creating");
  let move = await look({ ...FIRST_CHECKPOINT, submitted: true, armOperation: "operation" });
  for (let looks = 2; looks <= 4; looks++) {
    await clock.advance(LOOK_EVERY_MS);
    move = await look(move.checkpoint);
    expect(move).toMatchObject({ kind: "again" });
  }
  expect(move.checkpoint.armOperation, "what has been canceled is not asked again").toBeUndefined();
});

test("the cluster of such a second create is ready once Azure says so of it", async () => {
  const { clock, look } = await watchForEver("Succeeded", { status: "canceled" }, "Succeeded");
  let move = await look({ ...FIRST_CHECKPOINT, submitted: true, armOperation: "operation" });
  for (let looks = 2; looks <= 3; looks++) {
    await clock.advance(LOOK_EVERY_MS);
    move = await look(move.checkpoint);
  }
  expect(move).toMatchObject({ kind: "next", step: "ensuring_rbac" });
});
