import { builder } from "../../graphql/builder.ts";
import {
  ErrorInterface,
  ForbiddenErrorType,
  ServiceUnavailableErrorType,
  toErrorShape,
  toSharedError,
  type ErrorShape,
} from "../../graphql/error-interface.ts";
import { encodeId, tryDecodeId } from "../../graphql/global-id.ts";
import { InvalidInputErrorType } from "../../graphql/invalid-input.ts";
import { InvalidInputError } from "../../shared/invalid-input-error.ts";
import { clusterTarget } from "../activity-targets.schema.ts";
import { NodePoolInput, toNodePoolSpec } from "../node-pool.schema.ts";
import { OperationInProgressErrorType } from "../operations/operation-in-progress.schema.ts";
import { OperationInProgressError } from "../operations/operation.errors.ts";
import { ProvisionInProgressErrorType } from "./provision-errors.schema.ts";
import type { ProvisionRequest } from "./provision-input.ts";
import { ClusterExistsError, ProvisionInProgressError } from "./provision.errors.ts";
import { ProvisionType } from "./provision.schema.ts";
import type { Provision } from "./provision.ts";

const TagInput = builder.inputType("TagInput", {
  description: "A tag for what is created.",
  fields: (t) => ({
    name: t.string({ required: true, description: "Its name; tag names ignore case." }),
    value: t.string({ required: true, description: "Its value." }),
  }),
});

export const StartProvisionInput = builder.inputType("StartProvisionInput", {
  description: "A cluster to create.",
  fields: (t) => ({
    subscriptionId: t.string({ required: true, description: "GUID of the Azure subscription." }),
    resourceGroup: t.string({ required: true, description: "Resource group; created when it does not exist." }),
    location: t.string({ required: true, description: "Azure location, for example westeurope." }),
    clusterName: t.string({
      required: true,
      description: "1 to 63 letters, digits, hyphens and underscores, a letter or digit at both ends.",
    }),
    nodePools: t.field({ type: [NodePoolInput], required: true, description: "At least one SYSTEM pool." }),
    kubernetesVersion: t.string({ description: "For example 1.34 or 1.34.2; Azure's default when unset." }),
    registryId: t.id({ description: "Registry that the cluster may pull from (AcrPull for its kubelet identity)." }),
    tags: t.field({ type: [TagInput], description: "Tags for the cluster and for a resource group that is created." }),
    idempotencyKey: t.string({
      description: "The same key with the same input gives the same provision, however often it is sent.",
    }),
  }),
});

const ClusterExistsErrorType = builder.objectRef<ErrorShape<ClusterExistsError>>("ClusterExistsError").implement({
  description: "Azure has a cluster of that name in that resource group.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof ClusterExistsError,
  fields: (t) => ({
    clusterId: t.id({
      description: "Id of the cluster that is there.",
      resolve: ({ error }) => encodeId("Cluster", error.clusterArmId.toLowerCase()),
    }),
    leftBy: t.field({
      type: ProvisionType,
      nullable: true,
      description: "The failed or canceled provision that has left it, which is to be cleaned up first.",
      resolve: ({ error }) => error.leftBy ?? null,
    }),
  }),
});

interface StartProvisionSuccess {
  readonly provision: Provision;
}

const StartProvisionSuccessType = builder.objectRef<StartProvisionSuccess>("StartProvisionSuccess").implement({
  description: "The provision is stored and will be carried out, whatever happens to the server.",
  isTypeOf: (value) => "provision" in (value as object),
  fields: (t) => ({
    provision: t.field({
      type: ProvisionType,
      description: "The new provision, or the first one of a repeated idempotency key.",
      resolve: ({ provision }) => provision,
    }),
  }),
});

/** Why a provision may not start, whoever asks for it. */
export const START_REFUSALS = [
  ProvisionInProgressErrorType,
  OperationInProgressErrorType,
  ClusterExistsErrorType,
  InvalidInputErrorType,
  ForbiddenErrorType,
  ServiceUnavailableErrorType,
] as const;

const StartProvisionResult = builder.unionType("StartProvisionResult", {
  description: "What came of startProvision.",
  types: [StartProvisionSuccessType, ...START_REFUSALS],
});

builder.mutationField("startProvision", (t) =>
  t.field({
    type: StartProvisionResult,
    description: "Starts to create a cluster. Answers within a second, before Azure is asked to create anything.",
    args: { input: t.arg({ type: StartProvisionInput, required: true, description: "The cluster to create." }) },
    activity: {
      action: "START_PROVISION",
      target: ({ input }) =>
        clusterTarget({
          subscriptionId: input.subscriptionId,
          resourceGroup: input.resourceGroup,
          name: input.clusterName,
        }),
      started: ({ provision }) => [encodeId("Provision", provision.id)],
    },
    resolve: async (_root, { input }, ctx) => {
      try {
        return { provision: await ctx.services.provisions.start(ctx.viewer, toProvisionRequest(input)) };
      } catch (error) {
        const shape = toStartRefusal(error);
        if (!shape) throw error;
        return shape;
      }
    },
  }),
);

export function toProvisionRequest(input: typeof StartProvisionInput.$inferInput): ProvisionRequest {
  // What is no registry's id goes on as it is, so that it is refused together with all other fields.
  const registryId = input.registryId ?? undefined;
  const registryArmId = registryId === undefined ? undefined : (tryDecodeId("Registry", registryId) ?? registryId);
  const { subscriptionId, resourceGroup, location, clusterName, nodePools } = input;
  return {
    subscriptionId,
    resourceGroup,
    location,
    clusterName,
    nodePools: nodePools.map(toNodePoolSpec),
    kubernetesVersion: input.kubernetesVersion ?? undefined,
    registryArmId,
    tags: input.tags ?? [],
    idempotencyKey: input.idempotencyKey ?? undefined,
  };
}

/** Undefined for an error that is none of `START_REFUSALS`. */
export function toStartRefusal(error: unknown): ErrorShape | undefined {
  if (error instanceof InvalidInputError) return toErrorShape(error, "INVALID_INPUT");
  if (error instanceof ProvisionInProgressError) return toErrorShape(error, "PROVISION_IN_PROGRESS");
  if (error instanceof OperationInProgressError) return toErrorShape(error, "OPERATION_IN_PROGRESS");
  if (error instanceof ClusterExistsError) return toErrorShape(error, "CLUSTER_EXISTS");
  return toSharedError(error);
}
