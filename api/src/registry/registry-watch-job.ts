import { z } from "zod";
import type { ChangeHints } from "../events/change-hints.ts";
import type { Demand } from "../events/demand.ts";
import {
  defineJob,
  implementJob,
  type AnyJobImplementation,
  type JobMove,
  type RetryReason,
} from "../jobs/define-job.ts";
import { AzureError } from "../shared/azure-error.ts";
import type { AzureTime } from "../shared/azure-time.ts";
import type { Clock } from "../shared/clock.ts";
import { tidyBuildTable } from "./builds/build-table-upkeep.ts";
import { createImagesWatch, type ImagesLook, type ImagesWatch } from "./images-look.ts";
import type { ListingRequests } from "./listing-requests.ts";
import type { RegistryHead } from "./registry-head.ts";
import { lookAtBuilds, newRunMemory, type BuildLook, type BuildLookDeps, type RunMemory } from "./registry-look.ts";
import { registryProblem } from "./registry-problem.ts";
import { BUILDS_TOPIC, buildsTopic, publishRegistryChange, registryTopic } from "./registry-publisher.ts";
import { buildsThatFit, type RegistryFindings } from "./registry-store.ts";
import { registryKey, type Registry } from "./registry.ts";

const BUSY_EVERY_MS = 5_000;
const IDLE_EVERY_MS = 20_000;

const registrySchema = z.object({
  armId: z.string(),
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  name: z.string(),
  location: z.string(),
  loginServer: z.string(),
  sku: z.string(),
});

type Checkpoint = Record<string, never>;

export const registryWatchJob = defineJob<{ readonly registry: Registry }, Checkpoint>({
  name: "watch-registry",
  input: z.object({ registry: registrySchema }),
  checkpoint: z.record(z.string(), z.never()),
  firstStep: "look",
});

export interface RegistryWatchDeps extends BuildLookDeps {
  readonly hints: ChangeHints;
  readonly demand: Demand;
  readonly listingRequests: ListingRequests;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
}

/** What a watcher remembers between looks; all of it can be found out again. */
interface Memory {
  readonly runs: RunMemory;
  readonly images: ImagesWatch;
}

/**
 * The one watcher of a registry, however many look. Each look asks for the runs and has its word with the data plane
 * (`images-look.ts`); the two fail apart, so that a locked data plane hides no build and the other way round. Fast while
 * a build is in flight, slow while somebody only looks, parked when neither. Who looks at builds alone has no repositories
 * listed.
 */
