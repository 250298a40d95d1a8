import { builder } from "../../graphql/builder.ts";
import { encodeId } from "../../graphql/global-id.ts";
import { FailureType } from "../failures/failure.schema.ts";
import { NodePoolModeEnum } from "../node-pool.schema.ts";
import { ToneEnum, toneOf } from "../tone.schema.ts";
import { paceOf } from "./expected-duration.ts";
import { stepOf, TOTAL_STEPS, type ProvisionPhase } from "./provision-steps.ts";
import type { ExpectedDuration, NodePoolProgress, Provision, ProvisionStatus, TimelineEntry } from "./provision.ts";

export const ProvisionStatusEnum = builder.enumType("ProvisionStatus", {
  description: "SUCCEEDED, FAILED and CANCELED are final.",
  values: {
    PENDING: { description: "Accepted and stored; nothing has been asked of Azure yet." },
    RUNNING: { description: "Under way." },
    CANCELING: { description: "Somebody asked to cancel it, and it is being ended." },
    SUCCEEDED: { description: "Final: the cluster is ready." },
    FAILED: { description: "Final: it went wrong; the failure says why and what can be done." },
    CANCELED: { description: "Final: it was ended before the cluster was ready." },
  } as const satisfies Record<ProvisionStatus, object>,
});

export const ProvisionPhaseEnum = builder.enumType("ProvisionPhase", {
  description: "The steps of a provision, in order.",
  values: {
    CREATING_CLUSTER: { description: "The request to Azure is prepared and the name is checked." },
    ENSURING_RESOURCE_GROUP: { description: "The resource group is looked for, and created when it is missing." },
    ARM_CREATE_OR_UPDATE: { description: "Azure creates the cluster; by far the longest step." },
    ENSURING_RBAC: { description: "The roles that were asked for are granted on the cluster." },
    COMPLETED: { description: "Everything is done: the cluster is ready." },
  } as const satisfies Record<ProvisionPhase, object>,
});

const PaceEnum = builder.enumType("Pace", {
  description:
    "Slow and stuck told apart: SLOW takes longer than usual here, STUCK has not changed for as long as a whole create usually takes.",
  values: {
    ON_TRACK: { description: "No longer than creates usually take here." },
    SLOW: { description: "It takes longer than usual here." },
    STUCK: { description: "It has not changed for as long as a whole create usually takes." },
    UNKNOWN: { description: "Too little is known to tell." },
  } as const,
});

const ExpectedDurationType = builder.objectRef<ExpectedDuration>("ExpectedDuration").implement({
  description: "How long a provision usually takes here.",
  fields: (t) => ({
    lowSeconds: t.exposeInt("lowSeconds", { description: "Nine of ten take longer." }),
    highSeconds: t.exposeInt("highSeconds", { description: "Nine of ten are done by then." }),
    samples: t.exposeInt("samples", {
      description: "Earlier provisions it is computed from; 0 when it is Azure's own estimate.",
    }),
  }),
});

const NodePoolErrorType = builder
  .objectRef<{ readonly code: string; readonly message: string }>("NodePoolError")
  .implement({
    description: "What is wrong with a node pool.",
    fields: (t) => ({
      code: t.exposeString("code", { description: "Azure's own error code." }),
      message: t.exposeString("message", { description: "Azure's own words." }),
    }),
  });

const NodePoolProgressType = builder.objectRef<NodePoolProgress>("NodePoolProgress").implement({
  description: "A node pool while its cluster is being created.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Name, unique in its cluster." }),
    mode: t.field({ type: NodePoolModeEnum, description: "What it is for.", resolve: (pool) => pool.mode }),
    vmSize: t.exposeString("vmSize", { description: "Size of its machines." }),
    count: t.exposeInt("count", { description: "Nodes it is meant to have." }),
    provisioningState: t.exposeString("provisioningState", { description: "Azure's own word." }),
    tone: t.field({
      type: ToneEnum,
      description: "How its state is to be shown.",
      resolve: (pool) => toneOf(pool.provisioningState),
    }),
    error: t.field({
      type: NodePoolErrorType,
      nullable: true,
      description: "Its own error.",
      resolve: (pool) => pool.error ?? null,
    }),
  }),
});

