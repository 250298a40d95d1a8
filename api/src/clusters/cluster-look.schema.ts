import { builder } from "../graphql/builder.ts";
import type { SubscriptionLook } from "./cluster-service.ts";

const ClusterLookType = builder.objectRef<SubscriptionLook>("ClusterLook").implement({
  description: "Whether the clusters of a subscription can be listed.",
  fields: (t) => ({
    subscriptionId: t.string({
      description: "GUID of the subscription.",
      resolve: ({ subscription }) => subscription.subscriptionId,
    }),
    subscriptionName: t.string({
      description: "Its name for people.",
      resolve: ({ subscription }) => subscription.displayName,
    }),
    lookedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When they were last listed, as of this message; null when never.",
      resolve: ({ at }) => at ?? null,
    }),
    problem: t.string({
      nullable: true,
      description: "Why they can't be listed now; what is shown of them is then as of lookedAt.",
      resolve: ({ problem }) => problem ?? null,
    }),
  }),
});

builder.subscriptionField("clusterLookUpdated", (t) =>
  t.field({
    type: ClusterLookType,
    description:
      "Each subscription now, then each time that a problem with its list of clusters comes, becomes another one or goes.",
    extensions: { shared: true },
    subscribe: (_root, _args, ctx) => ctx.services.clusters.watchLooks(ctx.viewer),
    resolve: (look) => look,
  }),
);
