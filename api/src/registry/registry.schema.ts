import { builder } from "../graphql/builder.ts";
import { portalUrl } from "../shared/portal-url.ts";
import type { Registry } from "./registry.ts";

const RegistryType = builder.objectRef<Registry>("Registry");

builder.node(RegistryType, {
  description: "An Azure Container Registry.",
  id: { resolve: (registry) => registry.armId, description: "Opaque id." },
  isTypeOf: (value) => "loginServer" in (value as object),
  loadOne: async (armId, ctx) => (await ctx.services.registries.find(ctx.viewer, armId)) ?? null,
  fields: (t) => ({
    name: t.exposeString("name", { description: "Name, unique in all of Azure." }),
    subscriptionId: t.exposeString("subscriptionId", { description: "GUID of its subscription." }),
    resourceGroup: t.exposeString("resourceGroup", { description: "Resource group it lies in." }),
    location: t.exposeString("location", { description: "Azure location, for example westeurope." }),
    loginServer: t.exposeString("loginServer", { description: "Host name that images are pushed to and pulled from." }),
    sku: t.exposeString("sku", { description: "Basic, Standard or Premium." }),
    portalUrl: t.string({
      description: "Its page in the Azure portal.",
      resolve: (registry) => portalUrl(registry.armId),
    }),
  }),
});

builder.queryField("registries", (t) =>
  t.field({
    type: [RegistryType],
    description: "All registries that Slipway's identity may read, at most a minute old.",
    resolve: async (_root, _args, ctx) => [...(await ctx.services.registries.list(ctx.viewer))],
  }),
);
