import { builder } from "../../graphql/builder.ts";
import { encodeId } from "../../graphql/global-id.ts";
import { NodePoolModeEnum } from "../cluster.schema.ts";
import { paceOf } from "./expected-duration.ts";
import type { Failure, FailureCategory, Remedy } from "./failure.ts";
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

const ToneEnum = builder.enumType("Tone", {
  description: "How a state is to be shown.",
  values: {
    SUCCESS: { description: "All is well." },
    IN_PROGRESS: { description: "Something is going on." },
    FAILED: { description: "Something went wrong." },
    NEUTRAL: { description: "Neither good nor bad." },
  } as const,
});

const FailureCategoryEnum = builder.enumType("FailureCategory", {
  description: "What kind of failure it is. UNKNOWN keeps Azure's own words; more may follow.",
  values: {
    CLUSTER_EXISTS: { description: "There is a cluster of that name in the resource group already." },
    QUOTA: { description: "The subscription's quota does not allow as many cores, machines or clusters." },
    SKU_NOT_AVAILABLE: { description: "The VM size is not offered to the subscription in this location." },
    VERSION_NOT_AVAILABLE: { description: "The Kubernetes version is not offered in this location." },
    FORBIDDEN: { description: "Slipway's identity lacks a permission at Azure." },
    PERMISSIONS_INCOMPLETE: {
      description: "The cluster exists, but not every role that was asked for could be granted.",
    },
    RESOURCE_GROUP: { description: "The resource group is missing, is being deleted, or can't be used or created." },
    INVALID_REQUEST: { description: "Azure refuses the request as it is, for its values or by a policy." },
    CONFLICT: { description: "Another operation on the same thing is in the way." },
    THROTTLED: { description: "Azure takes no more requests for now." },
    AZURE_UNAVAILABLE: { description: "Azure could not be reached or did not work." },
    CAPACITY: { description: "Azure has no machines of this size left in this location or zone for now." },
    OUTBOUND_CONNECTIVITY: {
      description: "The nodes can't reach what they need to start, such as the registry of AKS's images.",
    },
    NODES_NOT_READY: { description: "The machines were made, but did not become ready nodes." },
    CANCELED_OUTSIDE: { description: "The create was canceled at Azure by somebody else than Slipway." },
    DELETED_OUTSIDE: { description: "The cluster was deleted at Azure while it was being created." },
    TIMED_OUT: { description: "It was not done in the time that is allowed for it." },
    SLIPWAY_ERROR: { description: "Slipway itself failed; its log says more." },
    UNKNOWN: { description: "None of the others: Azure's own code and words are all that is known." },
  } as const satisfies Record<FailureCategory, object>,
});

const RemedyKindEnum = builder.enumType("RemedyKind", {
  description: "Whether a remedy is to try again, to change the input, to run a command or to open a page.",
  values: {
    RETRY: { description: "Ask for the same again." },
    EDIT: { description: "Change the input, then ask again." },
    COMMAND: { description: "Run a command in a terminal." },
    LINK: { description: "Open a page." },
  } as const satisfies Record<Remedy["kind"], object>,
});

const RemedyType = builder.objectRef<Remedy>("Remedy").implement({
  description: "Something that can be done about a failure.",
  fields: (t) => ({
    kind: t.field({ type: RemedyKindEnum, description: "What to do with it.", resolve: (remedy) => remedy.kind }),
    label: t.exposeString("label", { description: "Words for a button or link." }),
    url: t.string({ nullable: true, description: "Page to open, for LINK.", resolve: (remedy) => remedy.url ?? null }),
    command: t.string({
      nullable: true,
      description: "Command to copy, for COMMAND.",
      resolve: (remedy) => remedy.command ?? null,
    }),
  }),
});

export const FailureType = builder.objectRef<Failure>("Failure").implement({
  description: "Why a provision did not succeed.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "Azure's own error code, or Slipway's." }),
    category: t.field({
      type: FailureCategoryEnum,
      description: "What kind of failure it is.",
      resolve: (failure) => failure.category,
    }),
    message: t.exposeString("message", { description: "Azure's own words, innermost cause first." }),
    correlationId: t.string({
      nullable: true,
      description: "What Azure support asks for.",
      resolve: (failure) => failure.correlationId ?? null,
    }),
    remedies: t.field({
      type: [RemedyType],
      description: "What can be done about it.",
      resolve: (failure) => [...failure.remedies],
    }),
  }),
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

function toneOf(provisioningState: string): "SUCCESS" | "IN_PROGRESS" | "FAILED" | "NEUTRAL" {
  switch (provisioningState.toLowerCase()) {
    case "succeeded":
      return "SUCCESS";
    case "failed":
      return "FAILED";
    case "canceled":
      return "NEUTRAL";
    default:
      return "IN_PROGRESS";
  }
}
