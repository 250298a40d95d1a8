import { builder } from "../graphql/builder.ts";
import type { Viewer } from "./viewer.ts";

const ViewerType = builder.objectRef<Viewer>("Viewer").implement({
  description: "Whoever makes the request.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Name for display." }),
    roles: t.stringList({
      description: "Slipway's roles that the viewer has: Slipway.Viewer, Slipway.Operator, Slipway.Admin.",
      resolve: (viewer) => [...viewer.roles],
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({
    type: ViewerType,
    description: "Whoever makes this request, and their roles.",
    resolve: (_root, _args, ctx) => ctx.viewer,
  }),
);
