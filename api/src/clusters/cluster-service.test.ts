import { beforeEach, expect, test } from "vitest";
import { LOCAL_VIEWER } from "../auth/viewer.ts";
import { createDemand } from "../events/demand.ts";
import { createInProcessChangeHints } from "../events/in-process-change-hints.ts";
import { createLiveState } from "../events/live-state.ts";
import type { JobService } from "../jobs/job-service.ts";
import { createManualClock, type ManualClock } from "../shared/clock.ts";
import { createSqliteEntityStore } from "../storage/sqlite-entity-store.ts";
import type { AzureCatalogue } from "./azure-catalogue.ts";
import { createClusterService, type ClusterService } from "./cluster-service.ts";
import { createClusterSnapshotStore, watchPartition } from "./cluster-snapshot-store.ts";
import type { Cluster } from "./cluster.ts";

const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

let clock: ManualClock;
let service: ClusterService;
/** What a watcher stores after a look. */
let look: (kubernetesVersion: string, problem?: string) => Promise<void>;
let woken: number;

beforeEach(() => {
  clock = createManualClock();
  woken = 0;
  const entities = createSqliteEntityStore();
  const snapshots = createClusterSnapshotStore(entities, "work");
  const onError = (error: unknown): void => {
    throw error;
  };
  const hints = createInProcessChangeHints({ onError });
  const catalogue: Partial<AzureCatalogue> = {
    listSubscriptions: async () => [{ subscriptionId: SUBSCRIPTION, displayName: "One" }],
  };
  const jobs: Partial<JobService> = { wakeIfParked: async () => ++woken > 0 };
  service = createClusterService({
    snapshots,
    catalogue: catalogue as AzureCatalogue,
    jobs: jobs as JobService,
    demand: createDemand(clock),
    hints,
    liveState: createLiveState({ hints, clock, pollMs: () => 500, onError }),
    clock,
    onError,
  });
  look = async (kubernetesVersion, problem) => {
    const at = new Date(clock.now()).toISOString();
    const changes = [
      snapshots.upsertion({ cluster: clusterOf(kubernetesVersion), version: clock.now(), changedAt: at }),
      snapshots.lookUpsertion(SUBSCRIPTION, problem === undefined ? { at } : { at, problem }),
    ];
    await entities.table("work").transact(watchPartition(SUBSCRIPTION), changes);
  };
});

function clusterOf(kubernetesVersion: string): Cluster {
  return {
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "rg",
    name: "c1",
    armId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c1`,
    location: "westeurope",
    kubernetesVersion,
    provisioningState: "Succeeded",
    powerState: "Running",
    nodeResourceGroup: undefined,
    fqdn: undefined,
    kubeletObjectId: undefined,
    tags: {},
    nodePools: [],
  };
}

/** What `list` answers, as soon as it does. */
function ask(): { readonly versions: () => readonly string[] | undefined } {
  let versions: readonly string[] | undefined;
  void service.list(LOCAL_VIEWER).then((known) => (versions = known.map(({ cluster }) => cluster.kubernetesVersion)));
  return { versions: () => versions };
}

test("a list that a watcher keeps fresh is answered at once", async () => {
  await look("1.33.1");
  await clock.advance(15_000);
  const answer = ask();
  await clock.advance(0);
  expect(answer.versions()).toEqual(["1.33.1"]);
});

test("an old list waits for the look that the question has begun", async () => {
  await look("1.33.1");
  await clock.advance(90_000);
  const answer = ask();
  await clock.advance(400);
  expect(answer.versions()).toBeUndefined();
  expect(woken).toBe(1);
  await look("1.34.0");
  await clock.advance(100);
  expect(answer.versions()).toEqual(["1.34.0"]);
});

test("an old list is answered as it is after a second, and at once where Azure can't be asked", async () => {
  await look("1.33.1");
  await clock.advance(90_000);
  const patient = ask();
  await clock.advance(900);
  expect(patient.versions()).toBeUndefined();
  await clock.advance(200);
  expect(patient.versions()).toEqual(["1.33.1"]);
  await look("1.33.2", "The list can't be had.");
  await clock.advance(90_000);
  const answer = ask();
  await clock.advance(0);
  expect(answer.versions()).toEqual(["1.33.2"]);
});
