import type { Config } from "./config/config.ts";
import type { ChangeHints } from "./events/change-hints.ts";
import type { Demand } from "./events/demand.ts";
import type { LiveState } from "./events/live-state.ts";
import type { AnyJobImplementation } from "./jobs/define-job.ts";
import type { JobService } from "./jobs/job-service.ts";
import type { Logger } from "./observability/logger.ts";
import type { AcrGateway } from "./registry/acr-gateway.ts";
import { createBuildFeed, type BuildFeed } from "./registry/builds/build-feed.ts";
import { createBuildLogs } from "./registry/builds/build-log.ts";
import { createBuildRunTable } from "./registry/builds/build-run-table.ts";
import { createBuildService, type BuildService } from "./registry/builds/build-service.ts";
import type { ListingRequests } from "./registry/listing-requests.ts";
import type { RegistryHead } from "./registry/registry-head.ts";
import { ANSWER_MS } from "./registry/registry-look.ts";
import { publishRegistryChange } from "./registry/registry-publisher.ts";
import { createRegistryService, type RegistryService } from "./registry/registry-service.ts";
import { createRegistryStore } from "./registry/registry-store.ts";
import { createRegistryWatchJob } from "./registry/registry-watch-job.ts";
import type { Registry } from "./registry/registry.ts";
import type { AzureTime } from "./shared/azure-time.ts";
import type { Clock } from "./shared/clock.ts";
import type { EntityStore } from "./storage/entity-store.ts";

/** After this long without a run an asked-for build was never begun, in Azure's time. */
const BUILD_INTENT_LIMIT_MS = 10 * 60_000;

/** The parts of the registries' slice that others are joined to. */
export interface RegistryParts {
  readonly registries: RegistryService;
  readonly builds: BuildService;
  readonly buildFeed: BuildFeed;
  readonly watchJob: AnyJobImplementation;
  /** How a registry is as a whole, as stored. */
  readonly readHead: (registry: Registry) => Promise<RegistryHead>;
}

/** Joins what registries and builds are made of; a part of `createApp` on its own page. */
export function joinRegistries(deps: {
  readonly config: Config;
  readonly store: EntityStore;
  readonly workTable: string;
  readonly acr: AcrGateway;
  readonly listSubscriptionIds: () => Promise<readonly string[]>;
  readonly jobs: JobService;
  readonly demand: Demand;
  readonly listingRequests: ListingRequests;
  /** No other process asks for builds. */
  readonly isAlone: boolean;
  readonly hints: ChangeHints;
  readonly liveState: LiveState;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
  readonly log: Logger;
  readonly onBuildTableFailure: () => void;
}): RegistryParts {
  const { config, store, acr, listSubscriptionIds, jobs, demand, hints, liveState, clock, azureTime, log } = deps;
  const registryStore = createRegistryStore({ store, workTable: deps.workTable, now: clock.now });
  const buildRuns = createBuildRunTable(store, config.acrBuildTable);
  const schedulingBuilds = new Set<string>();
  const onBuildTableError = (error: unknown): void => {
    deps.onBuildTableFailure();
    log.warn({ err: error }, "the table of build runs can't be used; listings go on without it");
  };
  const onRegistryNotWoken = (error: unknown): void =>
    log.warn({ err: error }, "the watcher of a registry could not be woken");
  const registries = createRegistryService({
    acr,
    listSubscriptionIds,
    store: registryStore,
    jobs,
    demand,
    liveState,
    clock,
    onError: onRegistryNotWoken,
  });
  const builds = createBuildService({
    registries,
    acr,
    store: registryStore,
    buildRuns,
    logs: createBuildLogs({ acr, store: registryStore, clock, azureTime }),
    allowedSourceHosts: config.buildSourceHosts,
    clock,
    onBuildTableError,
    scheduling: schedulingBuilds,
    onAnswerNotStored: (error) =>
      log.warn({ err: error }, "what Azure answered to a build could not be stored; its watcher finds it out"),
    write: async (registry, findings) =>
      publishRegistryChange(hints, registry, await registryStore.write(registry, findings)),
  });
  const buildFeed = createBuildFeed({
    registries,
    store: registryStore,
    demand,
    liveState,
    clock,
    onError: onRegistryNotWoken,
  });
  const watchJob = createRegistryWatchJob({
    acr,
    store: registryStore,
    buildRuns,
    now: clock.now,
    intentLimitMs: () => azureTime.toRealLimitMs(BUILD_INTENT_LIMIT_MS),
    isBeingScheduled: ({ id, createdAt }) =>
      schedulingBuilds.has(id) || (!deps.isAlone && clock.now() - Date.parse(createdAt) < ANSWER_MS),
    onBuildTableError,
    hints,
    demand,
    listingRequests: deps.listingRequests,
    clock,
    azureTime,
  });
  return { registries, builds, buildFeed, watchJob, readHead: registryStore.readHead };
}
