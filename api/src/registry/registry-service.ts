import { requirePermission, type Viewer } from "../auth/viewer.ts";
import type { Demand } from "../events/demand.ts";
import type { LiveState } from "../events/live-state.ts";
import { mapLiveStream, type LiveStream } from "../events/live-stream.ts";
import type { JobService } from "../jobs/job-service.ts";
import { armIdKey } from "../shared/arm-id.ts";
import { AzureError } from "../shared/azure-error.ts";
import type { Clock } from "../shared/clock.ts";
import { EntityExistsError } from "../storage/entity-store.ts";
import type { AcrGateway } from "./acr-gateway.ts";
import type { RegistryHead } from "./registry-head.ts";
import { registryTopic, repositoriesTopic } from "./registry-publisher.ts";
import { registryPartition, type RegistryStore } from "./registry-store.ts";
import { registryWatchJob } from "./registry-watch-job.ts";
import { registryKey, type Registry } from "./registry.ts";
import { isOver, type AcrRepository } from "./repository.ts";

const FRESH_MS = 60_000;
const WATCH_JOB_ID = "watch";
/** So long it is told that a placeholder is gone. */
const OVER_MS = 60_000;
/** Tombstones are shown this long. */
const TOMBSTONE_MS = 24 * 60 * 60_000;
/** How long a first question waits for the first look at Azure. */
const FIRST_LOOK_LIMIT_MS = 3_000;
const FIRST_LOOK_CHECK_MS = 100;

export interface KnownRegistry {
  readonly registry: Registry;
  readonly head: RegistryHead;
}

export interface RegistryService {
  /** The registries of all subscriptions, at most a minute old, in Azure's order. @throws ForbiddenError, AzureError */
  list(viewer: Viewer): Promise<readonly Registry[]>;
  find(viewer: Viewer, armId: string): Promise<Registry | undefined>;
  head(viewer: Viewer, registry: Registry): Promise<RegistryHead>;
  /** Every repository that is known, tombstones left out, by name. Asking counts as looking for a minute. */
  repositories(viewer: Viewer, registry: Registry): Promise<readonly AcrRepository[]>;
  /** How the registry is now, then each change. */
  watch(viewer: Viewer, registry: Registry): LiveStream<KnownRegistry>;
  /** Each repository now, tombstones of the last day included, then each change. */
  watchRepositories(viewer: Viewer, registry: Registry): LiveStream<AcrRepository>;
  /** Sees to it that the registry's watcher looks now, and for a minute. */
  keepWatching(registry: Registry): Promise<void>;
  /** Has the registry's watcher find out whether anybody wants to know something; it rests again when nobody does. */
  wake(registry: Registry): Promise<void>;
}

