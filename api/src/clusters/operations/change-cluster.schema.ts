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
import { clusterTargetOf, provisionTarget } from "../activity-targets.schema.ts";
import { NodePoolInput, toNodePoolSpec } from "../node-pool.schema.ts";
import { ProvisionInProgressErrorType, ProvisionNotFoundErrorType } from "../provisioning/provision-errors.schema.ts";
import { ProvisionInProgressError, ProvisionNotFoundError } from "../provisioning/provision.errors.ts";
import type { ClusterOperation } from "./cluster-operation.ts";
import { OperationInProgressErrorType } from "./operation-in-progress.schema.ts";
import {
  ClusterNotFoundError,
  ClusterNotOursError,
  ClusterStoppedError,
  NothingToCleanUpError,
  OperationInProgressError,
} from "./operation.errors.ts";
import { ClusterOperationType } from "./operation.schema.ts";

const ClusterNotFoundErrorType = builder.objectRef<ErrorShape>("ClusterNotFoundError").implement({
  description: "There is no such cluster.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof ClusterNotFoundError,
});

const ClusterStoppedErrorType = builder.objectRef<ErrorShape>("ClusterStoppedError").implement({
  description: "The cluster is stopped: its node pools can't be changed.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof ClusterStoppedError,
});

const NothingToCleanUpErrorType = builder.objectRef<ErrorShape>("NothingToCleanUpError").implement({
  description: "The provision has left nothing at Azure.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof NothingToCleanUpError,
});

const ClusterNotOursErrorType = builder.objectRef<ErrorShape>("ClusterNotOursError").implement({
  description: "The cluster of that name was not made by the provision.",
  interfaces: [ErrorInterface],
  isTypeOf: (value) => (value as ErrorShape).error instanceof ClusterNotOursError,
});

interface Success {
  readonly operation: ClusterOperation;
}

/** What every request for an operation may be refused with. */
const REFUSALS = [
  OperationInProgressErrorType,
  ProvisionInProgressErrorType,
  ForbiddenErrorType,
  ServiceUnavailableErrorType,
] as const;

function resultType(
  verb: string,
  refusals: readonly (typeof ClusterNotFoundErrorType | typeof InvalidInputErrorType)[],
) {
  const success = builder.objectRef<Success>(`${capitalised(verb)}Success`).implement({
    description: "The operation is stored and will be carried out, whatever happens to the server.",
    fields: (t) => ({
      operation: t.field({
        type: ClusterOperationType,
        description: "What is done; SUCCEEDED already when there was nothing to do.",
        resolve: ({ operation }) => operation,
      }),
    }),
  });
  return builder.unionType(`${capitalised(verb)}Result`, {
    description: `What came of ${verb}.`,
    types: [success, ...refusals, ...REFUSALS],
    resolveType: (value) => ("operation" in value ? success : value.error.name),
  });
}

function capitalised(verb: string): string {
  return verb.charAt(0).toUpperCase() + verb.slice(1);
}

async function toResult(operation: Promise<ClusterOperation>): Promise<Success | ErrorShape> {
  try {
    return { operation: await operation };
  } catch (error) {
    const shape = toErrorResult(error);
    if (!shape) throw error;
    return shape;
  }
}

/** ARM id of the cluster; what is no cluster's id is nobody's. */
function clusterOf(globalId: string): string {
  return tryDecodeId("Cluster", globalId) ?? "";
}

