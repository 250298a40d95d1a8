import { builder } from "../../graphql/builder.ts";
import { expectedSeconds, type Pace } from "./pace.ts";
import { ProvisionPhaseEnum } from "./provision-enums.schema.ts";
import { PROVISION_STEPS, stepOf, type ProvisionPhase } from "./provision-steps.ts";
import type { DurationBasis, NodePoolProgress, Provision } from "./provision.ts";

export const PaceEnum = builder.enumType("Pace", {
  description:
    "Slow and stuck told apart. Both are past what creates take here; a stuck one has not changed for long either.",
  values: {
    ON_TRACK: { description: "No longer than creates take here." },
    SLOW: { description: "Slower than 95 % of creates here. Nothing is known to be wrong." },
    STUCK: {
      description:
        "Slow, and without any change for twenty minutes or twice what a create takes here, whichever is longer.",
    },
    UNKNOWN: { description: "Too little is known to tell." },
  } as const satisfies Record<Pace, object>,
});

export const DurationBasisEnum = builder.enumType("DurationBasis", {
  description: "Which earlier provisions a duration is computed from: the closest kind that has at least five.",
  values: {
    SIZE: { description: "Those in the same location with the same VM size and about as many nodes." },
    LOCATION: { description: "All in the same location." },
    EVERYWHERE: { description: "All of this Slipway." },
    AZURE: { description: "None: it is Azure's own estimate." },
  } as const satisfies Record<DurationBasis, object>,
});

interface Expected {
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly samples: number;
  readonly basis: DurationBasis;
}

export const ExpectedDurationType = builder.objectRef<Expected>("ExpectedDuration").implement({
  description: "How long a provision usually takes here.",
  fields: (t) => ({
    lowSeconds: t.exposeInt("lowSeconds", { description: "Nine of ten take longer." }),
    highSeconds: t.exposeInt("highSeconds", { description: "Nine of ten are done by then." }),
    samples: t.exposeInt("samples", {
      description: "Earlier provisions it is computed from; 0 when it is Azure's own estimate.",
    }),
    basis: t.field({
      type: DurationBasisEnum,
      description: "Which earlier provisions these are.",
      resolve: ({ basis }) => basis,
    }),
  }),
});

export function toExpected(provision: Provision): Expected | null {
  const range = expectedSeconds(provision);
  if (!range || !provision.usual) return null;
  const { samples, basis } = provision.usual;
  return { ...range, samples, basis };
}

export const EstimatedFinishType = builder
  .objectRef<{ readonly earliest: string; readonly latest: string }>("EstimatedFinish")
  .implement({
    description:
      "Between when and when it will probably be done. Fixed at the start: it does not move while time passes.",
    fields: (t) => ({
      earliest: t.field({
        type: "DateTime",
        description: "Nine of ten are not done before.",
        resolve: (f) => f.earliest,
      }),
      latest: t.field({ type: "DateTime", description: "Nine of ten are done by then.", resolve: (f) => f.latest }),
    }),
  });

interface StepRow {
  readonly phase: ProvisionPhase;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  readonly usualSeconds: number | undefined;
}

export const ProvisionStepType = builder.objectRef<StepRow>("ProvisionStep").implement({
  description: "A step of a provision and when it was under way.",
  fields: (t) => ({
    phase: t.field({ type: ProvisionPhaseEnum, description: "The step.", resolve: ({ phase }) => phase }),
    label: t.string({ description: "The step for people.", resolve: ({ phase }) => stepOf(phase).label }),
    startedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it began; null while it has not, and when it was passed over.",
      resolve: ({ startedAt }) => startedAt ?? null,
    }),
    finishedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When the next one began or the provision ended.",
      resolve: ({ finishedAt }) => finishedAt ?? null,
    }),
    usualSeconds: t.int({
      nullable: true,
      description: "How long it usually takes here.",
      resolve: ({ usualSeconds }) => usualSeconds ?? null,
    }),
  }),
});

export function toSteps({ times, usual, finishedAt }: Provision): StepRow[] {
  const begun = times?.steps ?? [];
  return PROVISION_STEPS.map(({ phase }): StepRow => {
    const index = begun.findIndex((step) => step.phase === phase);
    const usualMs = usual?.stepMs[phase];
    return {
      phase,
      startedAt: begun[index]?.startedAt,
      finishedAt: index < 0 ? undefined : (begun[index + 1]?.startedAt ?? finishedAt),
      usualSeconds: usualMs === undefined || !times?.scale ? undefined : Math.round(usualMs / times.scale / 1000),
    };
  });
}

export const NodePoolStateType = builder
  .objectRef<NonNullable<NodePoolProgress["states"]>[number]>("NodePoolState")
  .implement({
    description: "A state that a node pool was seen in.",
    fields: (t) => ({
      state: t.exposeString("state", { description: "Azure's own word." }),
      at: t.field({ type: "DateTime", description: "When Slipway first saw it.", resolve: ({ at }) => at }),
    }),
  });
