import { z } from "zod";
import type { ChangeHints } from "../events/change-hints.ts";
import type { Demand } from "../events/demand.ts";
import { defineJob, implementJob, type AnyJobImplementation, type JobMove } from "../jobs/define-job.ts";
import { AzureError } from "../shared/azure-error.ts";
import type { AzureTime } from "../shared/azure-time.ts";
import type { Clock } from "../shared/clock.ts";
import type { ListingRequests } from "./listing-requests.ts";
import { lookAtBuilds, tidyBuildTable, type BuildLook, type BuildLookDeps } from "./registry-look.ts";
import { BUILDS_TOPIC, buildsTopic, publishRegistryChange, registryTopic } from "./registry-publisher.ts";
import { buildsThatFit, type RegistryFindings, type RegistryHead } from "./registry-store.ts";
import { registryKey, type Registry } from "./registry.ts";
import { listSlice, listTags, newPass, type ListingPass, type ListingSlice } from "./repository-listing.ts";

const BUSY_EVERY_MS = 5_000;
const IDLE_EVERY_MS = 20_000;
const NEXT_SLICE_MS = 1_000;
const AFTER_TROUBLE_MS = 30_000;
/** Real milliseconds that the data plane has for its part of a look: builds must not wait for it. */
const LISTING_LIMIT_MS = 15_000;
const PASS_EVERY_MS = 60_000;
/** A pass over a large registry is rested from in proportion, so that the listing takes a tenth of the time at most. */
const REST_PER_PASS = 10;

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
  readonly settledRuns: Set<string>;
  pass: ListingPass | undefined;
  nextPassAtMs: number;
  /** Somebody knows of a change, whenever the next pass would be. */
  isPassRequested: boolean;
  /** Later than now while the data plane has refused a moment ago. */
  nextSliceAtMs: number;
}

/**
 * The one watcher of a registry, however many look. Each look asks for the runs and, while a pass is under way, for the next
 * slice of repositories; the two fail apart, so that a locked data plane hides no build and the other way round. Fast while
 * a build is in flight, slow while somebody only looks, parked when neither. Who looks at builds alone has no repositories
 * listed.
 */
