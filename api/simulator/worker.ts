import { createLiveBlockers } from "../src/clusters/live-blockers.ts";
import { createOperationStore } from "../src/clusters/operations/operation-store.ts";
import { judgeCluster } from "../src/clusters/preflight/place-rules.ts";
import type { Preflight } from "../src/clusters/preflight/preflight.ts";
import { createDurationHistory } from "../src/clusters/provisioning/duration-history.ts";
import { createGrantRolesJob } from "../src/clusters/provisioning/grant-roles-job.ts";
import { createIdempotencyKeys } from "../src/clusters/provisioning/idempotency-keys.ts";
import { createProvisionActions, type ProvisionActions } from "../src/clusters/provisioning/provision-actions.ts";
import { createProvisionJob } from "../src/clusters/provisioning/provision-job.ts";
import { createProvisionPublisher } from "../src/clusters/provisioning/provision-publisher.ts";
import { createProvisionStarter, type ProvisionStarter } from "../src/clusters/provisioning/provision-starter.ts";
import { createProvisionStore } from "../src/clusters/provisioning/provision-store.ts";
import { createUsualDurations } from "../src/clusters/provisioning/usual-duration.ts";
import type { ChangeHints } from "../src/events/change-hints.ts";
import { createActiveJobIndex } from "../src/jobs/active-job-index.ts";
import { createInProcessJobQueue } from "../src/jobs/in-process-job-queue.ts";
import { createJobRunner } from "../src/jobs/job-runner.ts";
import { createJobService } from "../src/jobs/job-service.ts";
import { createJobStore } from "../src/jobs/job-store.ts";
import { createMessageJobQueue } from "../src/jobs/message-job-queue.ts";
import { createAzureTime } from "../src/shared/azure-time.ts";
import { StoreUnavailableError } from "../src/storage/entity-store.ts";
import { reachAzure, type AzurePortsDeps } from "./azure-ports.ts";
import { CATALOGUE } from "./catalogue.ts";
import type { Mutation } from "./mutation.ts";
import { reachQueue, reachTables } from "./process-ports.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { EPOCH_MS, WORK_TABLE, type World } from "./world.ts";

const STORE_RETRY_MS = 2_000;
const DRAIN_MS = 5_000;

/** What people can ask of a process. */
export interface Worker {
  readonly process: SimulatedProcess;
  readonly provisions: ProvisionStarter & ProvisionActions;
  /** As SIGTERM does. */
  stop(): Promise<void>;
}

/** The product's own parts in one simulated process, joined as `app.ts` joins them. */
export function startWorker(deps: {
  readonly world: World;
  readonly process: SimulatedProcess;
  readonly hints: ChangeHints;
  readonly azure: Pick<AzurePortsDeps, "onWrite" | "chooseRefusal" | "isShown">;
  readonly mutation: Mutation | undefined;
}): Worker {
  const { world, process, hints, mutation } = deps;
  const { isShared, azureScale } = world.profile;
  const clock = mutation?.clock?.(process.clock) ?? process.clock;
  const report = (message: string, error?: unknown): void =>
    world.trace(() => `${process.name} says: ${message}${error === undefined ? "" : ` (${String(error)})`}`);
  const reached = reachTables(process, world.tables);
  const store = mutation?.store?.(reached, world) ?? reached;
  const azureTime = createAzureTime(azureScale);
  const tellAzureTime = (): void => azureTime.setClock(EPOCH_MS + world.time.nowMs() * azureScale, process.clock.now());
  tellAzureTime();
  const ports = reachAzure({ process, azure: world.azure, ...deps.azure, onAnswer: tellAzureTime });
  const azure = mutation?.azure?.(ports, world) ?? ports;

  const plainJobs = createJobStore(store.table(WORK_TABLE));
  const jobStore = mutation?.jobStore?.(plainJobs) ?? plainJobs;
  const plainIndex = createActiveJobIndex(store.table("activejobs"));
  const active = mutation?.active?.(plainIndex) ?? plainIndex;
  const onQueueError = (error: unknown): void => report("the queue can't be asked", error);
  const reachedQueue = reachQueue(process, world.messages);
  const queue = isShared
    ? createMessageJobQueue({
        messages: mutation?.messages?.(reachedQueue, world) ?? reachedQueue,
        clock,
        onError: (error) => report("a job could not be looked at", error),
        onQueueError,
      })
    : createInProcessJobQueue({ clock, onError: (error) => report("a job could not be looked at", error) });
  const jobs = createJobService({ store: jobStore, active, queue, clock });

  const provisionStore = createProvisionStore(store, WORK_TABLE);
  const usualDurations = createUsualDurations(createDurationHistory(store));
  const publisher = createProvisionPublisher({
    store: provisionStore,
    hints,
    usualDurations,
    clock,
    azureTime,
    onError: (error) => report("an index keeps a row", error),
  });
  const plainKeys = createIdempotencyKeys(store);
  const runner = createJobRunner({
    store: jobStore,
    active,
    queue,
    clock,
    implementations: [
      createProvisionJob({
        store: provisionStore,
        publisher,
        usualDurations,
        ...azure,
        preflight: { run: judgeClusterAlone },
        clock,
        azureTime,
      }),
      createGrantRolesJob({ store: provisionStore, publisher, ...azure, clock, azureTime }),
    ],
    exclusive: !isShared,
    isQueueDurable: isShared,
    random: world.dice.random,
    log: {
      warn: (_fields, message) => report(message),
      error: (fields, message) => report(message, "err" in fields ? fields.err : undefined),
    },
  });

  const startJobs = async (): Promise<void> => {
    try {
      await runner.start();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      clock.schedule(STORE_RETRY_MS, () => void startJobs());
    }
  };
  void startJobs();

  return {
    process,
    provisions: {
      ...createProvisionStarter({
        store: provisionStore,
        publisher,
        idempotencyKeys: mutation?.idempotencyKeys?.(plainKeys) ?? plainKeys,
        jobs,
        blockers: createLiveBlockers({
          provisions: provisionStore,
          operations: createOperationStore(store, WORK_TABLE),
        }),
        // The starter's own time limit is the machine's, which has no place here.
        aks: { ...azure.aks, getCluster: (ref) => azure.aks.getCluster(ref) },
        catalogue: CATALOGUE,
        isRegistryKnown: async () => true,
        clock,
      }),
      ...createProvisionActions({ store: provisionStore, publisher, jobs }),
    },
    stop: () => runner.stop(DRAIN_MS),
  };
}

/** Of all that is checked before a create, what decides whose a cluster is. */
const judgeClusterAlone: Preflight["run"] = async ({ clusterName, resourceGroup }, asking) => ({
  checks: [{ name: "cluster", ...judgeCluster(clusterName, resourceGroup, asking?.foreignCluster, undefined) }],
  pending: [],
  maxNodeCounts: [],
});