export function createRegistryService(deps: {
  readonly acr: AcrGateway;
  readonly listSubscriptionIds: () => Promise<readonly string[]>;
  readonly store: RegistryStore;
  readonly jobs: JobService;
  readonly demand: Demand;
  readonly liveState: LiveState;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): RegistryService {
  const { clock, demand, store } = deps;
  const remembered = new Set<string>();
  let lastGood: readonly Registry[] | undefined;
  let known: { readonly registries: Promise<readonly Registry[]>; readonly askedAtMs: number } | undefined;

  async function ask(): Promise<readonly Registry[]> {
    const subscriptionIds = await deps.listSubscriptionIds();
    return (await Promise.all(subscriptionIds.map((id) => deps.acr.listRegistries(id)))).flat();
  }

  async function list(viewer: Viewer): Promise<readonly Registry[]> {
    requirePermission(viewer, "registries:read");
    if (!known || clock.now() - known.askedAtMs > FRESH_MS) {
      const registries = ask();
      const entry = { registries, askedAtMs: clock.now() };
      known = entry;
      registries.then(
        (found) => (lastGood = found),
        () => {
          if (known === entry) known = undefined;
        },
      );
    }
    return known.registries.catch((error: unknown) => {
      // Which registries there are is known better from before than not at all.
      if (error instanceof AzureError && lastGood) return lastGood;
      throw error;
    });
  }

  async function find(viewer: Viewer, armId: string): Promise<Registry | undefined> {
    const key = armIdKey(armId);
    try {
      return (await list(viewer)).find((registry) => armIdKey(registry.armId) === key);
    } catch (error) {
      const recalled = error instanceof AzureError ? await store.recall(armId) : undefined;
      if (!recalled) throw error;
      return recalled;
    }
  }

  async function remember(registry: Registry): Promise<void> {
    if (remembered.has(registryKey(registry))) return;
    await store.remember(registry);
    remembered.add(registryKey(registry));
  }

  async function wakeWatcher(registry: Registry, now: boolean): Promise<void> {
    await remember(registry);
    const ref = { partitionKey: registryPartition(registry), jobId: WATCH_JOB_ID };
    if (await deps.jobs.wakeIfParked(ref)) {
      if (now) await deps.jobs.wake(ref);
      return;
    }
    try {
      await deps.jobs.start({ definition: registryWatchJob, ref, input: { registry }, checkpoint: {} });
    } catch (error) {
      // Somebody else has just started it.
      if (!(error instanceof EntityExistsError)) throw error;
    }
  }

  /** Counts as looking, and waits for what there is to see. */
  async function lookFor(registry: Registry): Promise<void> {
    // A watcher that was about to rest must not miss that somebody looks again.
    const isFirst = !demand.isWantedHere(registryTopic(registry));
    await demand.asked(registryTopic(registry));
    await wakeWatcher(registry, isFirst);
    await waitForFirstLook(registry);
  }

  async function waitForFirstLook(registry: Registry): Promise<void> {
    const untilMs = clock.now() + FIRST_LOOK_LIMIT_MS;
    while ((await store.readHead(registry)).sequence === 0 && clock.now() < untilMs)
      await clock.sleep(FIRST_LOOK_CHECK_MS);
  }

  function watching<T>(registry: Registry, stream: LiveStream<T>): LiveStream<T> {
    const isFirst = !demand.isWantedHere(registryTopic(registry));
    const leave = demand.watching(registryTopic(registry));
    demand
      .told(registryTopic(registry))
      .then(() => wakeWatcher(registry, isFirst))
      .catch(deps.onError);
    return mapLiveStream(stream, (record) => record, leave);
  }

  return {
    list,
    find,
    async head(viewer, registry) {
      requirePermission(viewer, "registries:read");
      await lookFor(registry);
      return store.readHead(registry);
    },
    async repositories(viewer, registry) {
      requirePermission(viewer, "registries:read");
      await lookFor(registry);
      const repositories = await store.listRepositories(registry);
      return repositories
        .filter((repository) => repository.deletedAt === undefined && !isOver(repository))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    watch(viewer, registry) {
      requirePermission(viewer, "registries:read");
      const stream = deps.liveState.stream<KnownRegistry>({
        topic: registryTopic(registry),
        read: async () => [{ registry, head: await store.readHead(registry) }],
        keyOf: (one) => registryKey(one.registry),
        versionOf: (one) => one.head.sequence,
      });
      return watching(registry, stream);
    },
    watchRepositories(viewer, registry) {
      requirePermission(viewer, "registries:read");
      const stream = deps.liveState.stream<AcrRepository>({
        topic: repositoriesTopic(registry),
        read: async () => (await store.listRepositories(registry)).filter((one) => isShown(one, clock.now())),
        changeMark: async () => (await store.readHead(registry)).sequence,
        keyOf: (repository) => repository.name,
        versionOf: (repository) => repository.version,
      });
      return watching(registry, stream);
    },
    async keepWatching(registry) {
      // So that the watcher does not rest before what it was woken for is stored.
      await demand.asked(registryTopic(registry));
      await wakeWatcher(registry, true);
    },
    wake: (registry) => wakeWatcher(registry, false),
  };
}

function isShown(repository: AcrRepository, nowMs: number): boolean {
  // For who missed that it went.
  if (isOver(repository)) return nowMs - Date.parse(repository.observedAt) < OVER_MS;
  return repository.deletedAt === undefined || nowMs - Date.parse(repository.deletedAt) < TOMBSTONE_MS;
}
