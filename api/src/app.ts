import packageJson from "../package.json" with { type: "json" };
import { createActivityService } from "./activity/activity-service.ts";
import { joinDeployment } from "./app-deployment.ts";
import { joinEdge } from "./app-edge.ts";
import { createMeters, readFigures } from "./app-metrics.ts";
import { joinRegistries } from "./app-registries.ts";
import { createTraces, openSpanSink } from "./app-tracing.ts";
import { createWatcherWords } from "./app-watchers.ts";
import { SLIPWAY_VIEWER } from "./auth/viewer.ts";
import { createAzureGateways } from "./azure/azure-gateways.ts";
import { createAzureCredential } from "./azure/credential.ts";
import { createCatalogueCache } from "./clusters/catalogue-cache.ts";
import { createClusterService } from "./clusters/cluster-service.ts";
import { createClusterSnapshotStore } from "./clusters/cluster-snapshot-store.ts";
import { clusterWatchRef, createClusterWatchJob } from "./clusters/cluster-watch-job.ts";
import { createLiveBlockers } from "./clusters/live-blockers.ts";
import { createClusterLookup } from "./clusters/operations/cluster-lookup.ts";
import { createOperationJob } from "./clusters/operations/operation-job.ts";
import { createOperationPublisher } from "./clusters/operations/operation-publisher.ts";
import { createOperationService } from "./clusters/operations/operation-service.ts";
import { createOperationStore } from "./clusters/operations/operation-store.ts";
import { createPreflightService } from "./clusters/preflight/preflight-service.ts";
import { createPreflight } from "./clusters/preflight/preflight.ts";
import { createDurationHistory } from "./clusters/provisioning/duration-history.ts";
import { createGrantRolesJob } from "./clusters/provisioning/grant-roles-job.ts";
import { createIdempotencyKeys } from "./clusters/provisioning/idempotency-keys.ts";
import { createProvisionJob } from "./clusters/provisioning/provision-job.ts";
import { createProvisionPublisher } from "./clusters/provisioning/provision-publisher.ts";
import { createProvisionService } from "./clusters/provisioning/provision-service.ts";
import { createProvisionStore } from "./clusters/provisioning/provision-store.ts";
import { createUsualDurations } from "./clusters/provisioning/usual-duration.ts";
import type { Config } from "./config/config.ts";
import type { Services } from "./context.ts";
import type { ChangeHints } from "./events/change-hints.ts";
import { createLiveLog } from "./events/live-log.ts";
import { createLiveState } from "./events/live-state.ts";
import { closeServer, listen, urlOf } from "./graphql/server-lifetime.ts";
import { createActiveJobIndex } from "./jobs/active-job-index.ts";
import { createJobCensus } from "./jobs/job-census.ts";
import { createJobRunner } from "./jobs/job-runner.ts";
import { createJobService } from "./jobs/job-service.ts";
import { createJobStore } from "./jobs/job-store.ts";
import { observeJob } from "./jobs/observed-job.ts";
import type { Logger } from "./observability/logger.ts";
import { createMetrics } from "./observability/metrics.ts";
import { createTracing } from "./observability/tracing.ts";
import { createAzureTime } from "./shared/azure-time.ts";
import type { Clock } from "./shared/clock.ts";
import { StoreUnavailableError } from "./storage/entity-store.ts";
import { openEntityStore } from "./storage/open-entity-store.ts";
import { createSystemService } from "./system/system-service.ts";

/** Jobs and the records they keep share this table, so that one transaction can change both. */
const WORK_TABLE = "work";
const DRAIN_MS = 5_000;
const STORE_RETRY_MS = 2_000;

export interface App {
  /** Where it listens; the port is the one given, or a free one for port 0. */
  readonly url: string;
  /** Stops taking work, lets looks at Azure end, tells clients to reconnect and closes the store. At most ten seconds. */
  stop(): Promise<void>;
}