export const TimelineEntryType = builder.objectRef<TimelineEntry>("TimelineEntry").implement({
  description: "Something that happened in a provision.",
  fields: (t) => ({
    sequence: t.exposeInt("sequence", { description: "1, 2, 3 … within the provision." }),
    at: t.field({ type: "DateTime", description: "When Slipway found it out.", resolve: (entry) => entry.at }),
    phase: t.field({ type: ProvisionPhaseEnum, description: "Step it belongs to.", resolve: (entry) => entry.phase }),
    message: t.exposeString("message", { description: "What happened, for people." }),
    clusterState: t.string({
      nullable: true,
      description: "The cluster's provisioningState by then.",
      resolve: (entry) => entry.clusterState ?? null,
    }),
  }),
});

export const ProvisionProgressType = builder.objectRef<Provision>("ProvisionProgress").implement({
  description: "The live state of a provision. Everything but the step and the elapsed time may still be missing.",
  fields: (t) => ({
    provisionId: t.id({ description: "Id of the provision.", resolve: ({ id }) => encodeId("Provision", id) }),
    sequence: t.exposeInt("sequence", { description: "Rises strictly with every change." }),
    status: t.field({
      type: ProvisionStatusEnum,
      description: "Where it stands as a whole.",
      resolve: ({ status }) => status,
    }),
    phase: t.field({
      type: ProvisionPhaseEnum,
      description: "The step it is at, or ended at.",
      resolve: ({ phase }) => phase,
    }),
    step: t.int({ description: "Number of the step, from 1.", resolve: ({ phase }) => stepOf(phase).number }),
    totalSteps: t.int({ description: "How many steps there are.", resolve: () => TOTAL_STEPS }),
    label: t.string({ description: "The step for people.", resolve: ({ phase }) => stepOf(phase).label }),
    message: t.string({
      nullable: true,
      description: "What is going on within the step.",
      resolve: ({ message }) => message ?? null,
    }),
    percent: t.exposeFloat("percent", { description: "0 to 100, one decimal; never falls." }),
    startedAt: t.field({
      type: "DateTime",
      description: "When it was asked for.",
      resolve: ({ createdAt }) => createdAt,
    }),
    observedAt: t.field({
      type: "DateTime",
      description: "When Slipway last looked.",
      resolve: ({ observedAt }) => observedAt,
    }),
    changedAt: t.field({
      type: "DateTime",
      description: "When something last changed.",
      resolve: ({ changedAt }) => changedAt,
    }),
    elapsedSeconds: t.int({
      description: "Whole seconds since it was asked for, as of observedAt.",
      resolve: ({ createdAt, finishedAt, observedAt }) => secondsBetween(createdAt, finishedAt ?? observedAt),
    }),
    armElapsedSeconds: t.int({
      nullable: true,
      description: "Whole seconds since Azure accepted the cluster, as of observedAt.",
      resolve: ({ armStartedAt, armFinishedAt, finishedAt, observedAt }) =>
        armStartedAt === undefined ? null : secondsBetween(armStartedAt, armFinishedAt ?? finishedAt ?? observedAt),
    }),
    clusterState: t.string({
      nullable: true,
      description: "The cluster's provisioningState, Azure's own word.",
      resolve: ({ clusterState }) => clusterState ?? null,
    }),
    portalUrl: t.string({
      nullable: true,
      description: "The cluster's page in the Azure portal, once it exists.",
      resolve: (provision) => provision.portalUrl ?? null,
    }),
    expected: t.field({
      type: ExpectedDurationType,
      nullable: true,
      description: "How long it usually takes here.",
      resolve: ({ expected }) => expected ?? null,
    }),
    pace: t.field({
      type: PaceEnum,
      description: "Whether it is slower than usual, or stuck.",
      resolve: paceOf,
    }),
    nodePools: t.field({
      type: [NodePoolProgressType],
      description: "Node pools as Azure shows them; one once seen stays.",
      resolve: ({ nodePools }) => [...nodePools],
    }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      description: "Why it did not succeed.",
      resolve: ({ failure }) => failure ?? null,
    }),
  }),
});

function secondsBetween(from: string, to: string): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 1000));
}
