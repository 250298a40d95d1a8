import { builder } from "../graphql/builder.ts";
import { encodeId } from "../graphql/global-id.ts";
import { badArgument } from "../graphql/page-args.ts";
import type { KubernetesVersion, Location, Subscription, VmSize } from "./azure-catalogue.ts";
import { checkLocation, checkSubscriptionId } from "./naming-rules.ts";

const AzureModeEnum = builder.enumType("AzureMode", {
  description: "Which Azure Slipway talks to.",
  values: { EMULATOR: { description: "The built-in emulator." }, AZURE: { description: "Azure itself." } } as const,
});

const SubscriptionType = builder.objectRef<Subscription>("AzureSubscription").implement({
  description: "An Azure subscription that Slipway's identity may read.",
  fields: (t) => ({
    id: t.id({
      description: "Opaque id.",
      resolve: ({ subscriptionId }) => encodeId("AzureSubscription", subscriptionId.toLowerCase()),
    }),
    subscriptionId: t.exposeString("subscriptionId", { description: "Its GUID." }),
    displayName: t.exposeString("displayName", { description: "Its name." }),
  }),
});

const AzureType = builder.objectRef<{ readonly kind: "azure" }>("AzureConnection").implement({
  description: "The Azure that Slipway talks to.",
  fields: (t) => ({
    mode: t.field({
      type: AzureModeEnum,
      description: "The emulator or Azure itself.",
      resolve: (_azure, _args, ctx) => ctx.services.azure.mode,
    }),
    speed: t.float({
      description: "How much faster than real time the emulator runs, 0 while its clock is moved by hand; 1 for Azure.",
      resolve: (_azure, _args, ctx) => (ctx.services.azureTime.isByHand() ? 0 : ctx.services.azureTime.scale()),
    }),
    subscriptions: t.field({
      type: [SubscriptionType],
      description: "One for every subscription that Slipway's identity may read.",
      resolve: async (_azure, _args, ctx) => [...(await ctx.services.clusters.subscriptions(ctx.viewer))],
    }),
  }),
});

builder.queryField("azure", (t) =>
  t.field({
    type: AzureType,
    description: "The Azure that Slipway talks to.",
    resolve: () => ({ kind: "azure" as const }),
  }),
);

const LocationType = builder.objectRef<Location>("AzureLocation").implement({
  description: "A physical Azure location.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Name for inputs, for example westeurope." }),
    displayName: t.exposeString("displayName", { description: "Name for people, for example West Europe." }),
  }),
});

const VmSizeType = builder.objectRef<VmSize>("VmSize").implement({
  description: "A size of virtual machine in one location.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Name for inputs, for example Standard_D4s_v5." }),
    family: t.exposeString("family", { description: "Quota family it counts against." }),
    vCpus: t.exposeInt("vCpus", { description: "Virtual processors of one machine." }),
    memoryGb: t.exposeFloat("memoryGb", { description: "Memory of one machine in GB." }),
    restriction: t.string({
      nullable: true,
      description: "Azure's reason why it can't be had here; null when it can.",
      resolve: (size) => size.restriction ?? null,
    }),
    zones: t.stringList({
      description: "Zones of the location in which this subscription can have it.",
      resolve: (size) => [...size.zones],
    }),
  }),
});

const KubernetesVersionType = builder.objectRef<KubernetesVersion>("KubernetesVersion").implement({
  description: "A Kubernetes version that AKS offers in one location.",
  fields: (t) => ({
    version: t.exposeString("version", {
      description: "Minor version, for example 1.34; Azure chooses the newest patch.",
    }),
    patchVersions: t.stringList({
      description: "Patch versions that can be asked for.",
      resolve: (version) => [...version.patchVersions],
    }),
    isDefault: t.exposeBoolean("isDefault", { description: "What Azure takes when none is asked for." }),
    isPreview: t.exposeBoolean("isPreview", { description: "Not supported by Azure yet." }),
  }),
});

builder.queryFields((t) => ({
  locations: t.field({
    type: [LocationType],
    description: "Physical locations of a subscription.",
    args: { subscriptionId: t.arg.string({ required: true, description: "GUID of the subscription." }) },
    resolve: async (_root, args, ctx) => [
      ...(await ctx.services.clusters.locations(ctx.viewer, checkedSubscription(args.subscriptionId))),
    ],
  }),
  vmSizes: t.field({
    type: [VmSizeType],
    description: "VM sizes of a location, those that can't be had included, with the reason.",
    args: {
      subscriptionId: t.arg.string({ required: true, description: "GUID of the subscription." }),
      location: t.arg.string({ required: true, description: "Location, for example westeurope." }),
    },
    resolve: async (_root, args, ctx) => [
      ...(await ctx.services.clusters.vmSizes(
        ctx.viewer,
        checkedSubscription(args.subscriptionId),
        checkedLocation(args.location),
      )),
    ],
  }),
  kubernetesVersions: t.field({
    type: [KubernetesVersionType],
    description: "Kubernetes versions that AKS offers in a location, newest first.",
    args: {
      subscriptionId: t.arg.string({ required: true, description: "GUID of the subscription." }),
      location: t.arg.string({ required: true, description: "Location, for example westeurope." }),
    },
    resolve: async (_root, args, ctx) => [
      ...(await ctx.services.clusters.kubernetesVersions(
        ctx.viewer,
        checkedSubscription(args.subscriptionId),
        checkedLocation(args.location),
      )),
    ],
  }),
}));

/** @throws GraphQLError naming the argument */
function checkedSubscription(subscriptionId: string): string {
  const problem = checkSubscriptionId(subscriptionId);
  if (problem !== undefined) throw badArgument(`'subscriptionId': ${problem}`);
  return subscriptionId;
}

/** @throws GraphQLError naming the argument */
function checkedLocation(location: string): string {
  const problem = checkLocation(location);
  if (problem !== undefined) throw badArgument(`'location': ${problem}`);
  return location;
}
