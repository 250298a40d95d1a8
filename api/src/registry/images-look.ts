import { AzureError } from "../shared/azure-error.ts";
import type { AzureTime } from "../shared/azure-time.ts";
import type { Clock } from "../shared/clock.ts";
import type { AcrGateway } from "./acr-gateway.ts";
import type { RegistryStore } from "./registry-store.ts";
import type { Registry } from "./registry.ts";
import { listSlice, listTags, newPass, type ListedRepositories, type ListingPass } from "./repository-listing.ts";

const NEXT_SLICE_MS = 1_000;
const PASS_EVERY_MS = 60_000;
/** Between two passes the data plane is asked for one name, so that a lock shows before the next pass. */
const PROBE_EVERY_MS = 10_000;
const AFTER_TROUBLE_MS = 10_000;
/** A pass over a large registry is rested from in proportion, so that the listing takes a tenth of the time. */
const REST_PER_WORK = 10;
/** Real milliseconds: what others push is seen within a quarter of an hour, however large the registry. */
const LONGEST_REST_MS = 15 * 60_000;
/** Real milliseconds that the data plane has for its part of a look: builds must not wait for it. */
const LISTING_LIMIT_MS = 15_000;

export interface ImagesLook {
  readonly repositories: ListedRepositories;
  /** Repositories whose rows have nothing more to tell. */
  readonly forgotten?: readonly string[];
  /** Of a pass that has come to its end. */
  readonly whole?: { readonly startedAtMs: number };
}

export interface ImagesLookDeps {
  readonly acr: AcrGateway;
  readonly store: RegistryStore;
  readonly clock: Clock;
  readonly azureTime: AzureTime;
}

/**
 * The data plane's half of a registry's watcher. State, all of which can be found out again: a pass under way, a slice a
 * look → its rest, in which each look is a probe of one name → the next pass. A refusal leaves the pass where it was (one
 * that began anew with every refusal might never get to the end) and is followed by a pause; what was refused between two
 * passes is followed by a pass, because nobody knows what was missed.
 */
export interface ImagesWatch {
  /** Begins a pass when one is due. `isRequested`: somebody knows of a change, whenever the next pass would be. */
  prepare(isWanted: boolean, isRequested: boolean): void;
  /** Undefined when there was nothing to ask. @throws AzureError when the data plane refuses or keeps silent */
  look(signal: AbortSignal): Promise<ImagesLook | undefined>;
  /** The tags of these repositories, whatever the pass is at. @throws AzureError */
  refresh(names: readonly string[], signal: AbortSignal): Promise<ListedRepositories>;
  /** Real milliseconds after which the next look has something to ask that can't wait; undefined when there is nothing. */
  dueInMs(): number | undefined;
}

export function createImagesWatch(deps: ImagesLookDeps, registry: Registry): ImagesWatch {
  const { clock, azureTime } = deps;
  let pass: ListingPass | undefined;
  let workedMs = 0;
  let nextPassAtMs = 0;
  let nextProbeAtMs = 0;
  let isPassRequested = false;
  let isInTrouble = false;
  /** Later than now while the data plane has refused a moment ago. */
  let notBeforeMs = 0;

  /** Turns silence into a refusal like any other. */
  async function timely<T>(signal: AbortSignal, work: (limited: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const cancel = clock.schedule(LISTING_LIMIT_MS, () => late.abort());
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

  async function minding<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      if (isInTrouble && !pass) isPassRequested = true;
      isInTrouble = false;
      nextProbeAtMs = clock.now() + azureTime.toRealMs(PROBE_EVERY_MS);
      return result;
    } catch (error) {
      if (error instanceof AzureError) {
        isInTrouble = true;
        notBeforeMs = clock.now() + Math.max(azureTime.toRealMs(AFTER_TROUBLE_MS), error.retryAfterMs ?? 0);
      }
      throw error;
    }
  }

  async function nextSlice(from: ListingPass, signal: AbortSignal): Promise<ImagesLook> {
    const startMs = clock.now();
    const slice = await minding(timely(signal, (limited) => listSlice(deps, registry, from, limited)));
    const nowMs = clock.now();
    workedMs += nowMs - startMs + azureTime.toRealMs(NEXT_SLICE_MS);
    pass = slice.next;
    if (pass) return { repositories: slice.repositories };
    const restMs = Math.min(REST_PER_WORK * workedMs, LONGEST_REST_MS);
    nextPassAtMs = nowMs + Math.max(azureTime.toRealMs(PASS_EVERY_MS), restMs);
    const whole = { startedAtMs: from.startedAtMs };
    return { repositories: slice.repositories, forgotten: slice.forgotten, whole };
  }

  return {
    prepare(isWanted, isRequested) {
      // A pass that is under way may have been past what changed: the next one follows at once.
      isPassRequested = isWanted && (isRequested || isPassRequested);
      if (!isWanted || pass || !(isPassRequested || clock.now() >= nextPassAtMs)) return;
      pass = newPass(clock.now());
      workedMs = 0;
      isPassRequested = false;
    },
    async look(signal) {
      const nowMs = clock.now();
      if (nowMs < notBeforeMs) return undefined;
      if (pass) return nextSlice(pass, signal);
      if (nowMs < nextProbeAtMs) return undefined;
      await minding(timely(signal, (limited) => deps.acr.listRepositoryNames(registry, undefined, 1, limited)));
      return { repositories: new Map() };
    },
    refresh: (names, signal) => timely(signal, (limited) => listTags(deps.acr, registry, names, limited)),
    dueInMs() {
      if (!pass && !isPassRequested && !isInTrouble) return undefined;
      return Math.max(azureTime.toRealMs(NEXT_SLICE_MS), notBeforeMs - clock.now());
    },
  };
}