export function createRegistryWatchJob(deps: RegistryWatchDeps): AnyJobImplementation {
  const memories = new Map<string, Memory>();

  function memoryOf(registry: Registry): Memory {
    const memory = memories.get(registryKey(registry)) ?? {
      runs: newRunMemory(),
      images: createImagesWatch(deps, registry),
    };
    memories.set(registryKey(registry), memory);
    return memory;
  }

  async function look(registry: Registry, signal: AbortSignal): Promise<JobMove<Checkpoint>> {
    const memory = memoryOf(registry);
    const topics = [registryTopic(registry), buildsTopic(registry), BUILDS_TOPIC];
    const [isWanted = false, ...wanted] = await Promise.all(topics.map((topic) => deps.demand.isWanted(topic)));
    const areBuildsWanted = wanted.some(Boolean);
    if (!isWanted && !areBuildsWanted && (await deps.store.listActiveBuilds(registry)).length === 0) {
      // The outcome of the last build is stored by now.
      await tidyBuildTable(deps, registry);
      return { kind: "park", checkpoint: {} };
    }
    const nowMs = deps.clock.now();
    await deps.store.fillImageHistory(registry);
    memory.images.prepare(isWanted, await deps.listingRequests.take(registry));
    const [found, listed] = await Promise.all([
      trying(() => lookAtBuilds(deps, registry, memory.runs, signal)),
      trying(() => memory.images.look(signal)),
    ]);
    const builds = fitting(found, listed.value?.repositories.size ?? 0);
    // A build that has just succeeded has pushed: its tags are listed at once, whatever the pass is at.
    const pushed = await trying(() => memory.images.refresh(pushedImages(builds.value), signal));
    const images = listed.error || !pushed.error ? listed : { ...listed, error: pushed.error };
    const findings: RegistryFindings = {
      builds: builds.value?.builds ?? [],
      repositories: new Map([...(listed.value?.repositories ?? []), ...(pushed.value ?? [])]),
      forgotten: listed.value?.forgotten ?? [],
      head: headOf(registry, builds, images, nowMs),
    };
    return {
      kind: "again",
      delayMs: delayOf(memory, builds),
      ...retryOf([builds.error, images.error]),
      checkpoint: {},
      changes: () =>
        deps.store.changes(registry, findings, (change) => publishRegistryChange(deps.hints, registry, change)),
    };
  }

  function delayOf(memory: Memory, builds: Tried<BuildLook>): number {
    if (builds.value?.hasMore) return builds.value.retryAfterMs ?? 0;
    // A registry that is gone is asked for less often than one that is in trouble.
    const isBusy = builds.value?.isBusy ?? builds.error?.kind !== "not-found";
    const paceMs = deps.azureTime.toRealMs(isBusy ? BUSY_EVERY_MS : IDLE_EVERY_MS);
    // What the data plane refuses must not slow the builds down, nor the other way round.
    return Math.max(
      Math.min(paceMs, memory.images.dueInMs() ?? paceMs),
      (builds.value ?? builds.error)?.retryAfterMs ?? 0,
    );
  }

  return implementJob({
    definition: registryWatchJob,
    steps: [{ name: "look", run: (given) => look(given.input.registry, given.signal) }],
    // A watcher has no end of its own: it rests, and the next one who asks wakes it.
    giveUp: async () => ({ kind: "park", checkpoint: {} }),
  });
}

function pushedImages(look: BuildLook | undefined): readonly string[] {
  const pushed = (look?.builds ?? []).filter((build) => build.status === "SUCCEEDED");
  return [...new Set(pushed.map((build) => build.image))];
}

/** As many builds as one write takes beside the changed repositories; the rest comes with the next look. */
function fitting(found: Tried<BuildLook>, repositories: number): Tried<BuildLook> {
  const { value } = found;
  const room = buildsThatFit(repositories);
  if (!value || value.builds.length <= room) return found;
  return { value: { ...value, builds: value.builds.slice(0, room), hasMore: true } };
}

interface Tried<T> {
  readonly value?: T;
  readonly error?: AzureError;
}

async function trying<T>(work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { error };
  }
}

/** For metrics: what is refused for good is no second try. */
function retryOf(errors: readonly (AzureError | undefined)[]): { readonly retry?: RetryReason } {
  const passing = errors.find((error) => error?.kind === "transient");
  return passing ? { retry: passing.status === 429 ? "throttled" : "trouble" } : {};
}

/** The two sides answer for themselves: what could be asked is fine, what could not is said, with what to do. */
function headOf(
  registry: Registry,
  builds: Tried<BuildLook>,
  images: Tried<ImagesLook | undefined>,
  nowMs: number,
): Partial<Omit<RegistryHead, "sequence">> {
  const { whole } = images.value ?? {};
  return {
    armProblem: builds.error ? registryProblem(registry, "arm", builds.error) : null,
    ...(images.error ? { dataPlaneProblem: registryProblem(registry, "data plane", images.error) } : {}),
    ...(images.value && !images.error ? { dataPlaneProblem: null } : {}),
    ...(whole
      ? {
          isListingComplete: true,
          imagesObservedAt: new Date(whole.startedAtMs).toISOString(),
        }
      : {}),
    ...(builds.error ? {} : { observedAt: new Date(nowMs).toISOString() }),
  };
}
