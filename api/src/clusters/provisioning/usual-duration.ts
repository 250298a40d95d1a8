import { KEPT_SAMPLES, rangeOf, type DurationHistory, type DurationSample } from "./duration-history.ts";
import { PROVISION_STEPS, type ProvisionPhase } from "./provision-steps.ts";
import { stepDurations } from "./provision-times.ts";
import type { DurationBasis, Provision, UsualDuration } from "./provision.ts";

/** Azure's own words for a create without history: five to ten minutes; a fifth more is slow. */
const AZURE_LOW_MS = 5 * 60_000;
const AZURE_HIGH_MS = 10 * 60_000;
const AZURE_SLOW_MS = 12 * 60_000;
/** Waits for a passing trouble are real ones: at the emulator's speed they stand for hours that no create takes. */
const LONGEST_EMULATED_MS = 45 * 60_000;

/** Earlier provisions like one, and what they were chosen by. */
export interface SimilarProvisions {
  readonly basis: DurationBasis;
  readonly usual: UsualDuration;
  /** Newest first, whatever their outcome. */
  readonly samples: readonly DurationSample[];
}

/** How long creates take here, remembered and told. */
export interface UsualDurations {
  /**
   * Remembers how an ended provision went. Called before its end is stored, so that no crash loses it; again, it replaces what
   * it said. A verdict that was amended (`isAmended`) came at another time than Azure's work ended, so it doesn't count.
   */
  remember(provision: Provision, options?: { readonly isAmended?: boolean }): Promise<void>;
  /** By the closest kind that has enough samples: this size here, this location, everywhere; else Azure's own estimate. */
  of(provision: Provision): Promise<UsualDuration>;
  similarTo(provision: Provision, limit: number): Promise<SimilarProvisions>;
}

export function createUsualDurations(history: DurationHistory): UsualDurations {
  async function find(provision: Provision): Promise<{ usual: UsualDuration; kind: string }> {
    for (const { basis, kind } of kindsOf(provision)) {
      const samples = await history.counted(kind);
      const range = rangeOf(samples);
      if (!range) continue;
      const { lowMs, highMs, slowMs } = range;
      return {
        kind,
        usual: {
          basis,
          samples: samples.length,
          lowMs,
          highMs,
          slowMs,
          stepMs: { ...AZURE_ESTIMATE.stepMs, ...usualSteps(samples) },
        },
      };
    }
    return { kind: "provision", usual: AZURE_ESTIMATE };
  }

  return {
    async remember(provision, { isAmended = false } = {}) {
      const sample = toSample(provision);
      const counts = !isAmended && isMeasured(provision);
      await Promise.all(kindsOf(provision).map(({ kind }) => history.record(kind, sample, counts)));
    },
    of: async (provision) => (await find(provision)).usual,
    async similarTo(provision, limit) {
      const { usual, kind } = await find(provision);
      const samples = await history.newest(kind, Math.min(limit, KEPT_SAMPLES));
      return { basis: usual.basis, usual, samples };
    },
  };
}

const AZURE_ESTIMATE: UsualDuration = {
  basis: "AZURE",
  samples: 0,
  lowMs: AZURE_LOW_MS,
  highMs: AZURE_HIGH_MS,
  slowMs: AZURE_SLOW_MS,
  stepMs: Object.fromEntries(PROVISION_STEPS.map((step) => [step.phase, step.usualSeconds * 1000])),
};

/**
 * From the closest to the widest. What tells creates apart is where they are, the size whose machines there are most of,
 * because Azure has to find them, and roughly how many there are.
 */
function kindsOf({ location, nodePoolSpecs }: Provision): readonly { basis: DurationBasis; kind: string }[] {
  const largest = nodePoolSpecs.reduce<(typeof nodePoolSpecs)[number] | undefined>(
    (most, pool) => (most && most.count >= pool.count ? most : pool),
    undefined,
  );
  const nodes = nodePoolSpecs.reduce((sum, pool) => sum + pool.count, 0);
  const parts = [location, largest?.vmSize ?? "none", nodeClass(nodes)].map(toKeyPart);
  return [
    { basis: "SIZE", kind: ["provision", ...parts].join(":") },
    { basis: "LOCATION", kind: `provision:${parts[0]}` },
    { basis: "EVERYWHERE", kind: "provision" },
  ];
}

function nodeClass(nodes: number): string {
  if (nodes <= 3) return "few";
  return nodes <= 20 ? "some" : "many";
}

/** Keys take no slashes, hashes and question marks. */
function toKeyPart(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9_.-]/g, "_");
}

function isMeasured({ status, times }: Provision): boolean {
  if (status !== "SUCCEEDED" || !times || times.scale === 0) return false;
  return times.scale === 1 || times.elapsedMs < LONGEST_EMULATED_MS;
}

function toSample(provision: Provision): DurationSample {
  return {
    id: provision.id,
    atMs: Date.parse(provision.createdAt),
    durationMs: provision.times?.elapsedMs ?? 0,
    outcome: provision.status,
    label: provision.cluster.name,
    parts: stepDurations(provision),
  };
}

/** The median of each step. */
function usualSteps(samples: readonly DurationSample[]): Partial<Record<ProvisionPhase, number>> {
  const known = PROVISION_STEPS.flatMap(({ phase }): [ProvisionPhase, number][] => {
    const sorted = samples.flatMap(({ parts }) => parts[phase] ?? []).sort((a, b) => a - b);
    const middle = sorted[Math.floor((sorted.length - 1) / 2)];
    return middle === undefined ? [] : [[phase, middle]];
  });
  return Object.fromEntries(known);
}
