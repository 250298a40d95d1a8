import { requirePermission, type Viewer } from "../../auth/viewer.ts";
import type { Demand } from "../../events/demand.ts";
import type { LiveState, StateSource } from "../../events/live-state.ts";
import { mapLiveStream, type LiveStream } from "../../events/live-stream.ts";
import type { Clock } from "../../shared/clock.ts";
import { BUILDS_TOPIC, buildsTopic, buildTopic } from "../registry-publisher.ts";
import type { RegistryService } from "../registry-service.ts";
import type { RegistryStore } from "../registry-store.ts";
import type { Registry } from "../registry.ts";
import type { AcrBuild } from "./acr-build.ts";
import { isTerminalBuild } from "./acr-run.ts";

/** Builds that have begun and ended between two reads of the store are among the newest. */
const NEWEST = 20;

type BuildStream = LiveStream<AcrBuild>;

/**
 * Builds as they change. Whoever looks at the builds of a registry, or of all that Slipway has seen, keeps their watchers
 * going: runs are asked for, repositories are not listed.
 */
export interface BuildFeed {
  /** The builds in flight of every registry that Slipway has seen, newest first. Asking counts as looking for a minute. */
  inFlight(viewer: Viewer): Promise<readonly AcrBuild[]>;
  /** Each build in flight of every registry that Slipway has seen, then each that starts or changes. */
  watchAll(viewer: Viewer): BuildStream;
  /** The same of one registry. Undefined when there is no such registry. */
  watchRegistry(viewer: Viewer, registryArmId: string): Promise<BuildStream | undefined>;
  /** The build now, then each change; ends after its outcome. Undefined when there is no such build. */
  watch(viewer: Viewer, id: string): Promise<BuildStream | undefined>;
}

export function createBuildFeed(deps: {
  readonly registries: RegistryService;
  readonly store: RegistryStore;
  readonly demand: Demand;
  readonly liveState: LiveState;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): BuildFeed {
  const { demand, store } = deps;

  async function wakeAll(): Promise<void> {
    await Promise.all((await store.listKnown()).map((registry) => deps.registries.wake(registry)));
  }

  async function readInFlight(registries: readonly Registry[]): Promise<AcrBuild[]> {
    const builds = (await Promise.all(registries.map((registry) => store.listActiveBuilds(registry)))).flat();
    // A row may outlive its build's end by the moment between two reads.
    return builds.filter((build) => !isTerminalBuild(build.status)).sort(newestFirst);
  }

  function sourceOf(topic: string, listRegistries: () => Promise<readonly Registry[]>): StateSource<AcrBuild> {
    const sinceMs = deps.clock.now();
    let inFlight: ReadonlySet<string> = new Set();
    return {
      topic,
      async read() {
        const registries = await listRegistries();
        const active = await readInFlight(registries);
        const now = new Set(active.map((build) => build.id));
        const left = await Promise.all([...inFlight].filter((id) => !now.has(id)).map((id) => store.readBuild(id)));
        const newest = await Promise.all(registries.map((one) => store.listBuilds(one, {}, { limit: NEWEST })));
        const endedSince = newest
          .flatMap((page) => page.builds.map(({ build }) => build))
          .filter((build) => isTerminalBuild(build.status) && Date.parse(build.observedAt) >= sinceMs);
        inFlight = now;
        return [...active, ...left.filter((build) => build !== undefined), ...endedSince];
      },
      changeMark: async () => {
        const heads = await Promise.all((await listRegistries()).map((registry) => store.readHead(registry)));
        return heads.reduce((sum, head) => sum + head.sequence, 0);
      },
      keyOf: (build) => build.id,
      versionOf: (build) => build.version,
    };
  }

  /** Counts as looking at the topic until the stream ends. */
  function watching(source: StateSource<AcrBuild>, wake: () => Promise<void>): BuildStream {
    const leave = demand.watching(source.topic);
    demand.told(source.topic).then(wake).catch(deps.onError);
    return mapLiveStream(deps.liveState.stream(source), (build) => build, leave);
  }

  return {
    async inFlight(viewer) {
      requirePermission(viewer, "registries:read");
      await demand.asked(BUILDS_TOPIC);
      await wakeAll();
      return readInFlight(await store.listKnown());
    },
    watchAll(viewer) {
      requirePermission(viewer, "registries:read");
      return watching(
        sourceOf(BUILDS_TOPIC, () => store.listKnown()),
        wakeAll,
      );
    },
    async watchRegistry(viewer, registryArmId) {
      requirePermission(viewer, "registries:read");
      const registry = await deps.registries.find(viewer, registryArmId);
      return (
        registry &&
        watching(
          sourceOf(buildsTopic(registry), async () => [registry]),
          () => deps.registries.wake(registry),
        )
      );
    },
    async watch(viewer, id) {
      requirePermission(viewer, "registries:read");
      if (!(await store.readBuild(id))) return undefined;
      return deps.liveState.stream<AcrBuild>({
        topic: buildTopic(id),
        read: async () => {
          const build = await store.readBuild(id);
          return build ? [build] : [];
        },
        keyOf: (build) => build.id,
        versionOf: (build) => build.version,
        isLast: (build) => isTerminalBuild(build.status) || build.replacedBy !== undefined,
      });
    },
  };
}

function newestFirst(a: AcrBuild, b: AcrBuild): number {
  return b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id);
}
