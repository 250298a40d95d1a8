import { builder } from "../../graphql/builder.ts";
import { encodeId } from "../../graphql/global-id.ts";
import { FailureType } from "../failures/failure.schema.ts";
import { NodePoolType } from "../node-pool.schema.ts";
import { operationLabel, type ClusterOperation } from "./cluster-operation.ts";
import { ExpectedOperationDurationType, OperationKindEnum, OperationStatusEnum } from "./operation-facts.schema.ts";

export const ClusterOperationProgressType = builder.objectRef<ClusterOperation>("ClusterOperationProgress").implement({
  description: "The live state of an operation on a cluster.",
  fields: (t) => ({
    operationId: t.id({
      description: "Id of the operation.",
      resolve: ({ id }) => encodeId("ClusterOperation", id),
    }),
    kind: t.field({ type: OperationKindEnum, description: "What is done.", resolve: ({ target }) => target.kind }),
    sequence: t.exposeInt("sequence", { description: "Rises strictly with every change." }),
    status: t.field({
      type: OperationStatusEnum,
      description: "Where it stands as a whole.",
      resolve: ({ status }) => status,
    }),
    label: t.string({ description: "What is done, for people.", resolve: ({ target }) => operationLabel(target) }),
    message: t.string({
      nullable: true,
      description: "What is going on, or what it waits for.",
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
      resolve: ({ createdAt, finishedAt, observedAt }) =>
        Math.max(0, Math.floor((Date.parse(finishedAt ?? observedAt) - Date.parse(createdAt)) / 1000)),
    }),
    expected: t.field({
      type: ExpectedOperationDurationType,
      nullable: true,
      description: "How long it takes here; null while fewer than five earlier ones are known.",
      resolve: ({ expected }) => expected ?? null,
    }),
    clusterState: t.string({
      nullable: true,
      description: "The cluster's provisioningState, Azure's own word; `Deleted` once it is gone.",
      resolve: ({ clusterState }) => clusterState ?? null,
    }),
    powerState: t.string({
      nullable: true,
      description: "The cluster's power state, Azure's own word.",
      resolve: ({ powerState }) => powerState ?? null,
    }),
    nodePools: t.field({
      type: [NodePoolType],
      description: "Node pools as Azure shows them; one that is gone stays, as `Deleted`.",
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
