import { builder } from "../../graphql/builder.ts";
import { encodeId } from "../../graphql/global-id.ts";
import { FailureType } from "../failures/failure.schema.ts";
import { NodePoolModeEnum } from "../node-pool.schema.ts";
import { ToneEnum, toneOf } from "../tone.schema.ts";
import { estimatedFinish, paceHint, paceOf } from "./pace.ts";
import { ProvisionPhaseEnum, ProvisionStatusEnum } from "./provision-enums.schema.ts";
import {
  EstimatedFinishType,
  ExpectedDurationType,
  NodePoolStateType,
  PaceEnum,
  ProvisionStepType,
  toExpected,
  toSteps,
} from "./provision-pace.schema.ts";
import { stepOf, TOTAL_STEPS } from "./provision-steps.ts";
import type { NodePoolProgress, Provision, ProvisionRetry, TimelineEntry } from "./provision.ts";

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
    states: t.field({
      type: [NodePoolStateType],
      description: "The states it was seen in, oldest first; the newest twenty.",
      resolve: (pool) => [...(pool.states ?? [])],
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

const ProvisionRetryType = builder.objectRef<ProvisionRetry>("ProvisionRetry").implement({
  description: "Trouble that is being waited out: what it is, and when Azure is asked again.",
  fields: (t) => ({
    reason: t.exposeString("reason", { description: "What stands in the way, for people." }),
    nextTryAt: t.field({
      type: "DateTime",
      description: "When Slipway tries again.",
      resolve: ({ nextTryAt }) => nextTryAt,
    }),
    attempts: t.exposeInt("attempts", { description: "Tries so far, in a row." }),
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
    retry: t.field({
      type: ProvisionRetryType,
      nullable: true,
      description: "What is being waited for before the next try; null when nothing stands in the way.",
      resolve: ({ retry }) => retry ?? null,
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
      resolve: toExpected,
    }),
    estimatedFinish: t.field({
      type: EstimatedFinishType,
      nullable: true,
      description: "When it will probably be done; null once it has ended, and while nobody can tell.",
      resolve: (provision) => estimatedFinish(provision) ?? null,
    }),
    pace: t.field({
      type: PaceEnum,
      description: "Whether it is slower than usual, or stuck.",
      resolve: paceOf,
    }),
    paceHint: t.string({
      nullable: true,
      description: "What a pace of SLOW or STUCK means here and what one can do, for people.",
      resolve: (provision) => paceHint(provision) ?? null,
    }),
    steps: t.field({
      type: [ProvisionStepType],
      description: "Every step in order, with its times.",
      resolve: toSteps,
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