export function createRegistryWatchJob(deps: RegistryWatchDeps): AnyJobImplementation {
  const memories = new Map<string, Memory>();

  function memoryOf(registry: Registry): Memory {
    const memory = memories.get(registryKey(registry)) ?? {
      settledRuns: new Set<string>(),
      pass: undefined,
      nextPassAtMs: 0,
      isPassRequested: false,
      nextSliceAtMs: 0,
    };
    memories.set(registryKey(registry), memory);
    return memory;
  }

  async function look(registry: Registry, signal: AbortSignal): Promise<JobMove<Checkpoint>> {
    const memory = memoryOf(registry);
    const isWanted = deps.demand.isWanted(registryTopic(registry));
    const areBuildsWanted = [buildsTopic(registry), BUILDS_TOPIC].some((topic) => deps.demand.isWanted(topic));
    if (!isWanted && !areBuildsWanted && (await deps.store.listActiveBuilds(registry)).length === 0) {
      // The outcome of the last build is stored by now.
      await tidyBuildTable(deps, registry);
      return { kind: "park", checkpoint: {} };
    }
    const nowMs = deps.clock.now();
    // A pass that is under way may have been past what changed: the next one follows at once.
    const isRequested = deps.listingRequests.take(registry) || memory.isPassRequested;
    memory.isPassRequested = isWanted && isRequested;
    if (isWanted && !memory.pass && (memory.isPassRequested || nowMs >= memory.nextPassAtMs)) {
      memory.pass = newPass(nowMs);
      memory.isPassRequested = false;
    }
    const { pass } = memory;
    const isSliceDue = nowMs >= memory.nextSliceAtMs;
    const [found, listed] = await Promise.all([
      trying(() => lookAtBuilds(deps, registry, memory.settledRuns, signal)),
      trying(async () =>
        pass && isSliceDue ? timely(signal, (limited) => listSlice(deps, registry, pass, limited)) : undefined,
      ),
    ]);
    const builds = fitting(found, listed.value?.repositories.size ?? 0);
    const pushed = await refreshPushed(registry, builds, signal);
    const slice = listed.error || !pushed.error ? listed : { ...listed, error: pushed.error };
    const findings: RegistryFindings = {
      builds: builds.value?.builds ?? [],
      repositories: new Map([...(listed.value?.repositories ?? []), ...(pushed.value ?? [])]),
      head: headOf(registry, builds, slice, nowMs),
    };
    advancePass(memory, listed, deps.clock.now());
    return {
      kind: "again",
      delayMs: delayOf(memory, builds, slice),
      checkpoint: {},
      changes: () =>
        deps.store.changes(registry, findings, (change) => publishRegistryChange(deps.hints, registry, change)),
    };
  }

  /** Turns silence into a refusal like any other. */
  async function timely<T>(signal: AbortSignal, work: (limited: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const cancel = deps.clock.schedule(LISTING_LIMIT_MS, () => late.abort());
    try {
      return await work(AbortSignal.any([signal, late.signal]));
    } catch (error) {
      if (signal.aborted || !late.signal.aborted) throw error;
      const message = "The registry did not answer in time.";
      throw new AzureError({ kind: "transient", body: { code: "DataPlaneTimeout", message } }, { cause: error });
    } finally {
      cancel();
    }
  }

  /** A build that has just succeeded has pushed: its tags are listed at once, whatever the pass is at. */
  function refreshPushed(
    registry: Registry,
    builds: Tried<BuildLook>,
    signal: AbortSignal,
  ): Promise<Tried<Awaited<ReturnType<typeof listTags>>>> {
    const images = (builds.value?.builds ?? [])
      .filter((build) => build.status === "SUCCEEDED")
      .map((build) => build.image);
    return trying(() => timely(signal, (limited) => listTags(deps.acr, registry, [...new Set(images)], limited)));
  }

  function advancePass(memory: Memory, slice: Tried<ListingSlice | undefined>, nowMs: number): void {
    if (slice.error) {
      // The pass goes on where it was: one that began anew with every refusal might never get to the end.
      memory.nextSliceAtMs = nowMs + Math.max(deps.azureTime.toRealMs(AFTER_TROUBLE_MS), slice.error.retryAfterMs ?? 0);
    } else if (slice.value?.next) {
      memory.pass = slice.value.next;
    } else if (slice.value && memory.pass) {
      const tookMs = nowMs - memory.pass.startedAtMs;
      memory.nextPassAtMs = nowMs + Math.max(deps.azureTime.toRealMs(PASS_EVERY_MS), REST_PER_PASS * tookMs);
      memory.pass = undefined;
    }
  }

  function delayOf(memory: Memory, builds: Tried<BuildLook>, slice: Tried<ListingSlice | undefined>): number {
    if (builds.value?.hasMore) return 0;
    const isListing =
      (memory.pass !== undefined || memory.isPassRequested) && !slice.error && deps.clock.now() >= memory.nextSliceAtMs;
    // A registry that is gone is asked for less often than one that is in trouble.
    const isBusy = builds.value?.isBusy ?? builds.error?.kind !== "not-found";
    const pace = isListing ? NEXT_SLICE_MS : isBusy ? BUSY_EVERY_MS : IDLE_EVERY_MS;
    // The data plane is waited for by its own next slice: what it refuses must not slow the builds down.
    return Math.max(deps.azureTime.toRealMs(pace), builds.error?.retryAfterMs ?? 0);
  }

  return implementJob({
    definition: registryWatchJob,
    steps: [{ name: "look", run: (given) => look(given.input.registry, given.signal) }],
    // A watcher has no end of its own: it rests, and the next one who asks wakes it.
    giveUp: async () => ({ kind: "park", checkpoint: {} }),
  });
}

/** As many builds as one write takes beside the changed repositories; the rest comes with the next look. */
function fitting(found: Tried<BuildLook>, repositories: number): Tried<BuildLook> {
  const { value } = found;
  const room = buildsThatFit(repositories);
  if (!value || value.builds.length <= room) return found;
  return { value: { ...value, builds: value.builds.slice(0, room), hasMore: true } };
}

/** What to do about a refusal; Azure's own words tell why. */
function adviceOn({ kind }: AzureError, side: "arm" | "data plane"): string {
  switch (kind) {
    case "forbidden":
      return side === "arm"
        ? "Give Slipway's identity a role on the registry that may read its runs (see the documentation on roles)."
        : "Let Slipway's address through the registry's firewall, and give its identity AcrPull on the registry.";
    case "not-found":
      return "See whether the registry still exists and Slipway's identity may read it.";
    case "transient":
    case "lost-reply":
      return "It is tried again by itself; see Azure's service health when it lasts.";
    case "conflict":
    case "permanent":
    case "unknown":
      return "See the registry in the Azure portal.";
  }
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

/** The two sides answer for themselves: what could be asked is fine, what could not is said, with what to do. */
function headOf(
  registry: Registry,
  builds: Tried<BuildLook>,
  slice: Tried<ListingSlice | undefined>,
  nowMs: number,
): Partial<Omit<RegistryHead, "sequence">> {
  const listing = slice.value;
  return {
    armProblem: builds.error
      ? { code: builds.error.code, message: problemText(`The builds of ${registry.name}`, builds.error, "arm") }
      : null,
    ...(slice.error
      ? {
          dataPlaneProblem: {
            code: slice.error.code,
            message: problemText(`The images of ${registry.loginServer}`, slice.error, "data plane"),
          },
        }
      : {}),
    ...(listing && !slice.error ? { dataPlaneProblem: null } : {}),
    ...(listing && !listing.next ? { repositoryCount: listing.seen.size, isListingComplete: true } : {}),
    ...(builds.error ? {} : { observedAt: new Date(nowMs).toISOString() }),
  };
}

function problemText(what: string, error: AzureError, side: "arm" | "data plane"): string {
  return `${what} can't be read: ${error.message.trim().replace(/([^.!?])$/, "$1.")} ${adviceOn(error, side)}`;
}
