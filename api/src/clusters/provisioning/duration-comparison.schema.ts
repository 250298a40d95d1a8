import { builder } from "../../graphql/builder.ts";
import { encodeId } from "../../graphql/global-id.ts";
import type { DurationSample } from "./duration-history.ts";
import { toSeconds } from "./pace.ts";
import { ProvisionPhaseEnum, ProvisionStatusEnum } from "./provision-enums.schema.ts";
import { DurationBasisEnum } from "./provision-pace.schema.ts";
import { PROVISION_STEPS, type ProvisionPhase } from "./provision-steps.ts";
import type { Provision, ProvisionStatus } from "./provision.ts";
import type { SimilarProvisions } from "./usual-duration.ts";

const StepDurationType = builder
  .objectRef<{ readonly phase: ProvisionPhase; readonly tookSeconds: number }>("StepDuration")
  .implement({
    description: "How long a step took.",
    fields: (t) => ({
      phase: t.field({ type: ProvisionPhaseEnum, description: "The step.", resolve: ({ phase }) => phase }),
      tookSeconds: t.exposeInt("tookSeconds", { description: "Its duration." }),
    }),
  });

interface PastProvision {
  readonly sample: DurationSample;
  readonly scale: number;
  readonly isThis: boolean;
}

const PastProvisionType = builder.objectRef<PastProvision>("PastProvision").implement({
  description: "How long an earlier provision took.",
  fields: (t) => ({
    provisionId: t.id({ description: "Its id.", resolve: ({ sample }) => encodeId("Provision", sample.id) }),
    clusterName: t.string({ description: "Name of its cluster.", resolve: ({ sample }) => sample.label }),
    startedAt: t.field({
      type: "DateTime",
      description: "When it was asked for.",
      resolve: ({ sample }) => new Date(sample.atMs).toISOString(),
    }),
    tookSeconds: t.int({
      description: "How long it took until its end.",
      resolve: ({ sample, scale }) => Math.round(sample.durationMs / scale / 1000),
    }),
    outcome: t.field({
      type: ProvisionStatusEnum,
      description: "How it ended.",
      resolve: ({ sample }) => sample.outcome as ProvisionStatus,
    }),
    steps: t.field({
      type: [StepDurationType],
      description: "How long each of its steps took, in order.",
      resolve: ({ sample, scale }) =>
        PROVISION_STEPS.flatMap(({ phase }) => {
          const ms = sample.parts[phase];
          return ms === undefined ? [] : [{ phase, tookSeconds: Math.round(ms / scale / 1000) }];
        }),
    }),
    isThis: t.exposeBoolean("isThis", { description: "Whether it is the provision that was asked about." }),
  }),
});

interface DurationComparison {
  readonly provision: Provision;
  readonly similar: SimilarProvisions;
}

/** Seconds of the emulator's clock while it is moved by hand: there is no other measure then. */
function scaleOf({ times }: Provision): number {
  return times?.scale || 1;
}

export const DurationComparisonType = builder.objectRef<DurationComparison>("DurationComparison").implement({
  description:
    "A provision beside earlier ones like it. All durations are as they would be at the speed of its Azure, so that they compare.",
  fields: (t) => ({
    basis: t.field({
      type: DurationBasisEnum,
      description: "What makes them alike.",
      resolve: ({ similar }) => similar.basis,
    }),
    samples: t.int({
      description: "How many that succeeded the figures below are computed from; 0 when they are Azure's own estimate.",
      resolve: ({ similar }) => similar.usual.samples,
    }),
    lowSeconds: t.int({
      description: "Nine of ten take longer.",
      resolve: ({ similar, provision }) => toSeconds(similar.usual.lowMs, scaleOf(provision)),
    }),
    highSeconds: t.int({
      description: "Nine of ten are done by then.",
      resolve: ({ similar, provision }) => toSeconds(similar.usual.highMs, scaleOf(provision)),
    }),
    slowSeconds: t.int({
      description: "What takes longer is SLOW.",
      resolve: ({ similar, provision }) => toSeconds(similar.usual.slowMs, scaleOf(provision)),
    }),
    provisions: t.field({
      type: [PastProvisionType],
      description: "Newest first, whatever their outcome. One that is under way is not among them.",
      resolve: ({ similar, provision }) =>
        similar.samples.map((sample) => ({
          sample,
          scale: scaleOf(provision),
          isThis: sample.id === provision.id,
        })),
    }),
  }),
});