builder.mutationFields((t) => {
  const started = ({ operation }: Success) => [encodeId("ClusterOperation", operation.id)];
  const clusterId = () => t.arg.id({ required: true, description: "Id of the cluster." });
  const poolName = () => t.arg.string({ required: true, description: "Name of the node pool." });
  return {
    startCluster: t.field({
      type: resultType("startCluster", [ClusterNotFoundErrorType]),
      description: "Starts a stopped cluster.",
      args: { clusterId: clusterId() },
      activity: {
        action: "START_CLUSTER",
        target: (args) => clusterTargetOf(args.clusterId),
        started,
      },
      resolve: (_root, args, { services, viewer }) =>
        toResult(services.operations.startCluster(viewer, clusterOf(args.clusterId))),
    }),
    stopCluster: t.field({
      type: resultType("stopCluster", [ClusterNotFoundErrorType]),
      description: "Stops a running cluster: its machines are shut down, what runs on them ends.",
      args: { clusterId: clusterId() },
      activity: {
        action: "STOP_CLUSTER",
        target: (args) => clusterTargetOf(args.clusterId),
        started,
      },
      resolve: (_root, args, { services, viewer }) =>
        toResult(services.operations.stopCluster(viewer, clusterOf(args.clusterId))),
    }),
    scaleNodePool: t.field({
      type: resultType("scaleNodePool", [ClusterNotFoundErrorType, ClusterStoppedErrorType, InvalidInputErrorType]),
      description: "Gives a node pool another number of nodes. One that AKS scales itself is refused.",
      args: {
        clusterId: clusterId(),
        poolName: poolName(),
        count: t.arg.int({ required: true, description: "Nodes that it is to have; a SYSTEM pool has at least 1." }),
      },
      activity: {
        action: "SCALE_NODE_POOL",
        target: (args) => clusterTargetOf(args.clusterId, `${args.poolName} to ${args.count} nodes`),
        started,
      },
      resolve: (_root, args, { services, viewer }) =>
        toResult(services.operations.scaleNodePool(viewer, clusterOf(args.clusterId), args.poolName, args.count)),
    }),
    addNodePool: t.field({
      type: resultType("addNodePool", [ClusterNotFoundErrorType, ClusterStoppedErrorType, InvalidInputErrorType]),
      description: "Adds a node pool to a cluster.",
      args: {
        clusterId: clusterId(),
        pool: t.arg({ type: NodePoolInput, required: true, description: "The node pool." }),
      },
      activity: {
        action: "ADD_NODE_POOL",
        target: (args) => clusterTargetOf(args.clusterId, args.pool.name),
        started,
      },
      resolve: (_root, args, { services, viewer }) =>
        toResult(services.operations.addNodePool(viewer, clusterOf(args.clusterId), toNodePoolSpec(args.pool))),
    }),
    removeNodePool: t.field({
      type: resultType("removeNodePool", [ClusterNotFoundErrorType, ClusterStoppedErrorType, InvalidInputErrorType]),
      description: "Deletes a node pool with its nodes. The last SYSTEM pool is refused.",
      args: { clusterId: clusterId(), poolName: poolName() },
      activity: {
        action: "REMOVE_NODE_POOL",
        target: (args) => clusterTargetOf(args.clusterId, args.poolName),
        started,
      },
      resolve: (_root, args, { services, viewer }) =>
        toResult(services.operations.removeNodePool(viewer, clusterOf(args.clusterId), args.poolName)),
    }),
    deleteCluster: t.field({
      type: resultType("deleteCluster", [ClusterNotFoundErrorType, InvalidInputErrorType]),
      description:
        "Deletes a cluster with all that runs on it, in whatever state it is; then its resource group, only if Slipway made it and nothing else lies in it. Can't be undone.",
      args: {
        clusterId: clusterId(),
        confirmName: t.arg.string({ required: true, description: "The cluster's name, exactly." }),
      },
      activity: {
        action: "DELETE_CLUSTER",
        target: (args) => clusterTargetOf(args.clusterId),
        started,
      },
      resolve: (_root, args, { services, viewer }) =>
        toResult(services.operations.deleteCluster(viewer, clusterOf(args.clusterId), args.confirmName)),
    }),
    cleanUpProvision: t.field({
      type: resultType("cleanUpProvision", [
        ProvisionNotFoundErrorType,
        NothingToCleanUpErrorType,
        ClusterNotOursErrorType,
      ]),
      description:
        "Deletes what a failed or canceled provision has left: the cluster when it carries the provision's tag, then the resource group, only if Slipway made it and nothing else lies in it. Can't be undone.",
      args: { provisionId: t.arg.id({ required: true, description: "Id of the provision." }) },
      activity: {
        action: "CLEAN_UP_PROVISION",
        target: ({ provisionId }, ctx) => provisionTarget(provisionId, ctx),
        started,
      },
      resolve: (_root, args, { services, viewer }) =>
        toResult(services.operations.cleanUp(viewer, tryDecodeId("Provision", args.provisionId) ?? "")),
    }),
  };
});

function toErrorResult(error: unknown): ErrorShape | undefined {
  if (error instanceof InvalidInputError) return toErrorShape(error, "INVALID_INPUT");
  if (error instanceof OperationInProgressError) return toErrorShape(error, "OPERATION_IN_PROGRESS");
  if (error instanceof ProvisionInProgressError) return toErrorShape(error, "PROVISION_IN_PROGRESS");
  if (error instanceof ClusterNotFoundError || error instanceof ProvisionNotFoundError)
    return toErrorShape(error, "NOT_FOUND");
  if (error instanceof ClusterStoppedError) return toErrorShape(error, "CLUSTER_STOPPED");
  if (error instanceof NothingToCleanUpError) return toErrorShape(error, "NOTHING_TO_CLEAN_UP");
  if (error instanceof ClusterNotOursError) return toErrorShape(error, "CLUSTER_NOT_OURS");
  return toSharedError(error);
}