/** Joins the parts: adapters, services, schema, server and job runner. The only place that knows all of them. */
export async function createApp(options: {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** @default what the settings say */
  readonly hints?: ChangeHints;
}): Promise<App> {
  const { config, clock, log } = options;
  const metrics = createMetrics({ withProcessMetrics: true });
  const meters = createMeters(metrics, clock);
  const spans = await openSpanSink(config.traces, packageJson.version, log);
  const tracing = createTracing(spans, clock.now);
  const traces = createTraces({ tracing, meters, log });
  const azureTime = createAzureTime(config.azure.kind === "emulator" ? config.azure.speed : 1);
  const store = openEntityStore({
    settings: config.store,
    dataDir: config.dataDir,
    clock,
    random: Math.random,
    createCredential: createAzureCredential,
  });
  const gateways = createAzureGateways({
    ...(config.azure.kind === "emulator" ? { mode: "emulator", emulatorUrl: config.azure.url } : { mode: "azure" }),
    azureTime,
    onRequest: traces.onArmRequest,
  });

  const deployment = joinDeployment({
    config,
    store,
    clock,
    log,
    hints: options.hints,
    onPublishFailure: () => metrics.publishFailures.inc(),
  });
  const { hints, demand, queue, pollMs, listingRequests, isAlone } = deployment;
  const onLiveError = (error: unknown, topic: string): void =>
    log.warn({ topic, err: error }, "a live topic could not be read; it is read again");
  const liveState = createLiveState({ hints, clock, pollMs, onError: onLiveError });
  const liveLog = createLiveLog({ hints, clock, pollMs, onError: onLiveError });

  const active = createActiveJobIndex(store.table("activejobs"));
  const jobStore = createJobStore(store.table(WORK_TABLE));
  const jobs = createJobService({ store: jobStore, active, queue, clock, origin: tracing.origin });

  const catalogue = createCatalogueCache({ catalogue: gateways.catalogue, clock });
  const provisionStore = createProvisionStore(store, WORK_TABLE);
  const history = createDurationHistory(store);
  const usualDurations = createUsualDurations(history);
  const publisher = createProvisionPublisher({
    store: provisionStore,
    hints,
    usualDurations,
    clock,
    azureTime,
    onError: (error) =>
      log.warn({ err: error }, "an ended provision stays in the index of live ones, or is not remembered"),
  });
  const snapshots = createClusterSnapshotStore(store, WORK_TABLE);
  const operationStore = createOperationStore(store, WORK_TABLE);
  const operationPublisher = createOperationPublisher({
    store: operationStore,
    hints,
    clock,
    onClusterChanges: (subscriptionId) => {
      jobs
        .wake(clusterWatchRef(subscriptionId))
        .catch((error: unknown) => log.warn({ err: error }, "the watcher of clusters could not be woken"));
    },
    onError: (error) => log.warn({ err: error }, "an ended operation stays in the index of live ones"),
  });
  const blockers = createLiveBlockers({ provisions: provisionStore, operations: operationStore });
  const isSubscriptionBusy = async (subscriptionId: string): Promise<boolean> => {
    const live = await Promise.all([operationStore.listLive(), provisionStore.listLive()]);
    const key = subscriptionId.toLowerCase();
    return live.flat().some(({ cluster }) => cluster.subscriptionId.toLowerCase() === key);
  };
  const listSubscriptionIds = async (): Promise<readonly string[]> =>
    (await catalogue.listSubscriptions()).map((one) => one.subscriptionId);

  const registryParts = joinRegistries({
    config,
    store,
    workTable: WORK_TABLE,
    acr: gateways.acr,
    listSubscriptionIds,
    jobs,
    demand,
    listingRequests,
    isAlone,
    hints,
    liveState,
    clock,
    azureTime,
    log,
    onBuildTableFailure: () => metrics.buildTableFailures.inc(),
  });
  const { registries } = registryParts;

  const activity = createActivityService({
    store,
    hints,
    liveLog,
    clock,
    isAlone,
    retentionDays: config.activityRetentionDays,
    onError: (error) => log.warn({ err: error }, "an entry of the activity could not be stored; it is tried again"),
  });

  const preflight = createPreflight({
    aks: gateways.aks,
    resourceGroups: gateways.resourceGroups,
    catalogue,
    gateway: gateways.preflight,
    blockers,
    reachRegistry: async (armId) => {
      const registry = await registries.find(SLIPWAY_VIEWER, armId);
      if (registry) await gateways.acr.listRepositoryNames(registry, undefined, 1);
      return registry !== undefined;
    },
    clock,
    onError: (error, check) => log.error({ check, err: error }, "a preflight check failed unexpectedly"),
  });

  const listJobs = createJobCensus({ store: jobStore, active });
  const services: Services = {
    activity,
    clusters: createClusterService({
      snapshots,
      catalogue,
      jobs,
      demand,
      hints,
      liveState,
      clock,
      onError: (error) => log.warn({ err: error }, "the watchers of clusters could not be woken"),
    }),
    preflight: createPreflightService(preflight),
    provisions: createProvisionService({
      store: provisionStore,
      publisher,
      idempotencyKeys: createIdempotencyKeys(store),
      jobs,
      blockers,
      aks: gateways.aks,
      catalogue,
      isRegistryKnown: async (viewer, armId) => (await registries.find(viewer, armId)) !== undefined,
      usualDurations,
      liveState,
      liveLog,
      clock,
    }),
    operations: createOperationService({
      store: operationStore,
      publisher: operationPublisher,
      provisions: provisionStore,
      blockers,
      lookup: createClusterLookup({ aks: gateways.aks, snapshots }),
      catalogue,
      jobs,
      liveState,
      clock,
    }),
    registries,
    builds: registryParts.builds,
    buildFeed: registryParts.buildFeed,
    system: createSystemService({
      version: packageJson.version,
      storeKind: config.store.kind === "embedded" ? "EMBEDDED" : "TABLES",
      pingStore: () => store.ping(),
      listJobs,
      describeWatcher: createWatcherWords({ snapshots, readHead: registryParts.readHead }),
      azureLimits: gateways.rateLimits,
      readFigures: () => readFigures(metrics),
      liveState,
      clock,
    }),
    azure: { mode: config.azure.kind === "emulator" ? "EMULATOR" : "AZURE" },
    azureTime,
    clock,
  };

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
        aks: gateways.aks,
        resourceGroups: gateways.resourceGroups,
        roleAssignments: gateways.roleAssignments,
        preflight,
        clock,
        azureTime,
      }),
      createGrantRolesJob({
        store: provisionStore,
        publisher,
        aks: gateways.aks,
        roleAssignments: gateways.roleAssignments,
        clock,
        azureTime,
      }),
      registryParts.watchJob,
      createOperationJob({
        store: operationStore,
        publisher: operationPublisher,
        provisions: provisionStore,
        provisionPublisher: publisher,
        history,
        aks: gateways.aks,
        resourceGroups: gateways.resourceGroups,
        clock,
        azureTime,
      }),
      createClusterWatchJob({
        aks: gateways.aks,
        snapshots,
        hints,
        demand,
        isBusy: isSubscriptionBusy,
        clock,
        azureTime,
      }),
    ].map((kind) => observeJob(kind, traces.jobs, clock.monotonicMs)),
    // Where tables may be shared, the leases of other instances count.
    exclusive: isAlone,
    isQueueDurable: deployment.isQueueDurable,
    random: Math.random,
    log,
  });

  const { server, webSocket, health } = joinEdge({
    config,
    clock,
    log,
    services,
    store,
    gateways,
    metrics,
    meters,
    aroundOperation: traces.aroundOperation,
    listJobs,
    listingRequests,
    checks: deployment.checks,
    answersPeople: deployment.answersPeople,
  });

  deployment.start();
  // Before anybody can act: what is left behind now is not being done any more.
  await activity.start();
  await listen(server, config.host, config.api.port);
  let isStopping = false;
  // Tables that can't be reached now are no reason to end: readiness tells it, and work begins when they are back.
  const startJobs = async (): Promise<void> => {
    try {
      await runner.start();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      if (isStopping) return;
      log.warn({ err: error }, "the store can't be reached; jobs start when it can");
      clock.schedule(STORE_RETRY_MS, () => {
        startJobs().catch((defect: unknown) => log.error({ err: defect }, "the jobs could not be started"));
      });
    }
  };
  if (deployment.runsJobs) await startJobs();
  // Warm, so that the first form and the first start don't wait for Azure's catalogues.
  listSubscriptionIds().catch((error: unknown) =>
    log.warn({ err: error }, "Azure can't be asked for its subscriptions yet"),
  );

  return {
    url: urlOf(server),
    async stop() {
      isStopping = true;
      health.beginShutdown();
      await Promise.all([runner.stop(DRAIN_MS), webSocket?.stop()]);
      await closeServer(server);
      await activity.stop();
      deployment.stop();
      await store.close();
      await spans.stop();
    },
  };
}
