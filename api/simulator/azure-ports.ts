import type { AksGateway } from "../src/clusters/aks-gateway.ts";
import type { Cluster, ClusterRef } from "../src/clusters/cluster.ts";
import type { ResourceGroupGateway } from "../src/clusters/provisioning/resource-group-gateway.ts";
import type { RoleAssignmentGateway } from "../src/clusters/provisioning/role-assignment-gateway.ts";
import type { AzureError } from "../src/shared/azure-error.ts";
import { refused, type SimulatedAzure } from "./simulated-azure.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

export interface AzurePorts {
  readonly aks: AksGateway;
  readonly resourceGroups: ResourceGroupGateway;
  readonly roleAssignments: RoleAssignmentGateway;
}

export interface AzurePortsDeps {
  readonly process: SimulatedProcess;
  readonly azure: SimulatedAzure;
  /** Told before a request that changes something leaves the process. */
  readonly onWrite: (process: SimulatedProcess, what: string, cluster: ClusterRef | undefined) => void;
  /** Throttled (with a Retry-After), out of order, or not reached: by chance. */
  readonly chooseRefusal: () => AzureError;
  /** Azure's replicas may lag: the cluster that is there is not shown. */
  readonly isShown: (ref: ClusterRef) => boolean;
  /** Told with each answer that the process reads: Azure says what its clock shows. */
  readonly onAnswer: () => void;
}

/** Azure as one process reaches it. */
export function reachAzure(deps: AzurePortsDeps): AzurePorts {
  const { azure, process } = deps;
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await answer;
    deps.onAnswer();
    return value;
  };
  const call = <T>(what: string, signal: AbortSignal | undefined, effect: () => T): Promise<T> =>
    answered(
      process.call({
        port: "azure",
        what,
        isWrite: false,
        signal,
        effect,
        refusal: deps.chooseRefusal,
        lostReply: () => refused("transient", undefined, "ConnectionReset"),
      }),
    );
  const write = <T>(
    what: string,
    cluster: ClusterRef | undefined,
    signal: AbortSignal | undefined,
    effect: () => T,
  ): Promise<T> => {
    if (process.isRunning() && !signal?.aborted) deps.onWrite(process, what, cluster);
    return answered(
      process.call({
        port: "azure",
        what,
        isWrite: true,
        signal,
        effect,
        refusal: deps.chooseRefusal,
        lostReply: () => refused("lost-reply", undefined, "ConnectionReset"),
      }),
    );
  };
  const notSimulated = async (): Promise<never> => {
    throw new Error("The simulator does not do this.");
  };
  return {
    aks: {
      getCluster: (ref, signal) =>
        call(`GET cluster ${ref.name}`, signal, (): Cluster | undefined =>
          deps.isShown(ref) ? azure.getCluster(ref) : undefined,
        ),
      submitCluster: (ref, spec, signal) =>
        write(`PUT cluster ${ref.name}`, ref, signal, () => azure.createCluster(ref, spec)),
      abortLatestOperation: (ref, signal) => write(`abort ${ref.name}`, ref, signal, () => azure.abort(ref)),
      lookAtOperation: (_subscriptionId, state, signal) =>
        call(`GET ${state}`, signal, () => azure.lookAtOperation(state)),
      listClusters: notSimulated,
      startCluster: notSimulated,
      stopCluster: notSimulated,
      deleteCluster: notSimulated,
      addNodePool: notSimulated,
      scaleNodePool: notSimulated,
      removeNodePool: notSimulated,
    },
    resourceGroups: {
      getResourceGroup: (_subscriptionId, name, signal) =>
        call(`GET group ${name}`, signal, () => azure.getGroup(name)),
      createResourceGroup: (_subscriptionId, { name, location, tags }, signal) =>
        write(`PUT group ${name}`, undefined, signal, () => azure.createGroup(name, location, tags)),
      listResources: notSimulated,
      deleteResourceGroup: notSimulated,
    },
    roleAssignments: {
      assignRole: ({ name, principalId }, signal) =>
        write(`PUT role of ${principalId}`, undefined, signal, () => azure.assignRole(name, principalId)),
    },
  };
}
