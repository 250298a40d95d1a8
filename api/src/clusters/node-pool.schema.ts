import { builder } from "../graphql/builder.ts";
import type { NodePoolSpec } from "./aks-gateway.ts";
import type { NodePool, NodePoolOptions } from "./cluster.ts";
import type { AskedNodePool } from "./node-pool-rules.ts";
import { ToneEnum, toneOf } from "./tone.schema.ts";

export const NodePoolModeEnum = builder.enumType("NodePoolMode", {
  description: "SYSTEM pools run the cluster's own pods, USER pools the applications.",
  values: {
    SYSTEM: { description: "Runs the pods that the cluster itself needs; every cluster has one such pool." },
    USER: { description: "Runs applications." },
  } as const,
});

const AutoscaleType = builder.objectRef<NonNullable<NodePoolOptions["autoscale"]>>("NodePoolAutoscale").implement({
  description: "Bounds within which AKS itself chooses a pool's number of nodes.",
  fields: (t) => ({
    minCount: t.exposeInt("minCount", { description: "Fewest nodes." }),
    maxCount: t.exposeInt("maxCount", { description: "Most nodes." }),
  }),
});

const NodeLabelType = builder.objectRef<{ readonly name: string; readonly value: string }>("NodeLabel").implement({
  description: "A Kubernetes label that every node of a pool has.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Its name, with a prefix if it has one." }),
    value: t.exposeString("value", { description: "Its value; may be empty." }),
  }),
});

/** What a pool may have beside its size, the same as it was asked for and as Azure shows it. */
const NodePoolOptionsInterface = builder.interfaceRef<NodePoolOptions>("NodePoolOptions").implement({
  description: "What a node pool may have beside its size.",
  fields: (t) => ({
    autoscale: t.field({
      type: AutoscaleType,
      nullable: true,
      description: "Bounds of the autoscaler; null when the number of nodes is set by hand.",
      resolve: ({ autoscale }) => autoscale ?? null,
    }),
    availabilityZones: t.stringList({
      description: "Zones that its nodes are spread over; empty for no zone in particular.",
      resolve: ({ availabilityZones }) => [...(availabilityZones ?? [])],
    }),
    taints: t.stringList({
      description: "Taints of its nodes, as kubectl writes them: key=value:NoSchedule.",
      resolve: ({ taints }) => [...(taints ?? [])],
    }),
    labels: t.field({
      type: [NodeLabelType],
      description: "Labels of its nodes.",
      resolve: ({ labels }) => Object.entries(labels ?? {}).map(([name, value]) => ({ name, value })),
    }),
  }),
});

export const NodePoolType = builder.objectRef<NodePool>("NodePool").implement({
  description: "A node pool (agent pool) of a cluster, as Azure shows it.",
  interfaces: [NodePoolOptionsInterface],
  fields: (t) => ({
    name: t.exposeString("name", { description: "Name, unique in its cluster." }),
    mode: t.field({ type: NodePoolModeEnum, description: "What it is for.", resolve: (pool) => pool.mode }),
    vmSize: t.exposeString("vmSize", { description: "Size of its machines." }),
    count: t.exposeInt("count", { description: "Nodes it is meant to have." }),
    provisioningState: t.exposeString("provisioningState", { description: "Azure's own word for its last operation." }),
    powerState: t.string({
      nullable: true,
      description: "Azure's own word: Running or Stopped.",
      resolve: (pool) => pool.powerState ?? null,
    }),
    tone: t.field({
      type: ToneEnum,
      description: "How its provisioning state is to be shown.",
      resolve: (pool) => toneOf(pool.provisioningState),
    }),
  }),
});

export const RequestedNodePoolType = builder.objectRef<NodePoolSpec>("RequestedNodePool").implement({
  description: "A node pool as it was asked for.",
  interfaces: [NodePoolOptionsInterface],
  fields: (t) => ({
    name: t.exposeString("name", { description: "Name, unique in its cluster." }),
    mode: t.field({ type: NodePoolModeEnum, description: "What it is for.", resolve: (pool) => pool.mode }),
    vmSize: t.exposeString("vmSize", { description: "Size of its machines." }),
    count: t.exposeInt("count", { description: "Nodes it is meant to have." }),
  }),
});

const AutoscaleInput = builder.inputType("NodePoolAutoscaleInput", {
  description: "Bounds within which AKS itself chooses a pool's number of nodes.",
  fields: (t) => ({
    minCount: t.int({ required: true, description: "Fewest nodes; a SYSTEM pool has at least 1." }),
    maxCount: t.int({ required: true, description: "Most nodes, at most 1000." }),
  }),
});

const NodeLabelInput = builder.inputType("NodeLabelInput", {
  description: "A Kubernetes label for every node of a pool.",
  fields: (t) => ({
    name: t.string({ required: true, description: "Its name, with a prefix if it is to have one." }),
    value: t.string({ required: true, description: "Its value; may be empty." }),
  }),
});

export const NodePoolInput = builder.inputType("NodePoolInput", {
  description: "A node pool to create.",
  fields: (t) => ({
    name: t.string({ required: true, description: "1 to 12 lower-case letters and digits, a letter first." }),
    mode: t.field({
      type: NodePoolModeEnum,
      required: true,
      description: "What it is for; a cluster needs a SYSTEM pool.",
    }),
    vmSize: t.string({ required: true, description: "Size of its machines, for example Standard_D4s_v5." }),
    count: t.int({
      required: true,
      description: "Nodes, 1 to 1000; a USER pool may have none. The first number of an autoscaled pool.",
    }),
    autoscale: t.field({ type: AutoscaleInput, description: "Lets AKS choose the number of nodes within bounds." }),
    availabilityZones: t.stringList({ description: "Zones to spread its nodes over: 1, 2, 3." }),
    taints: t.stringList({ description: "Taints of its nodes, as kubectl writes them: key=value:NoSchedule." }),
    labels: t.field({ type: [NodeLabelInput], description: "Labels of its nodes." }),
  }),
});

export function toNodePoolSpec(input: typeof NodePoolInput.$inferInput): AskedNodePool {
  const { name, mode, vmSize, count, autoscale, availabilityZones, taints, labels } = input;
  const names = labels?.map((label) => label.name) ?? [];
  const repeated = names.findIndex((label, index) => names.indexOf(label) < index);
  return {
    name,
    mode,
    vmSize,
    count,
    ...(autoscale && { autoscale: { minCount: autoscale.minCount, maxCount: autoscale.maxCount } }),
    ...(availabilityZones && { availabilityZones }),
    ...(taints && { taints }),
    ...(labels && { labels: Object.fromEntries(labels.map((label) => [label.name, label.value])) }),
    ...(repeated !== -1 && { repeatedLabel: repeated }),
  };
}
