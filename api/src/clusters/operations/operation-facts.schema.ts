import { builder } from "../../graphql/builder.ts";
import type {
  ExpectedSeconds,
  GroupOutcome,
  OperationEvent,
  OperationKind,
  OperationStatus,
} from "./cluster-operation.ts";

export const OperationKindEnum = builder.enumType("ClusterOperationKind", {
  description: "What is done to a cluster.",
  values: {
    START: { description: "A stopped cluster is started." },
    STOP: { description: "Its machines are shut down; they cost nothing until it is started again." },
    SCALE: { description: "A node pool gets another number of nodes." },
    ADD_NODE_POOL: { description: "It gets another node pool." },
    REMOVE_NODE_POOL: { description: "A node pool is deleted." },
    DELETE: { description: "It is deleted, and its resource group when that is ours and empty." },
    CLEAN_UP: { description: "What a failed or canceled provision has left is deleted." },
  } as const satisfies Record<OperationKind, object>,
});

export const OperationStatusEnum = builder.enumType("ClusterOperationStatus", {
  description: "SUCCEEDED, FAILED and CANCELED are final.",
  values: {
    PENDING: { description: "Accepted and stored; nothing has been asked of Azure yet." },
    RUNNING: { description: "Under way, or waiting for Azure to end something else first." },
    SUCCEEDED: { description: "Final: the cluster is as it was asked for." },
    FAILED: { description: "Final: it went wrong; the failure says why and what can be done." },
    CANCELED: { description: "Final: it was canceled at Azure by somebody else." },
  } as const satisfies Record<OperationStatus, object>,
});

const GroupFateEnum = builder.enumType("ResourceGroupFate", {
  description: "What becomes of the resource group of a deleted cluster.",
  values: {
    DELETED: { description: "It is gone as well." },
    KEPT_NOT_OURS: { description: "Slipway did not make it, so it stays." },
    KEPT_NOT_EMPTY: { description: "Something else lies in it, or is on its way into it, so it stays." },
    KEPT: { description: "Azure did not delete it; the message says why." },
  } as const satisfies Record<GroupOutcome["fate"], object>,
});

export const GroupOutcomeType = builder.objectRef<GroupOutcome>("ResourceGroupOutcome").implement({
  description: "What became of the resource group of a deleted cluster.",
  fields: (t) => ({
    fate: t.field({ type: GroupFateEnum, description: "Gone or kept.", resolve: ({ fate }) => fate }),
    message: t.exposeString("message", { description: "The same for people." }),
    remaining: t.stringList({
      description: "Names of what still lies in it; some of them when there are many.",
      resolve: ({ remaining }) => [...remaining],
    }),
  }),
});

export const OperationEventType = builder.objectRef<OperationEvent>("ClusterOperationEvent").implement({
  description: "Something that happened in an operation.",
  fields: (t) => ({
    sequence: t.exposeInt("sequence", { description: "1, 2, 3 … within the operation." }),
    at: t.field({ type: "DateTime", description: "When Slipway found it out.", resolve: (event) => event.at }),
    message: t.exposeString("message", { description: "What happened, for people." }),
    clusterState: t.string({
      nullable: true,
      description: "The cluster's provisioningState by then.",
      resolve: (event) => event.clusterState ?? null,
    }),
  }),
});

export const ExpectedOperationDurationType = builder.objectRef<ExpectedSeconds>("ExpectedOperationDuration").implement({
  description: "How long an operation of its kind takes here, by earlier ones.",
  fields: (t) => ({
    lowSeconds: t.exposeInt("lowSeconds", { description: "Nine of ten take longer." }),
    highSeconds: t.exposeInt("highSeconds", { description: "Nine of ten are done by then." }),
    samples: t.exposeInt("samples", { description: "Earlier ones it is computed from; never less than five." }),
  }),
});
