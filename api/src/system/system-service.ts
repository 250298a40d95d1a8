import { requirePermission, type Viewer } from "../auth/viewer.ts";
import type { LiveState } from "../events/live-state.ts";
import type { LiveStream } from "../events/live-stream.ts";
import { countJobs } from "../jobs/job-census.ts";
import type { JobRecord } from "../jobs/job.ts";
import type { Clock } from "../shared/clock.ts";
import type { AzureLimit, ProcessFigures, StoreHealth, StoreState, SystemHealth, Watcher } from "./system-health.ts";

/** So often is looked while somebody watches, however many do. */
const LOOK_EVERY_MS = 2_000;
const TOPIC = "system-health";
/** Each is a write, which an account counts. */
const STORE_LOOK_EVERY_MS = 5_000;
const STORE_TOPIC = "store-state";

/** How Slipway itself is, for administrators. */
export interface SystemService {
  /** @throws ForbiddenError */
  read(viewer: Viewer): Promise<SystemHealth>;
  /** As it is now, then every two seconds. Never ends by itself. @throws ForbiddenError */
  watch(viewer: Viewer): LiveStream<SystemHealth>;
  /** Whether the store can be used now, then each change. Never ends by itself. @throws ForbiddenError */
  watchStore(viewer: Viewer): LiveStream<StoreState>;
}

export interface SystemServiceDeps {
  readonly version: string;
  readonly storeKind: StoreHealth["kind"];
  /** Rejects with a message for operators while the store can't be used. */
  pingStore(): Promise<void>;
  /** The jobs that have not ended. */
  listJobs(): Promise<readonly JobRecord[]>;
  /** What a watcher's job has come to last; undefined for jobs that watch nothing. */
  describeWatcher(job: JobRecord): Promise<Omit<Watcher, "isResting"> | undefined>;
  azureLimits(): readonly AzureLimit[];
  readFigures(): Promise<ProcessFigures>;
  readonly liveState: LiveState;
  readonly clock: Clock;
}

export function createSystemService(deps: SystemServiceDeps): SystemService {
  const { clock } = deps;
  const startedAt = new Date(clock.now()).toISOString();
  let storeState: StoreState = { isAvailable: true, since: startedAt, version: 1 };

  async function lookAtStore(): Promise<StoreState> {
    const isAvailable = await deps.pingStore().then(
      () => true,
      () => false,
    );
    if (isAvailable !== storeState.isAvailable)
      storeState = { isAvailable, since: new Date(clock.now()).toISOString(), version: storeState.version + 1 };
    return storeState;
  }

  async function watchersAmong(jobs: readonly JobRecord[]): Promise<readonly Watcher[]> {
    const described = await Promise.all(
      jobs.map(async (job) => {
        const watcher = await deps.describeWatcher(job);
        return watcher ? [{ ...watcher, isResting: job.state === "PARKED" }] : [];
      }),
    );
    return described.flat().toSorted((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
  }

  /** What is in the store, or why it can't be read: the rest is told all the same. */
  async function lookIntoStore(): Promise<Pick<SystemHealth, "store" | "jobs" | "watchers">> {
    const { storeKind: kind } = deps;
    try {
      await deps.pingStore();
      const jobs = await deps.listJobs();
      return { store: { kind }, jobs: countJobs(jobs, clock.now()), watchers: await watchersAmong(jobs) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { store: { kind, problem }, jobs: undefined, watchers: undefined };
    }
  }

  async function look(): Promise<SystemHealth> {
    const [stored, process] = await Promise.all([lookIntoStore(), deps.readFigures()]);
    return {
      observedAt: new Date(clock.now()).toISOString(),
      version: deps.version,
      startedAt,
      ...stored,
      azureLimits: deps.azureLimits(),
      process,
    };
  }

  return {
    async read(viewer) {
      requirePermission(viewer, "system:read");
      return look();
    },
    watch(viewer) {
      requirePermission(viewer, "system:read");
      return deps.liveState.stream<SystemHealth>({
        topic: TOPIC,
        read: async () => [await look()],
        // Nothing tells of a change: the topic's own poll looks as often as this changes.
        changeMark: async () => Math.floor(clock.now() / LOOK_EVERY_MS),
        keyOf: () => "system",
        versionOf: ({ observedAt }) => Date.parse(observedAt),
      });
    },
    watchStore(viewer) {
      requirePermission(viewer, "clusters:read");
      return deps.liveState.stream<StoreState>({
        topic: STORE_TOPIC,
        read: async () => [await lookAtStore()],
        changeMark: async () => Math.floor(clock.now() / STORE_LOOK_EVERY_MS),
        keyOf: () => "store",
        versionOf: ({ version }) => version,
      });
    },
  };
}
